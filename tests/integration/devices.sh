#!/bin/sh
# devices.sh -- devices.json: a line for each card, with its addresses; and the list of vendors, there or not.
. "$(dirname -- "$0")/common"

printf '0000C0     (base 16)\t\tA Vendor of Ours\n' >"$scratch/oui.txt"
printf 'site:\n  vendors: %s/oui.txt\n' "$scratch" >"$scratch/with.yaml"
printf 'site:\n  vendors: %s/none.txt\n' "$scratch" >"$scratch/without.yaml"
printf 'devices:\n  enabled: false\nstore:\n  write: never\nsite:\n  vendors: %s/none.txt\n' "$scratch" >"$scratch/off.yaml"

run() {
	mkdir -p "$scratch/$1"
	"$NAIAD" -c "$scratch/$1.yaml" -r "$captures/lab-scan.pcap" -o "$scratch/$1" >/dev/null 2>"$scratch/$1/stderr" ||
		fail "naiad with $1.yaml: $(cat "$scratch/$1/stderr")"
}

run with
run without
run off

tcpdump -nn -e -r "$captures/lab-scan.pcap" 2>/dev/null | awk '{ print $2 }' | sort -u >"$scratch/senders"
jq -r .mac "$scratch/with/devices.json" | sort >"$scratch/cards"
[ -s "$scratch/cards" ] || fail "no device is told"
[ "$(sort -u "$scratch/cards")" = "$(cat "$scratch/cards")" ] || fail "a card has two lines"
[ -z "$(comm -23 "$scratch/cards" "$scratch/senders")" ] || fail "a card is told that sent nothing"
jq -es 'all(.[]; (.addresses | length) > 0 or .router)' "$scratch/with/devices.json" >/dev/null ||
	fail "a device that is no router has no address"
jq -es 'all(.[]; .random and (has("vendor") | not))' "$scratch/with/devices.json" >/dev/null ||
	fail "a card whose address was made up has a vendor"
[ -s "$scratch/with/stderr" ] && fail "it complains: $(cat "$scratch/with/stderr")"

# Without the list: the same devices, one line that says why they have no vendors, and no word when nobody wants them.
[ "$(grep -c 'devices have no vendors, install ieee-data' "$scratch/without/stderr")" = 1 ] ||
	fail "the missing list is not told in one line: $(cat "$scratch/without/stderr")"
jq -c 'del(.vendor)' "$scratch/with/devices.json" >"$scratch/bare"
cmp -s "$scratch/bare" "$scratch/without/devices.json" || fail "without the list there are other devices"
[ -e "$scratch/off/devices.json" ] && fail "devices.json is written though it is off"
[ -s "$scratch/off/stderr" ] && fail "the list is asked for though devices are off"
finish "devices are told"
