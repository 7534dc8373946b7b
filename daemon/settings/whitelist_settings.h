/* whitelist_settings.h -- the section `whitelist` of the settings, as it is written: whitelist_build.h reads it. */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/settings/config_item.h"

#include <stdbool.h>
#include <stdint.h>

struct whitelist;

enum { WHITELIST_RULES_MAX = 4096 };

/* What a rule does, the mildest first. */
enum whitelist_effect {
	WHITELIST_NO_ALERT,       /* told, but it adds to no sum and makes no alert */
	WHITELIST_NO_EVIDENCE,    /* nor is it evidence: at most a note at level info */
	WHITELIST_IGNORE_TRAFFIC, /* nor does anybody look at the traffic; flow logs have it */
	WHITELIST_EFFECT_COUNT,
};

/* "no-alert", ...; NULL at the end */
extern const char *const whitelist_effects[];

/* NULL, or all zero, is what a rule does not ask for. */
struct whitelist_match_settings {
	struct cidr src, dst, either;
	const char *domain, *sni;
	const char *asn, *org;
	const char *mac;
	const char *port;
	const char *detector;
};

struct whitelist_rule_settings {
	uint32_t effect; /* enum whitelist_effect */
	uint32_t line;   /* where it stands in the file */
	const char *name, *comment, *until;
	struct whitelist_match_settings match;
};

struct whitelist_settings {
	struct config_list rules; /* of struct whitelist_rule_settings */
	const char *slips_csv;    /* path; NULL: none */
	bool write_silenced;
	/* What was made of it; NULL: nothing, which matches nothing. Whose it is: whitelist_build.h. */
	const struct whitelist *built;
};

/* Ends in CONFIG_END; offsets are into struct whitelist_settings. */
extern const struct config_item whitelist_rows[];
