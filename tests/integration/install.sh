#!/bin/sh
# install.sh -- cmake --install puts each file where it belongs, and leaves edited settings alone.
. "$(dirname -- "$0")/common"

NAIAD_BUILD=${NAIAD_BUILD:-$NAIAD_SOURCE/build/asan}
root=$scratch/root

# cached NAME -- a directory of the build
cached() {
	value=$(sed -n "s/^$1:[A-Z]*=//p" "$NAIAD_BUILD/CMakeCache.txt")
	case $value in
	/*) echo "$value" ;;
	*) echo "$prefix/$value" ;;
	esac
}
prefix=/
prefix=$(cached CMAKE_INSTALL_PREFIX)
etc=$(cached CMAKE_INSTALL_SYSCONFDIR)

# All that is installed, by name. A rule of packaging/install.cmake is a line here.
sort >"$scratch/expected" <<EOF
0644 $etc/logrotate.d/naiad
0644 $etc/naiad/naiad.yaml
0644 $prefix/lib/systemd/system/naiad.service
0644 $prefix/lib/sysusers.d/naiad.conf
0644 $prefix/lib/tmpfiles.d/naiad.conf
0755 $prefix/bin/naiad-view
0755 $prefix/bin/naiadctl
0755 $prefix/sbin/naiad
0644 $prefix/share/bash-completion/completions/naiadctl
0644 $prefix/share/doc/naiad/CHANGELOG.md
0644 $prefix/share/doc/naiad/CONFIG.md
0644 $prefix/share/doc/naiad/DETECTORS.md
0644 $prefix/share/doc/naiad/FALSE-POSITIVES.md
0644 $prefix/share/doc/naiad/INPUTS.md
0644 $prefix/share/doc/naiad/INTELLIGENCE.md
0644 $prefix/share/doc/naiad/LICENSE
0644 $prefix/share/doc/naiad/METRICS.md
0644 $prefix/share/doc/naiad/NAIADCTL.md
0644 $prefix/share/doc/naiad/README.md
0644 $prefix/share/doc/naiad/REDIS.md
0644 $prefix/share/doc/naiad/REPORT.md
0644 $prefix/share/doc/naiad/STORE.md
0644 $prefix/share/doc/naiad/VIEWER.md
0644 $prefix/share/doc/naiad/WHITELIST.md
0644 $prefix/share/doc/naiad/ZEEK-DIFFERENCES.md
0644 $prefix/share/naiad/grafana/evidence_overview.json
0644 $prefix/share/naiad/grafana/provisioning.yaml
0644 $prefix/share/naiad/grafana/sensor_health.json
0644 $prefix/share/fish/vendor_completions.d/naiadctl.fish
0644 $prefix/share/naiad/prometheus/naiad.rules.yaml
0644 $prefix/share/zsh/site-functions/_naiadctl
EOF

put() {
	(umask 022 && DESTDIR=$root cmake --install "$NAIAD_BUILD") >"$scratch/log" 2>&1 ||
		fail "cmake --install: $(tail -n 5 "$scratch/log")"
}
put
find "$root" ! -type d -printf '0%m /%P\n' | sort >"$scratch/found"
diff -u "$scratch/expected" "$scratch/found" || fail "what is installed is not what the list says"
find "$root" -type d ! -perm 0755 | grep . && fail "directories are not 0755"

echo '# mine' >>"$root$etc/naiad/naiad.yaml"
echo '# mine' >>"$root$etc/logrotate.d/naiad"
put
grep -q '^# mine$' "$root$etc/naiad/naiad.yaml" || fail "settings were overwritten"
grep -q '^# mine$' "$root$etc/logrotate.d/naiad" || fail "logrotate's file was overwritten"

# What was installed is whole: the program reads the settings that came with it.
"$root$prefix/sbin/naiad" -T -c "$root$etc/naiad/naiad.yaml" >"$scratch/out" 2>&1 ||
	fail "naiad -T: $(cat "$scratch/out")"
sed 's/^#\( *[a-z-]\)/\1/' "$NAIAD_SOURCE/packaging/naiad.yaml" | grep -v '^ *#' >"$scratch/all.yaml"
"$NAIAD" -T -c "$scratch/all.yaml" >"$scratch/out" 2>&1 ||
	fail "the example in naiad.yaml: $(cat "$scratch/out")"
"$NAIAD" --print-config -c "$scratch/all.yaml" | grep -q 'br-lan' || fail "the example says nothing"
grep -q "^ExecStart=$prefix/sbin/naiad -c $etc/naiad/naiad.yaml " \
	"$root$prefix/lib/systemd/system/naiad.service" || fail "the unit starts another program"

grep -q "path: $prefix/share/naiad/grafana$" "$root$prefix/share/naiad/grafana/provisioning.yaml" ||
	fail "Grafana looks for the dashboards elsewhere"
for program in naiadctl naiad-view; do
	"$root$prefix/bin/$program" --version >"$scratch/out" || fail "$program does not run"
done

if command -v systemd-sysusers >/dev/null && [ "$(id -u)" -eq 0 ]; then
	mkdir -p "$root/etc"
	echo 'adm:x:4:' >"$root/etc/group"
	systemd-sysusers --root="$root" "$root$prefix/lib/sysusers.d/naiad.conf" 2>"$scratch/err" ||
		fail "sysusers: $(cat "$scratch/err")"
	grep -q '^_naiad:.*:/var/lib/naiad:/.*nologin$' "$root/etc/passwd" || fail "sysusers: no user"
	systemd-tmpfiles --root="$root" --create "$root$prefix/lib/tmpfiles.d/naiad.conf" \
		2>"$scratch/err" || fail "tmpfiles: $(cat "$scratch/err")"
	[ "$(stat -c '%a %g' "$root/var/log/naiad")" = "2750 4" ] ||
		fail "tmpfiles: /var/log/naiad is $(stat -c '%a %g' "$root/var/log/naiad")"
else
	echo "not tried: systemd-sysusers and systemd-tmpfiles, which need root and systemd"
fi
finish "everything is where it belongs"
