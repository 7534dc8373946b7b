#include "daemon/settings/whitelist_settings.h"

enum { NAME_MAX_BYTES = 64, COMMENT_MAX_BYTES = 512, TEXT_MAX_BYTES = 255, PATH_MAX_BYTES = 4096 };

const char *const whitelist_effects[] = { "no-alert", "no-evidence", "ignore-traffic", NULL };

#define MATCH struct whitelist_match_settings
#define RULE  struct whitelist_rule_settings

static const struct config_item match_rows[] = {
	CONFIG_CIDR(MATCH, src, NULL,
		"Who did it, or opened the conversation: an address or a network."),
	CONFIG_CIDR(MATCH, dst, NULL, "To whom it was done, or who was called."),
	CONFIG_CIDR(MATCH, either, NULL, "Either of the two."),
	CONFIG_STRING(MATCH, domain, TEXT_MAX_BYTES, NULL,
		"A name of either, as DNS servers or the host itself gave it, with all names below it; \"=x.example\" is that name alone. What a client calls a server by is only its word, and does not count."),
	CONFIG_STRING(MATCH, sni, TEXT_MAX_BYTES, NULL,
		"The same of the name that a client called the server by (in TLS, QUIC or HTTP), which any program may make up."),
	CONFIG_STRING(
		MATCH, asn, 16, NULL, "The autonomous system of either, written AS15169 or 15169."),
	CONFIG_STRING(MATCH, org, TEXT_MAX_BYTES, NULL,
		"Words of the name of the organisation that either belongs to; apple, facebook, google, microsoft and twitter are known by their networks and domains as well."),
	CONFIG_STRING(MATCH, mac, 17, NULL, "The network card of either."),
	CONFIG_STRING(MATCH, port, 16, NULL,
		"The port of who was called, written 443/tcp; 443 is of any protocol."),
	CONFIG_STRING(
		MATCH, detector, 64, NULL, "A kind of evidence (docs/DETECTORS.md) or a detector."),
	CONFIG_END,
};

static const struct config_item rule_rows[] = {
	CONFIG_STRING(RULE, name, NAME_MAX_BYTES, NULL,
		"What the rule is called where it silenced something; without one, by its place: \"rule 3\"."),
	CONFIG_STRING(RULE, comment, COMMENT_MAX_BYTES, NULL, "Why it is there."),
	CONFIG_STRING(RULE, until, 32, NULL,
		"When it ends, in packet time, written 2026-12-31 or 2026-12-31T00:00:00Z; without it never."),
	CONFIG_ENUM(RULE, effect, whitelist_effects, WHITELIST_NO_ALERT,
		"no-alert: written, but adds to no alert; no-evidence: not charged, and a note at most; ignore-traffic: no detector sees it."),
	CONFIG_SECTION(RULE, match, match_rows, "What it is about: all that is given has to hold."),
	CONFIG_END,
};

const struct config_item whitelist_rows[] = {
	{ .name = "rules",
		.type = CONFIG_TYPE_LIST,
		.offset = CONFIG_MEMBER(struct whitelist_settings, rules, struct config_list),
		.max = WHITELIST_RULES_MAX,
		.rows = rule_rows,
		.item_size = sizeof(RULE),
		.line_at = offsetof(RULE, line),
		.unit = "",
		.help = "Rules; where several match, the one with the strongest effect holds." },
	{ .name = "slips_csv",
		.type = CONFIG_TYPE_STRING,
		.offset = CONFIG_MEMBER(struct whitelist_settings, slips_csv, char *),
		.min = 1,
		.max = PATH_MAX_BYTES,
		.unit = "",
		.help = "A whitelist as Slips has it, for more rules: lines of type,value,direction,ignore." },
	CONFIG_BOOL(struct whitelist_settings, write_silenced, true,
		"Write what a rule with no-evidence silenced, at level info and with the rule's name."),
	CONFIG_END,
};
