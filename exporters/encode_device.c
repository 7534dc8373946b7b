/*
 * encode_device -- a device as a JSON object: its card, who made it, its addresses and names.
 *
 *	{"ts":"2026-11-24T02:00:00.123456Z","mac":"b8:27:eb:00:00:01","vendor":"Raspberry Pi Foundation",
 *	 "random":false,"router":false,"first_seen":"...","last_seen":"...",
 *	 "addresses":[{"address":"192.168.1.5","last_seen":"..."}],
 *	 "names":[{"name":"camera","source":"dhcp","told_by":"192.168.1.1","last_seen":"..."}]}
 *
 * What is not known is not there. "random": its user made the address up, as telephones do for each network:
 * nobody is registered for it, and tomorrow it may be another.
 */
#include "daemon/base/json.h"
#include "daemon/base/time_text.h"
#include "exporters/exporter.h"

enum { LOCAL_BIT = 2 };

static void
key_time(struct json *j, const char *key, uint64_t ns)
{
	char text[40];
	struct strbuf time;

	strbuf_init(&time, text, sizeof(text));
	time_text_iso(&time, ns, "Z");
	json_key_text(j, key, text);
}

static void
put_addresses(struct json *j, const struct record_device *d)
{
	json_key(j, "addresses");
	json_array_begin(j);
	for (size_t i = 0; i < d->address_count; i++) {
		json_object_begin(j);
		json_key_addr(j, "address", &d->addresses[i].addr);
		key_time(j, "last_seen", d->addresses[i].seen_ns);
		json_object_end(j);
	}
	json_array_end(j);
	if (d->forgotten > 0)
		json_key_u64(j, "addresses_forgotten", d->forgotten);
}

static void
put_names(struct json *j, const struct record_device *d)
{
	json_key(j, "names");
	json_array_begin(j);
	for (size_t i = 0; i < d->name_count; i++) {
		const struct record_device_name *n = &d->names[i];
		json_object_begin(j);
		json_key_text(j, "name", n->text);
		json_key_text(j, "source", n->source);
		json_key_addr(j, "told_by", &n->told_by);
		key_time(j, "last_seen", n->seen_ns);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
device_encode(void *state, const struct run_info *run, const struct record *r, struct strbuf *out)
{
	const struct record_device *d = r->device;
	char mac[MAC_TEXT_MAX];
	struct json j;

	(void)state;
	(void)run;
	json_init(&j, out);
	json_object_begin(&j);
	key_time(&j, "ts", r->ts_ns);
	json_key_text(&j, "mac", mac_format(&d->mac, mac));
	if (d->vendor[0] != '\0')
		json_key_text(&j, "vendor", d->vendor);
	json_key_bool(&j, "random", (d->mac.byte[0] & LOCAL_BIT) != 0);
	json_key_bool(&j, "router", d->is_router);
	key_time(&j, "first_seen", d->first_ns);
	key_time(&j, "last_seen", d->last_ns);
	put_addresses(&j, d);
	put_names(&j, d);
	json_object_end(&j);
}

const struct encoding encoding_device = {
	.name = "device",
	.summary = "Devices as JSON: card, vendor, addresses, names.",
	.encodes = RECORD_BIT(RECORD_DEVICE),
	.encode = device_encode,
};
