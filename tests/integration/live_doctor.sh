#!/bin/sh
# live_doctor.sh -- what the doctor says of real interfaces and rights, and that what it prescribes helps.
. "$(dirname -- "$0")/common"
. "$(dirname -- "$0")/live"
command -v jq >/dev/null || skip "jq is not installed"
mount -t sysfs sysfs /sys || skip "this network's own /sys cannot be mounted"

mkdir "$scratch/bin"
cp "$NAIAD" "$NAIAD_BUILD/naiadctl" "$scratch/bin"
chmod 755 "$scratch/bin" "$scratch/run"
ctl=$scratch/bin/naiadctl
as_other="setpriv --reuid=65533 --regid=65533 --clear-groups"
sensor_settings 'capture: {interfaces: [{name: lan0}]}'
chmod 640 "$scratch/naiad.yaml"

# row STATE AREA WORDS -- such a row is there when it is looked for now; its remedy is in $scratch/remedy
row() {
	${as:-} "$ctl" --socket "$scratch/run/control.sock" --json doctor --conf "$scratch/naiad.yaml" >"$scratch/rows" || true
	jq -er --arg state "$1" --arg area "$2" --arg words "$3" 'map(select(.state == $state and .area == $area
		and (.text | contains($words))))[0] // empty | .remedy // ""' "$scratch/rows" >"$scratch/remedy"
}
told() { await "$*" row "$@"; }

# Without a sensor: the interface that the settings name, and who may open it.
told OK lan0 "it is up"
told BAD sensor "is not there"
as=$as_other
told WARN settings "is not for you to read"
told BAD rights "may not open interfaces"
cure=$(sed 's/.*or: //' "$scratch/remedy")
if $cure; then
	told OK rights "by its capability"
else
	echo "files have no capabilities here: $cure"
fi
as=

# With one, which saw to it that the interface gives it all frames.
sensor_start --
told OK sensor "it runs"
jq -e 'map(.area == "lan0") | rindex(true) - index(true) + 1 == (map(select(.)) | length)' "$scratch/rows" >/dev/null ||
	fail "rows of other things stand between those of an interface: $(jq -c 'map(.area)' "$scratch/rows")"
row WARN lan0 "not promiscuous" && fail "the kernel's own word is not taken: $(cat "$scratch/rows")"
as=$as_other
told BAD sensor "is not for you to ask"
as=
ip link set lan1 down
told WARN lan0 "has no carrier"
ip link set lan1 up
ip link set lan0 down
told BAD lan0 "the sensor does not capture on it: it is down"
told BAD lan0 "it is down"
sh -c "$(cat "$scratch/remedy")"
told OK lan0 "it is up"
if command -v ethtool >/dev/null && ethtool -K lan0 gro on; then
	told WARN lan0 "GRO joins packets"
	sh -c "$(cat "$scratch/remedy")"
	told OK lan0 "packets are captured as they came"
fi
ip link del lan0
told BAD lan0 "there is no such interface"
told BAD lan0 "it is gone"
sensor_stop
finish "the doctor sees what is wrong, and its remedies are true"
