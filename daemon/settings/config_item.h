/*
 * config_item.h -- a section of the settings file, described once.
 *
 * The same rows parse the file, check the bounds, fill the struct, print `--print-config` and
 * generate docs/CONFIG.md. A setting that is not in a row does not exist. A row whose member has
 * another width than its type needs does not compile.
 */
#pragma once

#include "daemon/base/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum config_type {
	CONFIG_TYPE_END = 0,
	CONFIG_TYPE_BOOL,     /* bool; "true", "false" */
	CONFIG_TYPE_U32,      /* uint32_t */
	CONFIG_TYPE_DOUBLE,   /* double */
	CONFIG_TYPE_DURATION, /* uint64_t, ns; written "90s", "5m", "1h", "2d", "250ms" */
	CONFIG_TYPE_SIZE,     /* uint64_t, bytes; written "64MiB", "1GiB", "512KiB", "100" */
	CONFIG_TYPE_STRING,   /* const char *, owned by the settings' arena */
	CONFIG_TYPE_ENUM,     /* uint32_t, an index into `choices` */
	CONFIG_TYPE_ADDR,     /* struct addr; all zero is none, where the default is none */
	CONFIG_TYPE_CIDR,     /* struct cidr; the same, so ::/0 is for lists and required ones */
	CONFIG_TYPE_LIST,     /* struct config_list of structs that `rows` describe */
	CONFIG_TYPE_SECTION,  /* a nested struct that `rows` describe */
};

/* A list as it lies in a settings struct: `count` items of the rows' struct, owned by the arena. */
struct config_list {
	void *items;
	size_t count;
};

struct config_item {
	const char *name; /* key in the section: [a-z][a-z0-9_]* */
	enum config_type type;
	bool at_start;  /* a change needs a restart; of a SECTION, LIST: all that is in it */
	bool is_secret; /* STRING: its value is printed nowhere */
	size_t offset;  /* where the value goes in the section's struct */
	uint64_t min;   /* U32, DURATION, SIZE: bounds, both included; LIST: most items in `max` */
	uint64_t max;
	uint64_t dflt; /* BOOL, U32, DURATION, SIZE, ENUM */
	double min_double, max_double, dflt_double;
	const char *dflt_text;          /* STRING, ADDR, CIDR: default as text; NULL is "none" */
	const char *const *choices;     /* ENUM: names, NULL at the end */
	const struct config_item *rows; /* LIST, SECTION */
	size_t item_size;               /* LIST: bytes of one item's struct */
	size_t line_at; /* LIST: where its struct has a uint32_t for the line of the file; 0: nowhere */
	const char *unit; /* for the docs: "hosts", "bytes"; "" if none */
	const char *help; /* one sentence, ends in a full stop */
};

/* The zero-sized array makes a row whose member has the wrong width fail to compile. */
#define CONFIG_MEMBER(type, member, want) \
	(offsetof(type, member) +         \
		0 * sizeof(char[sizeof(((type *)0)->member) == sizeof(want) ? 1 : -1]))

#define CONFIG_BOOL(type_, member_, dflt_, help_)                                           \
	{                                                                                   \
		.name = #member_, .type = CONFIG_TYPE_BOOL,                                 \
		.offset = CONFIG_MEMBER(type_, member_, bool), .dflt = (dflt_), .unit = "", \
		.help = (help_)                                                             \
	}
#define CONFIG_U32(type_, member_, min_, max_, dflt_, unit_, help_)                              \
	{                                                                                        \
		.name = #member_, .type = CONFIG_TYPE_U32,                                       \
		.offset = CONFIG_MEMBER(type_, member_, uint32_t), .min = (min_), .max = (max_), \
		.dflt = (dflt_), .unit = (unit_), .help = (help_)                                \
	}
#define CONFIG_DOUBLE(type_, member_, min_, max_, dflt_, unit_, help_)                         \
	{                                                                                      \
		.name = #member_, .type = CONFIG_TYPE_DOUBLE,                                  \
		.offset = CONFIG_MEMBER(type_, member_, double), .min_double = (min_),         \
		.max_double = (max_), .dflt_double = (dflt_), .unit = (unit_), .help = (help_) \
	}
/* min_, max_ and dflt_ in ns, bytes. */
#define CONFIG_DURATION(type_, member_, min_, max_, dflt_, help_)                                \
	{                                                                                        \
		.name = #member_, .type = CONFIG_TYPE_DURATION,                                  \
		.offset = CONFIG_MEMBER(type_, member_, uint64_t), .min = (min_), .max = (max_), \
		.dflt = (dflt_), .unit = "", .help = (help_)                                     \
	}
#define CONFIG_SIZE(type_, member_, min_, max_, dflt_, help_)                                    \
	{                                                                                        \
		.name = #member_, .type = CONFIG_TYPE_SIZE,                                      \
		.offset = CONFIG_MEMBER(type_, member_, uint64_t), .min = (min_), .max = (max_), \
		.dflt = (dflt_), .unit = "", .help = (help_)                                     \
	}
/* max_ is the longest text, in bytes. */
#define CONFIG_STRING(type_, member_, max_, dflt_, help_)                       \
	{                                                                       \
		.name = #member_, .type = CONFIG_TYPE_STRING,                   \
		.offset = CONFIG_MEMBER(type_, member_, char *), .max = (max_), \
		.dflt_text = (dflt_), .unit = "", .help = (help_)               \
	}
/* A text that is asked for and never shown: whether there is one is all that is printed. */
#define CONFIG_SECRET(type_, member_, max_, help_)                                               \
	{                                                                                        \
		.name = #member_, .type = CONFIG_TYPE_STRING, .is_secret = true,                 \
		.offset = CONFIG_MEMBER(type_, member_, char *), .max = (max_), .dflt_text = "", \
		.unit = "", .help = (help_)                                                      \
	}
#define CONFIG_ENUM(type_, member_, choices_, dflt_, help_)                               \
	{                                                                                 \
		.name = #member_, .type = CONFIG_TYPE_ENUM,                               \
		.offset = CONFIG_MEMBER(type_, member_, uint32_t), .choices = (choices_), \
		.dflt = (dflt_), .unit = "", .help = (help_)                              \
	}
#define CONFIG_ADDR(type_, member_, dflt_, help_)                                           \
	{                                                                                   \
		.name = #member_, .type = CONFIG_TYPE_ADDR,                                 \
		.offset = CONFIG_MEMBER(type_, member_, struct addr), .dflt_text = (dflt_), \
		.unit = "", .help = (help_)                                                 \
	}
#define CONFIG_CIDR(type_, member_, dflt_, help_)                                           \
	{                                                                                   \
		.name = #member_, .type = CONFIG_TYPE_CIDR,                                 \
		.offset = CONFIG_MEMBER(type_, member_, struct cidr), .dflt_text = (dflt_), \
		.unit = "", .help = (help_)                                                 \
	}
/*
 * A list. Rows of one unnamed item (name == NULL is not needed: a list whose `rows_` has exactly one
 * row named "value" is written as a list of scalars: `home_network: [10.0.0.0/8]`); otherwise each
 * item is a mapping. The default is the empty list.
 */
#define CONFIG_LIST(type_, member_, item_type_, rows_, max_, help_)                           \
	{                                                                                     \
		.name = #member_, .type = CONFIG_TYPE_LIST,                                   \
		.offset = CONFIG_MEMBER(type_, member_, struct config_list), .max = (max_),   \
		.rows = (rows_), .item_size = sizeof(item_type_), .unit = "", .help = (help_) \
	}
#define CONFIG_SECTION(type_, member_, rows_, help_)                                               \
	{                                                                                          \
		.name = #member_, .type = CONFIG_TYPE_SECTION, .offset = offsetof(type_, member_), \
		.rows = (rows_), .unit = "", .help = (help_)                                       \
	}
#define CONFIG_END                      \
	{                               \
		.type = CONFIG_TYPE_END \
	}
