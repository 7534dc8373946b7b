#include "daemon/proto/sasl.h"

#include "daemon/proto/base64.h"
#include "daemon/proto/lines.h"

#include <string.h>

/* What is decoded of a message: the user is near its beginning. */
enum { MESSAGE_MAX = 400 };

/* A message, NUL-terminated behind its size. */
struct message {
	size_t size;
	char text[MESSAGE_MAX + 1];
};

static bool
is_digit(char c)
{
	return base64_value((uint8_t)c) < 64;
}

size_t
sasl_decode(const char *base64, char *ret_bytes, size_t size)
{
	uint32_t bits = 0;
	unsigned count = 0;
	size_t at = 0;

	for (; at < size && is_digit(*base64); base64++) {
		bits = bits << 6 | base64_value((uint8_t)*base64);
		count += 6;
		if (count >= 8) {
			count -= 8;
			ret_bytes[at++] = (char)(bits >> count);
		}
	}
	return at;
}

/* Keep a user's name of `length` bytes; a byte that would end a C string is written as \x00. */
static void
keep(struct sasl *s, const char *name, size_t length)
{
	size_t at = 0;

	for (size_t i = 0; i < length; i++) {
		bool is_nul = name[i] == '\0';
		if (at + (is_nul ? 4 : 1) >= sizeof(s->user))
			break;
		if (is_nul) {
			memcpy(&s->user[at], "\\x00", 4);
			at += 4;
		} else {
			s->user[at++] = name[i];
		}
	}
	s->user[at] = '\0';
}

/* The user is behind `before` and goes to one of the letters in `ends`. */
static void
keep_between(struct sasl *s, const struct message *m, const char *before, const char *ends)
{
	const char *found = strstr(m->text, before);

	if (found != NULL) {
		found += strlen(before);
		keep(s, found, strcspn(found, ends));
	}
}

/* RFC 4616: whom to act as, NUL, who it is, NUL, password. */
static void
read_plain(struct sasl *s, const struct message *m)
{
	const char *user = memchr(m->text, '\0', m->size);

	if (user != NULL)
		keep(s, user + 1, strlen(user + 1));
}

/* RFC 2195: the user, a space, the digest. Users' names may have spaces. */
static void
read_cram(struct sasl *s, const struct message *m)
{
	const char *space = strrchr(m->text, ' ');

	if (space != NULL)
		keep(s, m->text, (size_t)(space - m->text));
}

static void
read_message(struct sasl *s, const struct message *m)
{
	if (strcmp(s->method, "PLAIN") == 0)
		read_plain(s, m);
	else if (strcmp(s->method, "LOGIN") == 0)
		keep(s, m->text, m->size);
	else if (strcmp(s->method, "CRAM-MD5") == 0)
		read_cram(s, m);
	else if (strcmp(s->method, "DIGEST-MD5") == 0)
		keep_between(s, m, "username=\"", "\"");
	else if (strncmp(s->method, "SCRAM-", 6) == 0)
		keep_between(s, m, ",n=", ",");
	else if (strcmp(s->method, "XOAUTH2") == 0)
		keep_between(s, m, "user=", "\x01");
	else if (strcmp(s->method, "OAUTHBEARER") == 0)
		keep_between(s, m, "a=", ",");
}

void
sasl_message(struct sasl *s, const char *base64)
{
	struct message m = { 0 };

	if (s->messages++ > 0)
		return; /* the password, or proofs */
	m.size = sasl_decode(base64, m.text, MESSAGE_MAX);
	m.text[m.size] = '\0';
	read_message(s, &m);
}

void
sasl_begin(struct sasl *s, const char *words)
{
	size_t length = strcspn(words, " ");

	memset(s, 0, sizeof(*s));
	for (size_t i = 0; i < length && i + 1 < sizeof(s->method); i++)
		s->method[i] = (char)(words[i] >= 'a' && words[i] <= 'z' ? words[i] - 'a' + 'A'
									 : words[i]);
	words += length + strspn(words + length, " ");
	if (*words != '\0')
		sasl_message(s, words);
}

bool
sasl_is_message(const char *line)
{
	size_t length = strlen(line);

	for (size_t i = 0; i < length; i++)
		if (!is_digit(line[i]) && line[i] != '=' && line[i] != '*')
			return false;
	return true;
}
