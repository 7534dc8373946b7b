#!/bin/sh
# service.sh -- the unit is sound and closed, and the logs rotate as its files say.
. "$(dirname -- "$0")/common"
command -v systemd-analyze >/dev/null || skip "systemd is not installed"

NAIAD_BUILD=${NAIAD_BUILD:-$NAIAD_SOURCE/build/asan}
unit=$scratch/naiad.service

# The unit as it is installed, but for the program, which is the one that was built.
sed "s|^\(Exec[A-Za-z]*=\)[^ ]*/sbin/naiad |\1$NAIAD |" "$NAIAD_BUILD/generated/naiad.service" >"$unit"
grep -q "^ExecStartPre=$NAIAD -T -c " "$unit" || fail "the settings are not checked before the start"
systemd-analyze verify --man=no "$unit" >"$scratch/verify" 2>&1 || fail "systemd-analyze verify"
[ ! -s "$scratch/verify" ] || fail "systemd-analyze verify: $(cat "$scratch/verify")"

exposure() {
	systemd-analyze security --offline=true --no-pager "$unit" |
		sed -n 's/.*Overall exposure level for .*: \([0-9.]*\) .*/\1/p'
}
level=$(exposure)
echo "systemd-analyze security: exposure $level, at most 2.0"
awk -v level="${level:-10}" 'BEGIN { exit !(level <= 2.0) }' || fail "the unit is too open: ${level:-unknown}"

# What the page of inputs adds, for a Suricata that is not root, leaves it as closed; and its directory is as it says.
page=$NAIAD_SOURCE/docs/INPUTS.md
mkdir "$unit.d"
sed -n '/^# .*naiad.service.d/,/^```/{/^```/!p}' "$page" >"$unit.d/eve.conf"
grep -q '^ReadWritePaths=/run/naiad-eve$' "$unit.d/eve.conf" || fail "the page has no drop-in"
systemd-analyze verify --man=no "$unit" >"$scratch/verify" 2>&1 || fail "the drop-in: systemd-analyze verify"
[ ! -s "$scratch/verify" ] || fail "the drop-in: $(cat "$scratch/verify")"
[ "$(exposure)" = "$level" ] || fail "the drop-in: exposure $(exposure), not $level"
if [ "$(id -u)" -eq 0 ]; then
	mkdir -p "$scratch/system/etc"
	echo '_naiad:x:4001:4001::/:/bin/false' >"$scratch/system/etc/passwd"
	printf '_naiad:x:4001:\nsuricata:x:4002:\n' >"$scratch/system/etc/group"
	grep '^d /run/naiad-eve ' "$page" >"$scratch/eve.conf"
	systemd-tmpfiles --root="$scratch/system" --create "$scratch/eve.conf" 2>"$scratch/err" ||
		fail "the page's directory: $(cat "$scratch/err")"
	made=$(stat -c '%a %u %g' "$scratch/system/run/naiad-eve")
	[ "$made" = "2750 4001 4002" ] || fail "the page's directory: $made"
fi

# MemoryMax is 32 MiB above the default of memory.limit, which is told in the setting's sentence.
limit=$("$NAIAD" --print-config | sed -n 's/.*; 0 is \([0-9]*\)MiB live .*/\1/p')
grep -q "^MemoryMax=$((${limit:-0} + 32))M$" "$unit" ||
	fail "memory.limit is ${limit:-unknown} MiB, but $(grep '^MemoryMax=' "$unit")"

command -v logrotate >/dev/null || skip "logrotate is not installed"
# A real rotation, in a directory of ours, as the user of this test; what systemctl is told is written down.
mkdir "$scratch/bin" "$scratch/logs" "$scratch/logs/zeek"
cat >"$scratch/bin/systemctl" <<EOF
#!/bin/sh
echo "systemctl \$*" >>"$scratch/told"
EOF
chmod 755 "$scratch/bin/systemctl"
rotate=$scratch/rotate
sed -e "s|/var/log/naiad|$scratch/logs|" -e "s|_naiad adm|$(id -un) $(id -gn)|" \
	"$NAIAD_SOURCE/packaging/naiad.logrotate" >"$rotate"
chmod 644 "$rotate"
for name in eve.json alerts.log zeek/conn.log; do
	echo old >"$scratch/logs/$name"
done
PATH=$scratch/bin:$PATH logrotate --force --state "$scratch/state" "$rotate" 2>"$scratch/err" ||
	fail "logrotate: $(cat "$scratch/err")"
for name in eve.json alerts.log zeek/conn.log; do
	[ "$(cat "$scratch/logs/$name.1" 2>/dev/null)" = old ] || fail "$name was not rotated"
	[ "$(stat -c '%a %s' "$scratch/logs/$name")" = "640 0" ] ||
		fail "$name: $(stat -c '%a %s' "$scratch/logs/$name"), not made anew with 0640"
done
cat >"$scratch/expected" <<EOF
systemctl --quiet is-active naiad.service
systemctl kill --signal=USR1 --kill-whom=main naiad.service
EOF
diff -u "$scratch/expected" "$scratch/told" || fail "naiad is not told, or not once"
finish "the service's files are sound"
