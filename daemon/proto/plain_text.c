#include "daemon/proto/plain_text.h"

void
plain_text(struct cursor bytes, char *ret_text, size_t capacity)
{
	static const char nul[] = "\\x00";
	size_t length = 0;

	while (cursor_left(&bytes) > 0) {
		char c = (char)cursor_u8(&bytes);
		size_t size = c == '\0' ? sizeof(nul) - 1 : 1;
		if (size >= capacity - length)
			break;
		memcpy(ret_text + length, c == '\0' ? nul : &c, size);
		length += size;
	}
	ret_text[length] = '\0';
}
