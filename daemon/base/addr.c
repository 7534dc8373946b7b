/*
 * Addresses as text and by class. The text is written by hand: an address goes into every event
 * twice, and inet_ntop() costs more than the rest of the line. Reading is inet_pton()'s, which
 * takes nothing but the canonical dotted quad and what RFC 4291, section 2.2 allows. The classes
 * are those of the IANA special-purpose registries (RFC 6890), as far as a sensor asks.
 */
#include "daemon/base/addr.h"

#include "daemon/base/cursor.h"
#include "daemon/base/number_text.h"

#include <arpa/inet.h>
#include <assert.h>

enum { V4_AT = 12, V4_BITS = 32, V6_BITS = 128, GROUPS = 8 };

static bool
all_zero(const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

struct addr
addr_read_v4(struct cursor *c)
{
	uint8_t bytes[4];

	cursor_bytes(c, bytes, sizeof(bytes));
	return addr_from_v4(bytes);
}

struct addr
addr_read_v6(struct cursor *c)
{
	struct addr a;

	cursor_bytes(c, a.byte, sizeof(a.byte));
	return a;
}

bool
addr_is_unspecified(const struct addr *a)
{
	return all_zero(a->byte, V4_AT - 2) && all_zero(a->byte + V4_AT, 4) &&
	       (addr_is_v4(a) || all_zero(a->byte + V4_AT - 2, 2));
}

bool
addr_is_loopback(const struct addr *a)
{
	if (addr_is_v4(a))
		return a->byte[V4_AT] == 127;
	return all_zero(a->byte, 15) && a->byte[15] == 1;
}

bool
addr_is_link_local(const struct addr *a)
{
	if (addr_is_v4(a))
		return a->byte[V4_AT] == 169 && a->byte[V4_AT + 1] == 254;
	return a->byte[0] == 0xfe && (a->byte[1] & 0xc0) == 0x80;
}

bool
addr_is_multicast(const struct addr *a)
{
	if (addr_is_v4(a))
		return (a->byte[V4_AT] & 0xf0) == 224;
	return a->byte[0] == 0xff;
}

bool
addr_is_broadcast(const struct addr *a)
{
	static const struct addr everyone = { .byte = {
						      [10] = 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };

	return addr_equal(a, &everyone);
}

static bool
is_unique_local(const struct addr *a)
{
	return (a->byte[0] & 0xfe) == 0xfc;
}

bool
addr_is_host(const struct addr *a)
{
	return !addr_is_unspecified(a) && !addr_is_multicast(a) && !addr_is_broadcast(a);
}

bool
addr_is_reserved(const struct addr *a)
{
	if (addr_is_v4(a))
		return a->byte[V4_AT] == 0 || (a->byte[V4_AT] >= 240 && !addr_is_broadcast(a));
	return (a->byte[0] & 0xe0) != 0x20 && !is_unique_local(a) && !addr_is_link_local(a) &&
	       !addr_is_multicast(a);
}

bool
addr_is_private(const struct addr *a)
{
	const uint8_t *v4 = a->byte + V4_AT;

	if (!addr_is_v4(a))
		return is_unique_local(a);
	return v4[0] == 10 || (v4[0] == 172 && (v4[1] & 0xf0) == 16) ||
	       (v4[0] == 192 && v4[1] == 168);
}

bool
addr_is_scannable(const struct addr *a)
{
	return !addr_is_multicast(a) && !addr_is_broadcast(a) && !addr_is_link_local(a) &&
	       !addr_is_loopback(a) && !addr_is_unspecified(a) && !addr_is_reserved(a);
}

bool
addr_is_public(const struct addr *a)
{
	return addr_is_scannable(a) && !addr_is_private(a);
}

static char *
write_octet(char *at, unsigned value)
{
	if (value >= 100)
		*at++ = (char)('0' + value / 100);
	if (value >= 10)
		*at++ = (char)('0' + value / 10 % 10);
	*at++ = (char)('0' + value % 10);
	return at;
}

static void
format_v4(const uint8_t *byte, char *at)
{
	for (unsigned i = 0; i < 4; i++) {
		at = write_octet(at, byte[i]);
		*at++ = '.';
	}
	at[-1] = '\0';
}

static const char hex_digits[] = "0123456789abcdef";

/* One group without leading zeros (RFC 5952, section 4.1). */
static char *
write_group(char *at, unsigned value)
{
	unsigned shift = 12;

	while (shift > 0 && value >> shift == 0)
		shift -= 4;
	for (;; shift -= 4) {
		*at++ = hex_digits[value >> shift & 15];
		if (shift == 0)
			return at;
	}
}

/* The longest run of zero groups, the first of equals; a run of one is none (section 4.2). */
static void
find_gap(const unsigned group[GROUPS], unsigned *ret_first, unsigned *ret_length)
{
	unsigned first = GROUPS;
	unsigned length = 1;

	for (unsigned i = 0; i < GROUPS; i++) {
		unsigned end = i;
		while (end < GROUPS && group[end] == 0)
			end++;
		if (end - i > length) {
			first = i;
			length = end - i;
		}
		i = end;
	}
	*ret_first = first;
	*ret_length = length;
}

static void
format_v6(const uint8_t *byte, char *at)
{
	unsigned group[GROUPS];
	unsigned gap = 0;
	unsigned gap_length = 0;

	for (size_t i = 0; i < GROUPS; i++)
		group[i] = (unsigned)byte[2 * i] << 8 | byte[2 * i + 1];
	find_gap(group, &gap, &gap_length);
	for (unsigned i = 0; i < GROUPS; i++) {
		if (i > 0 || gap == 0)
			*at++ = ':';
		if (i != gap) {
			at = write_group(at, group[i]);
			continue;
		}
		i += gap_length - 1;
		if (i == GROUPS - 1)
			*at++ = ':';
	}
	*at = '\0';
}

char *
addr_format(const struct addr *a, char ret_text[ADDR_TEXT_MAX])
{
	if (addr_is_v4(a))
		format_v4(a->byte + V4_AT, ret_text);
	else
		format_v6(a->byte, ret_text);
	return ret_text;
}

bool
addr_parse(const char *text, struct addr *ret_addr)
{
	uint8_t byte[16];

	if (inet_pton(AF_INET, text, byte) == 1)
		*ret_addr = addr_from_v4(byte);
	else if (inet_pton(AF_INET6, text, byte) == 1)
		*ret_addr = addr_from_v6(byte);
	else
		return false;
	return true;
}

bool
addr_parse_bytes(const char *text, size_t length, struct addr *ret_addr)
{
	char whole[ADDR_TEXT_MAX];

	if (length >= sizeof(whole) || memchr(text, '\0', length) != NULL)
		return false;
	memcpy(whole, text, length);
	whole[length] = '\0';
	return addr_parse(whole, ret_addr);
}

/* Decimal, no sign, no leading zero, at most `max`. returns false for anything else. */
static bool
parse_prefix(const char *text, unsigned max, unsigned *ret_value)
{
	unsigned value = 0;

	if (text[0] == '\0' || (text[0] == '0' && text[1] != '\0'))
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		value = value * 10 + (unsigned)(*text - '0');
		if (value > max)
			return false;
	}
	*ret_value = value;
	return true;
}

/* A byte whose first `bits` are set; none below 1, all from 8 on. */
static uint8_t
mask_byte(int bits)
{
	if (bits <= 0)
		return 0;
	if (bits >= 8)
		return 0xff;
	return (uint8_t)(0xff00U >> bits);
}

bool
cidr_parse(const char *text, struct cidr *ret_cidr)
{
	const char *slash = strchr(text, '/');
	size_t length = slash == NULL ? strlen(text) : (size_t)(slash - text);
	unsigned family_bits = memchr(text, ':', length) != NULL ? V6_BITS : V4_BITS;
	unsigned prefix = family_bits;
	char base_text[ADDR_TEXT_MAX];
	struct addr base;

	if (length >= sizeof(base_text))
		return false;
	memcpy(base_text, text, length);
	base_text[length] = '\0';
	if (!addr_parse(base_text, &base))
		return false;
	if (slash != NULL && !parse_prefix(slash + 1, family_bits, &prefix))
		return false;
	prefix += V6_BITS - family_bits;
	for (int i = 0; i < 16; i++)
		if ((base.byte[i] & ~mask_byte((int)prefix - i * 8)) != 0)
			return false;
	*ret_cidr = (struct cidr){ .base = base, .prefix_len = (uint8_t)prefix };
	return true;
}

bool
cidr_contains(const struct cidr *net, const struct addr *a)
{
	size_t whole = net->prefix_len / 8;
	int rest = net->prefix_len % 8;

	assert(net->prefix_len <= V6_BITS);
	if (addr_is_v4(a) && net->prefix_len < V6_BITS - V4_BITS)
		return false;
	if (memcmp(net->base.byte, a->byte, whole) != 0)
		return false;
	return rest == 0 || ((net->base.byte[whole] ^ a->byte[whole]) & mask_byte(rest)) == 0;
}

char *
mac_format(const struct mac *m, char ret_text[MAC_TEXT_MAX])
{
	char *at = ret_text;

	for (size_t i = 0; i < sizeof(m->byte); i++) {
		*at++ = hex_digits[m->byte[i] >> 4];
		*at++ = hex_digits[m->byte[i] & 15];
		*at++ = ':';
	}
	at[-1] = '\0';
	return ret_text;
}

bool
mac_parse(const char *text, struct mac *ret_mac)
{
	struct mac m;

	for (size_t i = 0; i < sizeof(m.byte); i++, text += 3) {
		unsigned high = number_text_hex_digit(text[0]);
		unsigned low = high > 15 ? high : number_text_hex_digit(text[1]);
		char behind = i + 1 < sizeof(m.byte) ? ':' : '\0';

		if (low > 15 || text[2] != behind)
			return false;
		m.byte[i] = (uint8_t)(high << 4 | low);
	}
	*ret_mac = m;
	return true;
}
