/* mute_rule.h -- a rule of the whitelist as text, and its place in a settings file. */
#pragma once

#include "daemon/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mute_scope { MUTE_PAIR, MUTE_HOST, MUTE_KIND };

struct mute_rule {
	char name[64];
	const char *note; /* NULL: none */
	uint64_t until_ns;
	const char *source, *destination; /* addresses; NULL: any */
	const char *kind;                 /* NULL: any */
};

/*
 * What a rule is made of came from others: only what is an address, and a name of capitals, gets in.
 *
 * returns  false with one line in ret_why
 */
bool mute_rule_is_clean(const struct mute_rule *r, const char **ret_why);

/* Append it as an item of a YAML list: each line indented so far. */
void mute_rule_print(const struct mute_rule *r, size_t indent, struct strbuf *out);

/*
 * Put it first among the rules of a settings file, whose other lines stay as they are.
 *
 * out      gets the whole text
 * returns  false with one line in ret_why: the rules are written in a way that is not edited here
 */
bool mute_rule_insert(
	const struct mute_rule *r, const char *settings, struct strbuf *out, const char **ret_why);
