/*
 * dns_record.c -- one resource record of a DNS message, and its text.
 *
 * RFC 1035 section 3.2.1 and 3.3; AAAA: RFC 3596, SRV: RFC 2782, NAPTR: RFC 3403, DNSSEC: RFC 4034 and 5155,
 * SSHFP: RFC 4255, SVCB and HTTPS: RFC 9460, CAA: RFC 8659.
 */
#include "daemon/proto/dns_record.h"

#include "daemon/proto/dns_name.h"

#include <string.h>

enum {
	SVC_IPV4_HINT = 4,
	SVC_IPV6_HINT = 6,
};

bool
dns_record_read(struct cursor message, struct cursor *c, struct dns_record *ret_record)
{
	ret_record->owner = (size_t)(c->at - message.at);
	if (!dns_name_skip(c))
		return false;
	ret_record->type = cursor_be16(c);
	ret_record->class = cursor_be16(c) & DNS_CLASS_MASK;
	ret_record->ttl_s = cursor_be32(c);
	ret_record->data = cursor_sub(c, cursor_be16(c));
	return !ret_record->data.short_read;
}

bool
dns_record_owner(struct cursor message, const struct dns_record *r, char *ret_text)
{
	struct cursor at = message;

	(void)cursor_take(&at, r->owner);
	return dns_name_read(message, &at, ret_text);
}

/* ---- addresses ---- */

/* The hints are parameters behind the priority and the target, each with a key and its length. */
static size_t
read_hints(struct cursor data, struct addr *ret_addresses, size_t room)
{
	size_t count = 0;

	(void)cursor_be16(&data);
	if (!dns_name_skip(&data))
		return 0;
	while (cursor_left(&data) > 0) {
		uint16_t key = cursor_be16(&data);
		struct cursor value = cursor_sub(&data, cursor_be16(&data));
		if (value.short_read)
			break;
		for (; key == SVC_IPV4_HINT && cursor_left(&value) >= 4 && count < room; count++)
			ret_addresses[count] = addr_from_v4(cursor_take(&value, 4));
		for (; key == SVC_IPV6_HINT && cursor_left(&value) >= 16 && count < room; count++)
			ret_addresses[count] = addr_from_v6(cursor_take(&value, 16));
	}
	return count;
}

size_t
dns_record_addresses(const struct dns_record *r, struct addr *ret_addresses, size_t room)
{
	struct cursor data = r->data;
	size_t size = cursor_left(&data);

	if (r->class != DNS_CLASS_IN || room == 0)
		return 0;
	if (r->type == DNS_HTTPS || r->type == DNS_SVCB)
		return read_hints(data, ret_addresses, room);
	if (r->type == DNS_A && size == 4)
		*ret_addresses = addr_from_v4(cursor_take(&data, 4));
	else if (r->type == DNS_AAAA && size == 16)
		*ret_addresses = addr_from_v6(cursor_take(&data, 16));
	else
		return 0;
	return 1;
}

/* ---- text ---- */

static bool
write_address(const struct dns_record *r, struct strbuf *out)
{
	struct dns_record internet = *r;
	struct addr addr;
	char text[ADDR_TEXT_MAX];

	internet.class = DNS_CLASS_IN;
	if (dns_record_addresses(&internet, &addr, 1) == 0)
		return false;
	strbuf_text(out, addr_format(&addr, text));
	return true;
}

/* Append the name at `c`, which lies in the message. */
static bool
write_name(struct cursor message, struct cursor *c, struct strbuf *out)
{
	char name[DNS_NAME_MAX];

	if (c->short_read || !dns_name_read(message, c, name))
		return false;
	strbuf_text(out, name);
	return true;
}

/* The same of one that lies behind so many bytes. */
static bool
write_name_behind(struct cursor message, struct cursor data, size_t bytes, struct strbuf *out)
{
	(void)cursor_take(&data, bytes);
	return write_name(message, &data, out);
}

static void
write_bytes(struct cursor c, struct strbuf *out)
{
	while (cursor_left(&c) > 0) {
		size_t size = strnlen((const char *)c.at, cursor_left(&c));
		strbuf_bytes(out, (const char *)cursor_take(&c, size), size);
		if (cursor_left(&c) > 0 && cursor_u8(&c) == 0)
			strbuf_text(out, "\\x00");
	}
}

/* "TXT 5 hello TXT 3 you": each string with its length. */
static bool
write_strings(const char *word, struct cursor data, struct strbuf *out)
{
	size_t count = 0;

	for (; cursor_left(&data) > 0; count++) {
		struct cursor text = cursor_sub(&data, cursor_u8(&data));
		if (text.short_read)
			break;
		strbuf_text(out, count > 0 ? " " : "");
		strbuf_text(out, word);
		strbuf_char(out, ' ');
		strbuf_u64(out, cursor_left(&text));
		strbuf_char(out, ' ');
		write_bytes(text, out);
	}
	return count > 0;
}

static void
write_numbers(const char *word, const uint64_t *numbers, size_t count, struct strbuf *out)
{
	strbuf_text(out, word);
	for (size_t i = 0; i < count; i++) {
		strbuf_char(out, ' ');
		strbuf_u64(out, numbers[i]);
	}
}

static void
write_hex(struct cursor c, struct strbuf *out)
{
	while (cursor_left(&c) > 0) {
		uint8_t b = cursor_u8(&c);
		strbuf_char(out, "0123456789abcdef"[b >> 4]);
		strbuf_char(out, "0123456789abcdef"[b & 0xf]);
	}
}

/* "NAPTR 100 10 s SIPS+D2T _sips._tcp.example.org": order, preference, flags, service, pattern, name. */
static bool
write_naptr(struct cursor message, struct cursor data, struct strbuf *out)
{
	uint64_t order = cursor_be16(&data);
	uint64_t preference = cursor_be16(&data);

	write_numbers("NAPTR", (const uint64_t[]){ order, preference }, 2, out);
	for (int i = 0; i < 3; i++) {
		struct cursor text = cursor_sub(&data, cursor_u8(&data));
		if (text.short_read)
			return false;
		if (cursor_left(&text) > 0)
			strbuf_char(out, ' ');
		write_bytes(text, out);
	}
	strbuf_char(out, ' ');
	return write_name(message, &data, out);
}

/* "RRSIG 1 example.org": what type it signs, and who; the root by Zeek's word. */
static bool
write_signature(struct cursor message, struct cursor data, struct strbuf *out)
{
	uint64_t covered = cursor_be16(&data);

	(void)cursor_take(&data, 16); /* algorithm, labels, TTL, times, key tag */
	write_numbers("RRSIG", &covered, 1, out);
	strbuf_char(out, ' ');
	size_t before = out->length;
	if (!write_name(message, &data, out))
		return false;
	if (out->length == before)
		strbuf_text(out, "<Root>");
	return true;
}

/* "NSEC example.org next.example.org": two names that follow each other in the zone. */
static bool
write_nsec(struct cursor message, const struct dns_record *r, struct strbuf *out)
{
	struct cursor owner = message;
	struct cursor data = r->data;

	(void)cursor_take(&owner, r->owner);
	strbuf_text(out, "NSEC ");
	if (!write_name(message, &owner, out))
		return false;
	strbuf_char(out, ' ');
	return write_name(message, &data, out);
}

/* "HTTPS 1 svc.example.org": priority and target; the root stands for the owner. */
static bool
write_service(const char *word, struct cursor message, struct cursor data, struct strbuf *out)
{
	uint64_t priority = cursor_be16(&data);
	size_t before;

	write_numbers(word, &priority, 1, out);
	strbuf_char(out, ' ');
	before = out->length;
	if (!write_name(message, &data, out))
		return false;
	if (out->length == before)
		strbuf_char(out, '.');
	return true;
}

/* "CAA 0 issue ca.example.org": flags, tag, value. */
static bool
write_caa(struct cursor data, struct strbuf *out)
{
	uint64_t flags = cursor_u8(&data);
	struct cursor tag = cursor_sub(&data, cursor_u8(&data));

	if (tag.short_read)
		return false;
	write_numbers("CAA", &flags, 1, out);
	strbuf_char(out, ' ');
	write_bytes(tag, out);
	strbuf_char(out, ' ');
	write_bytes(data, out);
	return true;
}

/* "DS 5 1": algorithm and kind of digest. */
static bool
write_ds(struct cursor data, struct strbuf *out)
{
	(void)cursor_be16(&data);
	uint64_t algorithm = cursor_u8(&data);
	uint64_t digest = cursor_u8(&data);

	write_numbers("DS", (const uint64_t[]){ algorithm, digest }, 2, out);
	return !data.short_read;
}

static bool
write_dnskey(struct cursor data, struct strbuf *out)
{
	(void)cursor_take(&data, 3); /* flags and protocol */
	uint64_t algorithm = cursor_u8(&data);

	write_numbers("DNSKEY", &algorithm, 1, out);
	return !data.short_read;
}

static bool
write_fingerprint(struct cursor data, struct strbuf *out)
{
	(void)cursor_be16(&data); /* of what key, made how */
	strbuf_text(out, "SSHFP: ");
	write_hex(data, out);
	return !data.short_read;
}

/* "LOC:  18 21 19": size and precisions as RFC 1876 packs them. */
static bool
write_location(struct cursor data, struct strbuf *out)
{
	(void)cursor_u8(&data); /* version */
	uint64_t size = cursor_u8(&data);
	uint64_t horizontal = cursor_u8(&data);
	uint64_t vertical = cursor_u8(&data);

	write_numbers("LOC: ", (const uint64_t[]){ size, horizontal, vertical }, 3, out);
	return !data.short_read;
}

static bool
write_unknown(uint16_t type, struct strbuf *out)
{
	strbuf_text(out, "<unknown type=");
	strbuf_u64(out, type);
	strbuf_char(out, '>');
	return true;
}

static bool
write_word(const char *word, struct strbuf *out)
{
	strbuf_text(out, word);
	return true;
}

/* NetBIOS has taken numbers of others for its types. */
static bool
is_netbios(struct cursor message, const struct dns_record *r)
{
	char owner[DNS_NAME_MAX];
	char name[NETBIOS_NAME_MAX];
	uint8_t service;

	return dns_record_owner(message, r, owner) && dns_name_netbios(owner, name, &service);
}

/* The first address, behind two bytes of flags. */
static bool
write_netbios(struct cursor message, const struct dns_record *r, struct strbuf *out)
{
	struct cursor data = r->data;
	char text[ADDR_TEXT_MAX];

	if (!is_netbios(message, r))
		return write_unknown(r->type, out);
	(void)cursor_be16(&data);
	const uint8_t *bytes = cursor_take(&data, 4);
	if (bytes == NULL)
		return false;
	struct addr addr = addr_from_v4(bytes);
	strbuf_text(out, addr_format(&addr, text));
	return true;
}

bool
dns_record_text(struct cursor message, const struct dns_record *r, struct strbuf *out)
{
	struct cursor data = r->data;

	switch (r->type) {
	case DNS_A:
	case DNS_AAAA:
		return write_address(r, out);
	case DNS_NB:
		return write_netbios(message, r, out);
	case DNS_SRV: /* priority, weight, port, target */
		return !is_netbios(message, r) && write_name_behind(message, data, 6, out);
	case DNS_MX: /* preference, exchange */
		return write_name_behind(message, data, 2, out);
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
	case DNS_SOA:
	case DNS_DNAME:
		return write_name(message, &data, out);
	case DNS_TXT:
		return write_strings("TXT", data, out);
	case DNS_SPF:
		return write_strings("SPF", data, out);
	case DNS_NAPTR:
		return write_naptr(message, data, out);
	case DNS_DS:
		return write_ds(data, out);
	case DNS_SSHFP:
		return write_fingerprint(data, out);
	case DNS_RRSIG:
		return write_signature(message, data, out);
	case DNS_NSEC:
		return write_nsec(message, r, out);
	case DNS_DNSKEY:
		return write_dnskey(data, out);
	case DNS_SVCB:
		return write_service("SVCB", message, data, out);
	case DNS_HTTPS:
		return write_service("HTTPS", message, data, out);
	case DNS_CAA:
		return write_caa(data, out);
	case DNS_LOC:
		return write_location(data, out);
	case DNS_NSEC3:
		return write_word("NSEC3", out);
	case DNS_NSEC3PARAM:
		return write_word("NSEC3PARAM", out);
	case DNS_HINFO:
	case DNS_WKS:
	case DNS_OPT:
	case DNS_TKEY:
	case DNS_TSIG:
		return false;
	default:
		return write_unknown(r->type, out);
	}
}
