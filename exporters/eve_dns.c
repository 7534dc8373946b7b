/*
 * eve_dns.c -- EVE's dns event, in the form of its version 3.
 *
 * Suricata tells of a question and of its answer one by one, we of both together: `type` is "response" if
 * there is an answer. Of its answers' records the type, TTL and data are told, not the owner.
 */
#include "daemon/transactions/dns.h"
#include "exporters/eve_event.h"

#include <stdlib.h>
#include <string.h>

enum { RESERVED_BIT = 4 }; /* of obs_dns.z; the others are AD and CD */

/* What a record's text says behind its type; of a TXT record also behind its length. */
static const char *
data_of(const char *text, const char *type)
{
	size_t length = strlen(type);
	char *end;

	if (strncmp(text, type, length) != 0 || text[length] != ' ')
		return text;
	text += length + 1;
	if (strcmp(type, "TXT") != 0 && strcmp(type, "SPF") != 0)
		return text;
	(void)strtoul(text, &end, 10);
	return *end == ' ' ? end + 1 : text;
}

static void
write_flag(struct json *j, const char *key, enum truth value)
{
	if (value == TRUTH_YES)
		json_key_bool(j, key, true);
}

static unsigned
bit(enum truth value, unsigned flag)
{
	return value == TRUTH_YES ? flag : 0;
}

/* The header's second word, made again from what is known of it. */
static void
write_flags(struct json *j, const struct obs_dns *d)
{
	unsigned flags = bit(d->authoritative, 0x400) | bit(d->truncated, 0x200) |
			 bit(d->recursion_desired, 0x100) | bit(d->recursion_available, 0x80) |
			 (unsigned)(d->z & 7) << 4;
	char text[8];
	struct strbuf hex;

	if (dns_is_answered(d))
		flags |= 0x8000U | (unsigned)(d->rcode & 0xf);
	strbuf_init(&hex, text, sizeof(text));
	strbuf_printf(&hex, "%x", flags);
	json_key_text(j, "flags", text);
	if (dns_is_answered(d))
		json_key_bool(j, "qr", true);
	write_flag(j, "aa", d->authoritative);
	write_flag(j, "tc", d->truncated);
	write_flag(j, "rd", d->recursion_desired);
	write_flag(j, "ra", d->recursion_available);
	if ((d->z & RESERVED_BIT) != 0)
		json_key_bool(j, "z", true);
}

static void
write_query(struct json *j, const struct obs_dns *d)
{
	json_key(j, "queries");
	json_array_begin(j);
	json_object_begin(j);
	json_key_text(j, "rrname", d->query);
	if (d->type_name != NULL)
		json_key_text(j, "rrtype", d->type_name);
	json_object_end(j);
	json_array_end(j);
}

static void
write_answers(struct json *j, const struct obs_dns *d)
{
	json_key(j, "answers");
	json_array_begin(j);
	for (size_t i = 0; i < d->texts.count; i++) {
		const char *type = i < d->types.count ? d->types.at[i] : "";
		json_object_begin(j);
		json_key_text(j, "rrtype", type);
		if (i < d->ttls.count)
			json_key_u64(j, "ttl", d->ttls.at[i] / UINT64_C(1000000000));
		json_key_text(j, "rdata", data_of(d->texts.at[i], type));
		json_object_end(j);
	}
	json_array_end(j);
}

static void
write_dns(struct json *j, const struct observation *o)
{
	const struct obs_dns *d = o->dns;

	json_key_u64(j, "version", 3);
	json_key_text(j, "type", dns_is_answered(d) ? "response" : "request");
	json_key_u64(j, "id", d->trans_id);
	write_flags(j, d);
	json_key_u64(j, "opcode", 0);
	if (d->rcode_name != NULL)
		json_key_text(j, "rcode", d->rcode_name);
	if (d->query != NULL)
		write_query(j, d);
	if (d->texts.count > 0)
		write_answers(j, d);
}

const struct eve_event eve_event_dns = {
	.kind = OBS_DNS,
	.type = "dns",
	.write = write_dns,
};
