#include "daemon/proto/dns_name.h"

#include "daemon/base/ascii.h"

#include <assert.h>
#include <string.h>

enum {
	LABEL_MAX = 63,
	WIRE_MAX = 255, /* labels and their lengths, RFC 1035 section 2.3.4 */
	JUMPS_MAX = 64, /* of one name: chains of bare pointers cost time and say nothing */
	NETBIOS_BYTES = 16,
	NUL_TEXT = 4, /* \x00 */
};

static_assert((int)NETBIOS_NAME_MAX > (NETBIOS_BYTES - 1) * NUL_TEXT, "a name of NULs fits");

/* Append a byte, unless it does not fit. returns how much was written */
static size_t
byte_write(uint8_t b, char *out, size_t room)
{
	if (b == 0) {
		if (room < NUL_TEXT)
			return 0;
		memcpy(out, "\\x00", NUL_TEXT);
		return NUL_TEXT;
	}
	if (room == 0)
		return 0;
	*out = (char)b;
	return 1;
}

/* Copy a label that fits. returns false when it has a NUL, which is to be written otherwise */
static bool
label_copy(const uint8_t *restrict bytes, size_t size, char *restrict out)
{
	uint8_t least = UINT8_MAX;

	for (size_t i = 0; i < size; i++) {
		out[i] = ascii_lower((char)bytes[i]);
		least = bytes[i] < least ? bytes[i] : least;
	}
	return least != 0;
}

/* Append a label of `size` bytes to a name; what does not fit is left out. */
static void
label_write(struct cursor *c, uint8_t size, char *text, size_t *length)
{
	const uint8_t *bytes = cursor_take(c, size);

	if (bytes == NULL || size == 0)
		return;
	if (*length > 0 && *length < DNS_NAME_MAX - 1)
		text[(*length)++] = '.';
	if (size <= DNS_NAME_MAX - 1 - *length && label_copy(bytes, size, text + *length)) {
		*length += size;
		return;
	}
	for (uint8_t i = 0; i < size; i++)
		*length += byte_write((uint8_t)ascii_lower((char)bytes[i]), text + *length,
			DNS_NAME_MAX - 1 - *length);
}

/*
 * Where in `message` a name goes on, whose pointer at `c` started with `size`. A pointer must go
 * before `limit`, the start of what was read last, so a loop cannot be built.
 */
static bool
pointer_read(struct cursor *c, uint8_t size, size_t limit, size_t *ret_target)
{
	*ret_target = (size_t)(size & 0x3f) << 8 | cursor_u8(c);
	return !c->short_read && *ret_target < limit;
}

bool
dns_name_skip(struct cursor *c)
{
	for (;;) {
		uint8_t size = cursor_u8(c);
		if (size >= 0xc0)
			return cursor_take(c, 1) != NULL;
		if (size == 0 || size > LABEL_MAX)
			return size == 0 && !c->short_read;
		(void)cursor_take(c, size);
	}
}

enum dns_name_fault
dns_name_follow(struct cursor message, struct cursor *c, char *ret_text)
{
	struct cursor at = *c;
	size_t limit = (size_t)(c->at - message.at);
	size_t length = 0;
	size_t wire = 0;
	uint8_t size = 1;

	if (!dns_name_skip(c))
		return c->short_read ? DNS_NAME_CUT : DNS_NAME_LABEL;
	for (unsigned jumps = 0; size != 0;) {
		size = cursor_u8(&at);
		if (size >= 0xc0) {
			if (jumps++ == JUMPS_MAX || !pointer_read(&at, size, limit, &limit))
				return DNS_NAME_POINTER;
			at = message;
			(void)cursor_take(&at, limit);
			continue;
		}
		wire += 1U + size;
		if (size > LABEL_MAX)
			return DNS_NAME_LABEL;
		if (wire > WIRE_MAX)
			return DNS_NAME_LONG;
		if (ret_text != NULL)
			label_write(&at, size, ret_text, &length);
		else
			(void)cursor_take(&at, size);
		if (at.short_read)
			return DNS_NAME_CUT;
	}
	if (ret_text != NULL)
		ret_text[length] = '\0';
	return DNS_NAME_FINE;
}

bool
dns_name_read(struct cursor message, struct cursor *c, char *ret_text)
{
	return dns_name_follow(message, c, ret_text) == DNS_NAME_FINE;
}

void
dns_name_netbios_plain(const uint8_t bytes[16], char *ret_text, uint8_t *ret_service)
{
	size_t size = NETBIOS_BYTES - 1;
	size_t length = 0;

	while (size > 0 && (bytes[size - 1] == ' ' || bytes[size - 1] == '\0'))
		size--;
	for (size_t i = 0; i < size; i++)
		length += byte_write(bytes[i], ret_text + length, NETBIOS_NAME_MAX - 1 - length);
	ret_text[length] = '\0';
	*ret_service = bytes[NETBIOS_BYTES - 1];
}

static bool
is_half(char c)
{
	return c >= 'a' && c <= 'p';
}

bool
dns_name_netbios(const char *name, char *ret_text, uint8_t *ret_service)
{
	uint8_t bytes[NETBIOS_BYTES];

	for (size_t i = 0; i < sizeof(bytes); i++) {
		const char *pair = name + 2 * i;
		if (!is_half(pair[0]) || !is_half(pair[1]))
			return false;
		bytes[i] = (uint8_t)((pair[0] - 'a') << 4 | (pair[1] - 'a'));
	}
	if (name[sizeof(bytes) * 2] != '\0' && name[sizeof(bytes) * 2] != '.')
		return false;
	dns_name_netbios_plain(bytes, ret_text, ret_service);
	return true;
}
