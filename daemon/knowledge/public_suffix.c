/*
 * libpsl takes names in lower case that end in a NUL, so each look-up copies one. A sensor asks for few names again and
 * again: the last answers are kept, two at each of 32 places, by the name itself. The wire chooses the names; whoever
 * makes them meet at one place has them looked up each time, and no more.
 */
#include "daemon/knowledge/public_suffix.h"

#include "daemon/base/ascii.h"
#include "daemon/base/domain.h"

#include <libpsl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { WAYS = 2, SETS = PUBLIC_SUFFIX_REMEMBERED / WAYS };

/* A name in lower case, ended by a NUL. */
struct name {
	uint8_t length; /* 0: none */
	char text[DOMAIN_TEXT_MAX + 1];
};

struct remembered {
	struct name name;
	uint8_t registrable_length; /* from the name's end; 0: none */
};

struct public_suffix {
	psl_ctx_t *list;
	struct remembered remembered[SETS][WAYS]; /* the newest first */
};

struct public_suffix *
public_suffix_new(struct psl_ctx_st *list)
{
	struct public_suffix *p = calloc(1, sizeof(*p));

	if (p != NULL)
		p->list = list;
	return p;
}

void
public_suffix_free(struct public_suffix *p)
{
	if (p == NULL)
		return;
	psl_free(p->list);
	free(p);
}

/* No top-level domain is a number (RFC 3696 section 2), so what ends in one is an address. */
static bool
ends_in_number(const struct name *n)
{
	size_t at = n->length;

	while (at > 0 && ascii_is_digit(n->text[at - 1]))
		at--;
	return at < n->length && (at == 0 || n->text[at - 1] == '.');
}

/* returns false when it is no name that anybody could register */
static bool
copy_name(const char *text, struct name *ret_name)
{
	struct text_view from = domain_view(text);
	char before = '.';

	if (from.length == 0 || from.length > DOMAIN_TEXT_MAX)
		return false;
	for (size_t i = 0; i < from.length; i++) {
		char c = from.at[i];
		bool blank = (unsigned char)c <= ' ' || c == '\x7f';
		if (blank || c == ':' || (c == '.' && before == '.'))
			return false;
		before = c;
		ret_name->text[i] = c;
		if (c >= 'A' && c <= 'Z')
			ret_name->text[i] = (char)(c + ('a' - 'A'));
	}
	ret_name->text[from.length] = '\0';
	ret_name->length = (uint8_t)from.length;
	return before != '.' && !ends_in_number(ret_name);
}

/* FNV-1a, folded to a place. */
static size_t
place_of(const struct name *n)
{
	uint32_t hash = 2166136261U;

	for (size_t i = 0; i < n->length; i++)
		hash = (hash ^ (uint8_t)n->text[i]) * 16777619U;
	return (hash ^ hash >> 16) % SETS;
}

static bool
is_of(const struct remembered *r, const struct name *n)
{
	return r->name.length == n->length && memcmp(r->name.text, n->text, n->length) == 0;
}

static uint8_t
look_up(const struct public_suffix *p, const struct name *n)
{
	const char *registrable = psl_registrable_domain(p->list, n->text);

	return registrable == NULL ? 0 : (uint8_t)(n->length - (registrable - n->text));
}

static uint8_t
registrable_length(struct public_suffix *p, const struct name *n)
{
	struct remembered *set = p->remembered[place_of(n)];

	for (size_t way = 0; way < WAYS; way++)
		if (is_of(&set[way], n))
			return set[way].registrable_length;
	set[1] = set[0];
	set[0].name = *n;
	set[0].registrable_length = look_up(p, n);
	return set[0].registrable_length;
}

struct text_view
public_suffix_registrable(struct public_suffix *p, const char *name)
{
	struct name copy;

	if (!copy_name(name, &copy))
		return (struct text_view){ name, 0 };
	size_t length = registrable_length(p, &copy);
	return (struct text_view){ name + copy.length - length, length };
}
