/*
 * whitelist_slips.h -- the lines of a whitelist as Slips has it: `type,value,direction,ignore`.
 *
 *	"IoCType","IoCValue","Direction","IgnoreType"
 *	ip,192.0.2.1,dst,both
 *	domain,example.com,both,alerts
 *	organization,google,both,flows
 *	mac,00:11:22:33:44:55,src,both
 *
 * Blanks do not matter. Passed over: empty lines, those that begin with ';', the header, those with fewer than four
 * values. Of two lines about one value the last holds. A '#' before a line switches it off, and what was said of its
 * value before. Source: behaviour §2.5.
 */
#pragma once

#include "daemon/whitelist/whitelist.h"

#include <stddef.h>
#include <stdint.h>

struct arena;

enum slips_type {
	SLIPS_IP,
	SLIPS_DOMAIN,
	SLIPS_ORGANIZATION,
	SLIPS_MAC,
	SLIPS_TYPE_COUNT,
};

struct slips_entry {
	uint32_t line;
	enum slips_type type;
	const char *value; /* in the arena */
	uint32_t ends;     /* enum whitelist_end */
	enum whitelist_effect effect;
};

/*
 * Read all lines.
 *
 * path         for messages
 * complain     gets a line for each that says something unknown
 * ret_entries  in the arena, in the order of their lines; at most WHITELIST_RULES_MAX
 * errors       -EINVAL after a complaint, -ENOMEM
 */
int whitelist_slips_read(const char *path, const char *text, size_t length, struct arena *arena,
	void (*complain)(void *context, const char *line), void *context,
	struct slips_entry **ret_entries, uint32_t *ret_count);
