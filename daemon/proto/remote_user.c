#include "daemon/proto/remote_user.h"

#include "daemon/base/ascii.h"

#include <string.h>

enum { GUESS_TEXT_MAX = 64 }; /* a name or terminal that is longer is none */

bool
remote_user_byte(struct remote_user *r, uint8_t byte)
{
	if (byte == '\0') {
		if (r->count < REMOTE_TEXTS - 1)
			r->text[r->count][r->length] = '\0';
		r->length = 0;
		return ++r->count == REMOTE_TEXTS;
	}
	if (r->count < REMOTE_TEXTS - 1 && r->length + 1U < LOGIN_NAME_MAX)
		r->text[r->count][r->length++] = (char)byte;
	return false;
}

static bool
is_name(uint8_t b)
{
	return ascii_is_digit(b) || ascii_is_letter(b) || b == '.' || b == '-' || b == '_';
}

/* May this byte be in the text of that index? */
static bool
is_fit(unsigned index, uint8_t b)
{
	if (index == 0)
		return ascii_is_digit(b);
	return index < REMOTE_TEXTS - 1 ? is_name(b) : b >= ' ' && b < 0x7f;
}

enum proto_guess
remote_user_guess(struct cursor first_bytes, bool has_speed)
{
	for (unsigned index = 0; index < REMOTE_TEXTS; index++) {
		unsigned length = 0;
		bool was_slash = false, is_speed = false;
		for (;;) {
			if (cursor_left(&first_bytes) == 0)
				return PROTO_PERHAPS;
			uint8_t b = cursor_u8(&first_bytes);
			if (b == '\0')
				break;
			if (!is_fit(index, b) || ++length > GUESS_TEXT_MAX ||
				(index == 0 && has_speed))
				return PROTO_NO;
			is_speed = was_slash && ascii_is_digit(b);
			was_slash = b == '/' || (was_slash && ascii_is_digit(b));
		}
		if (index > 0 && length == 0)
			return PROTO_NO;
		if (index == REMOTE_TEXTS - 1 && has_speed && !is_speed)
			return PROTO_NO;
	}
	return PROTO_YES;
}
