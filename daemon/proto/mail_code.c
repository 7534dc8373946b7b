#include "daemon/proto/mail_code.h"

#include "daemon/base/number_text.h"
#include "daemon/proto/base64.h"

#include <string.h>

/* What is no digit is passed over (RFC 2045 section 6.8); '=' fills up a group. */
static size_t
base64_decode(struct mail_decoder *d, const uint8_t *bytes, size_t size, uint8_t *ret_bytes)
{
	size_t written = 0;

	for (size_t i = 0; i < size; i++) {
		unsigned value = base64_value(bytes[i]);
		if (bytes[i] == '=')
			d->count = 0;
		if (value > 63)
			continue;
		d->bits = d->bits << 6 | value;
		d->count += 6;
		if (d->count >= 8) {
			d->count -= 8;
			ret_bytes[written++] = (uint8_t)(d->bits >> d->count);
		}
	}
	return written;
}

/* A '=' and what follows it stay as they are: they are no byte. */
static size_t
quoted_give_up(struct mail_decoder *d, uint8_t *ret_bytes)
{
	if (d->count == 0)
		return 0;
	ret_bytes[0] = '=';
	ret_bytes[1] = d->first;
	d->count = 0;
	return 2;
}

static size_t
quoted_decode(struct mail_decoder *d, const uint8_t *bytes, size_t size, uint8_t *ret_bytes)
{
	size_t written = 0;

	for (size_t i = 0; i < size; i++) {
		unsigned high = number_text_hex_digit((char)d->first);
		unsigned low = number_text_hex_digit((char)bytes[i]);
		if (d->count == 0 && bytes[i] == '=') {
			d->count = 1;
		} else if (d->count == 1) {
			d->count = 2;
			d->first = bytes[i];
		} else if (d->count == 2 && high < 16 && low < 16) {
			d->count = 0;
			ret_bytes[written++] = (uint8_t)(high << 4 | low);
		} else {
			written += quoted_give_up(d, ret_bytes + written);
			ret_bytes[written++] = bytes[i];
		}
	}
	return written;
}

size_t
mail_decode(struct mail_decoder *d, const uint8_t *bytes, size_t size, uint8_t *ret_bytes)
{
	switch ((enum mail_code)d->code) {
	case MAIL_CODE_BASE64:
		return base64_decode(d, bytes, size, ret_bytes);
	case MAIL_CODE_QUOTED:
		return quoted_decode(d, bytes, size, ret_bytes);
	case MAIL_CODE_NONE:
		break;
	}
	memcpy(ret_bytes, bytes, size);
	return size;
}

size_t
mail_decode_end(struct mail_decoder *d, const uint8_t *end, size_t size, uint8_t *ret_bytes)
{
	size_t written = 0;

	if (d->code == MAIL_CODE_BASE64)
		return 0;
	if (d->code == MAIL_CODE_QUOTED) {
		if (d->count == 1) { /* a line that was too long goes on */
			d->count = 0;
			return 0;
		}
		written = quoted_give_up(d, ret_bytes);
	}
	memcpy(ret_bytes + written, end, size);
	return written + size;
}
