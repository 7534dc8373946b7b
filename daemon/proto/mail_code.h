/*
 * mail_code.h -- what a part of a mail was written as for the journey: base 64, or quoted-printable (RFC 2045
 * sections 6.7 and 6.8). Decoded as it comes, cut anywhere; nothing is kept but half a digit group.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum mail_code {
	MAIL_CODE_NONE, /* 7bit, 8bit, binary: it is as it is */
	MAIL_CODE_BASE64,
	MAIL_CODE_QUOTED,
};

enum { MAIL_CODE_HELD_MAX = 2 }; /* bytes that one call may bring from those before it */

/* All zero is the beginning of a part that is as it is. */
struct mail_decoder {
	uint8_t code;  /* enum mail_code */
	uint8_t count; /* bits that wait, or bytes since a '=', itself included */
	uint8_t first; /* the byte behind that */
	uint32_t bits;
};

/*
 * Decode the next bytes of a line, without its end.
 *
 * ret_bytes  room for `size` + MAIL_CODE_HELD_MAX
 * returns    how many were written
 */
size_t mail_decode(struct mail_decoder *d, const uint8_t *bytes, size_t size, uint8_t *ret_bytes);

/*
 * The line ends here, with `size` bytes at `end`: LF, or CR and LF.
 *
 * ret_bytes  room for `size` + MAIL_CODE_HELD_MAX
 */
size_t mail_decode_end(struct mail_decoder *d, const uint8_t *end, size_t size, uint8_t *ret_bytes);
