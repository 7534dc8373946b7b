#include "daemon/proto/ftp_text.h"

#include "daemon/base/ascii.h"
#include "daemon/proto/lines.h"

#include <string.h>

/* Read a number up to `most`. returns what follows it, or NULL when there is none, or a greater one */
static const char *
number_read(const char *text, uint64_t most, uint64_t *ret_number)
{
	uint64_t n = 0;

	if (!ascii_is_digit(*text))
		return NULL;
	for (; ascii_is_digit(*text); text++) {
		uint64_t digit = (uint64_t)(*text - '0');
		if (n > (most - digit) / 10)
			return NULL;
		n = n * 10 + digit;
	}
	*ret_number = n;
	return text;
}

bool
ftp_number_read(const char *text, uint64_t *ret_number)
{
	return number_read(text, UINT64_MAX - 1, ret_number) != NULL;
}

static bool
six_read(const char *text, struct ftp_end *ret_end)
{
	uint8_t six[6];

	for (unsigned i = 0; i < 6; i++) {
		uint64_t n;
		text = number_read(text, UINT8_MAX, &n);
		if (text == NULL || (i < 5 && *text++ != ','))
			return false;
		six[i] = (uint8_t)n;
	}
	ret_end->addr = addr_from_v4(six);
	ret_end->port = (uint16_t)(six[4] << 8 | six[5]);
	return true;
}

bool
ftp_end_read(const char *text, struct ftp_end *ret_end)
{
	for (bool was_digit = false; *text != '\0'; text++) {
		if (!was_digit && six_read(text, ret_end))
			return true;
		was_digit = ascii_is_digit(*text);
	}
	return false;
}

bool
ftp_end_read_extended(const char *text, struct ftp_end *ret_end)
{
	char addr[ADDR_TEXT_MAX];
	uint64_t port;

	text += strcspn(text, "(|");
	text += *text == '(';
	char bar = *text;
	if (bar == '\0')
		return false;
	const char *family = text + 1;
	const char *host = strchr(family, bar);
	const char *service = host == NULL ? NULL : strchr(host + 1, bar);
	if (service == NULL)
		return false;
	size_t length = (size_t)(service - host - 1);
	if (length >= sizeof(addr))
		return false;
	memcpy(addr, host + 1, length);
	addr[length] = '\0';
	const char *rest = number_read(service + 1, UINT16_MAX, &port);
	if (rest == NULL || *rest != bar || (length > 0 && !addr_parse(addr, &ret_end->addr)))
		return false;
	ret_end->port = (uint16_t)port;
	return true;
}

bool
ftp_size_read(const char *text, uint64_t *ret_size)
{
	for (text = strchr(text, '('); text != NULL; text = strchr(text + 1, '(')) {
		const char *rest = number_read(text + 1, UINT64_MAX - 1, ret_size);
		if (rest != NULL && line_begins(rest, " BYTES"))
			return true;
	}
	return false;
}

void
ftp_quoted_read(const char *text, char *ret_path, size_t size)
{
	size_t at = 0;

	text = strchr(text, '"');
	for (; text != NULL && at + 1 < size; at++) {
		text++;
		if (*text == '\0' || (*text == '"' && *++text != '"'))
			break;
		ret_path[at] = *text;
	}
	ret_path[at] = '\0';
}

static void
go_up(char *path)
{
	char *last = strrchr(path, '/');

	if (last != NULL)
		last[last == path] = '\0';
}

void
ftp_path_step(char *path, size_t size, const char *step)
{
	if (step[0] == '/') {
		line_copy(path, size, step);
	} else if (strcmp(step, "..") == 0) {
		go_up(path);
	} else if (step[0] != '\0' && strcmp(step, ".") != 0) {
		size_t length = strlen(path);
		if (length > 0 && path[length - 1] != '/' && length + 1 < size)
			path[length++] = '/';
		line_copy(path + length, size - length, step);
	}
}
