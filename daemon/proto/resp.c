#include "daemon/proto/resp.h"

#include <string.h>

static void
keep(struct resp *r, const uint8_t *from, size_t size)
{
	size_t room = sizeof(r->text) - r->length;
	size_t some = size < room ? size : room;

	memcpy(r->text + r->length, from, some);
	r->length = (uint16_t)(r->length + some);
}

/* A line's number, -1 for what is not there. returns false when it is none, or past `most` */
static bool
number_read(struct cursor c, int64_t most, int64_t *ret_number)
{
	int64_t value = 0;

	if (cursor_left(&c) == 2 && memcmp(c.at, "-1", 2) == 0) {
		*ret_number = -1;
		return true;
	}
	if (cursor_left(&c) == 0)
		return false;
	while (cursor_left(&c) > 0) {
		uint8_t digit = cursor_u8(&c);
		if (digit < '0' || digit > '9')
			return false;
		value = value * 10 + (digit - '0');
		if (value > most)
			return false;
	}
	*ret_number = value;
	return true;
}

static enum resp_verdict
value_end(struct resp *r, char type, size_t skip, struct resp_value *ret_value)
{
	ret_value->type = type;
	ret_value->index = r->index++;
	ret_value->is_last = r->values_left == 0;
	ret_value->text = cursor_over(r->text + skip, r->length - skip);
	if (r->values_left == 0)
		r->index = 0;
	r->length = 0;
	r->type = 0;
	return RESP_VALUE;
}

static enum resp_verdict
line_end(struct resp *r, struct resp_value *ret_value)
{
	if (r->length > 0 && r->text[r->length - 1] == '\r')
		r->length--;
	if (r->length == 0) /* an empty line between messages is nothing */
		return r->values_left == 0 ? RESP_MORE : RESP_BROKEN;
	char type = r->text[0];
	struct cursor rest = cursor_over(r->text + 1, r->length - 1U);
	int64_t number;
	if (r->values_left == 0)
		r->values_left = 1;
	switch (type) {
	case '*':
	case '~':
	case '>':
	case '%':
		if (!number_read(rest, RESP_COUNT_MAX, &number) ||
			r->values_left > UINT64_MAX - UINT64_C(2) * RESP_COUNT_MAX)
			return RESP_BROKEN;
		r->values_left += number > 0 ? (uint64_t)(type == '%' ? 2 * number : number) : 0;
		break;
	case '$':
	case '=':
	case '!':
		if (!number_read(rest, RESP_BYTES_MAX, &number))
			return RESP_BROKEN;
		if (number >= 0) {
			r->type = type;
			r->bytes_left = (uint64_t)number + 2;
			r->length = 0;
			return RESP_MORE;
		}
		break;
	default:
		break;
	}
	r->values_left--;
	return value_end(r, type, 1, ret_value);
}

static enum resp_verdict
string_read(struct resp *r, struct cursor *bytes, struct resp_value *ret_value)
{
	size_t left = cursor_left(bytes);
	size_t some = r->bytes_left < left ? r->bytes_left : left;
	size_t of_text = r->bytes_left > 2 ? r->bytes_left - 2 : 0;
	const uint8_t *from = cursor_take(bytes, some);

	keep(r, from, some < of_text ? some : of_text);
	r->bytes_left -= some;
	if (r->bytes_left > 0)
		return RESP_MORE;
	r->values_left--;
	return value_end(r, r->type, 0, ret_value);
}

enum resp_verdict
resp_next(struct resp *r, struct cursor *bytes, struct resp_value *ret_value)
{
	while (cursor_left(bytes) > 0) {
		enum resp_verdict v = RESP_MORE;
		if (r->type != 0) {
			v = string_read(r, bytes, ret_value);
		} else {
			uint8_t b = cursor_u8(bytes);
			if (b == '\n')
				v = line_end(r, ret_value);
			else
				keep(r, &b, 1);
		}
		if (v != RESP_MORE)
			return v;
	}
	return RESP_MORE;
}
