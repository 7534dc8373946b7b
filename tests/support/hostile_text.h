/* hostile_text.h -- strings that a peer might send to break an output, and what must be left of them. */
#pragma once

#include "daemon/base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { HOSTILE_TEXT_COUNT = 400, HOSTILE_TEXT_MAX = 257 };

/* The i-th string, shorter than `most`: known tricks first, then pieces of them and random bytes. */
static inline void
hostile_text(unsigned i, size_t most, char ret_text[HOSTILE_TEXT_MAX])
{
	/* NOLINTBEGIN(misc-misleading-bidirectional): these too are tried */
	static const char *const tricks[] = { "", "\n", "\r\n", "\t", "\x1b[2J", "\x1b]0;x\a", "\"",
		"]", "\\", "\\\"", "\\]", "\"] [x@1 y=\"z", "\xff", "\xc0\xaf", "\xed\xa0\x80",
		"\xf4\x90\x80\x80", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xae", "\xe2\x81\xa6",
		"\xd8\x9c", "\xc2\x85", "\xc2\x9b", "\x7f", "\x01", "=cmd()", "</script>", "%s%n",
		"<13>1 - - - - - -", "\xef\xbb\xbf", "\xef\xbf\xbe", "\xc3", "\xe2\x80", "'", "{}",
		"MESSAGE=x", "x\nPRIORITY=0", "\xf0\x9f\x98\x80", "a b", "$(reboot)" };
	/* NOLINTEND(misc-misleading-bidirectional) */
	enum { TRICKS = sizeof(tricks) / sizeof(tricks[0]) };
	uint64_t seed = i + 1;
	size_t length = 0;

	if (i < TRICKS) {
		(void)snprintf(ret_text, HOSTILE_TEXT_MAX, "%s", tricks[i]);
		return;
	}
	while (length + 12 < most && length + 12 < HOSTILE_TEXT_MAX) {
		seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		unsigned what = (unsigned)(seed >> 33);

		if (what % 8 == 0)
			break;
		if (what % 2 == 0)
			length += (size_t)snprintf(
				ret_text + length, 32, "%s", tricks[what / 8 % TRICKS]);
		else
			ret_text[length++] = (char)(what / 8 % 255 + 1);
		if (length + 1 > most)
			length = most - 1;
	}
	ret_text[length] = '\0';
}

/* One line of valid UTF-8, that moves no text and drives no terminal. */
static inline void
hostile_text_check(const char *line, size_t length)
{
	for (size_t at = 0; at < length;) {
		const uint8_t *byte = (const uint8_t *)line + at;
		size_t step = utf8_sequence(line + at, length - at);

		assert_true(step > 0);
		assert_true(*byte >= 0x20 && *byte != 0x7f);
		assert_false(step == 2 && byte[0] == 0xc2 && byte[1] < 0xa0);
		assert_false(step == 2 && byte[0] == 0xd8 && byte[1] == 0x9c);
		assert_false(step == 3 && byte[0] == 0xe2 && byte[1] == 0x80 &&
			     (byte[2] == 0x8e || byte[2] == 0x8f ||
				     (byte[2] >= 0xa8 && byte[2] <= 0xae)));
		assert_false(step == 3 && byte[0] == 0xe2 && byte[1] == 0x81 && byte[2] >= 0xa6 &&
			     byte[2] <= 0xa9);
		at += step;
	}
}
