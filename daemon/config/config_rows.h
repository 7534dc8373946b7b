/*
 * config_rows.h -- what is done with rows as a whole: defaults, finding a key, setting by path.
 *
 * Pure functions on rows and the structs that they describe. No YAML, no files, no log lines.
 */
#pragma once

#include "daemon/settings/config_item.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct strbuf;

enum {
	CONFIG_ROWS_MAX = 128,      /* rows of one section */
	CONFIG_COMPLAINTS_MAX = 20, /* lines that are shown of one load */
};

/* Where complaints go, one line each, without a line end. */
struct config_report {
	void (*line)(void *context, const char *text);
	void *context;
	unsigned count; /* complaints so far, shown or not */
};

/* Say one thing that is wrong. After CONFIG_COMPLAINTS_MAX lines one more says that there are more. */
void config_complain(struct config_report *report, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A setting given by its dotted key, and who gave it. */
struct config_setting {
	const char *key;      /* "windows.width" */
	const char *value;    /* as in the file; a list of scalars: separated by commas */
	const char *given_by; /* for messages: "-w", "profile paranoid" */
};

/* Fill a struct with the rows' defaults, sections included; lists are empty. */
void config_rows_default(const struct config_item *rows, void *section);

/* returns the row of that name, or NULL */
const struct config_item *config_rows_find(
	const struct config_item *rows, const char *name, size_t length);

/* The row whose name was probably meant (config_slip_distance()), or NULL. */
const struct config_item *config_rows_nearest(
	const struct config_item *rows, const char *name, size_t length);

/*
 * Append the dotted key of the first row of that name in any section, lists aside.
 *
 * returns  false, appending nothing, when there is none
 */
bool config_rows_locate(
	const struct config_item *rows, const char *name, size_t length, struct strbuf *out);

/* True for a list whose items are one value each: its only row is named "value". */
bool config_list_is_plain(const struct config_item *list);

/*
 * Make room for one more item, filled with its rows' defaults.
 *
 * returns  the item, or NULL when the list has `list->max` items or the arena is full
 */
void *config_list_add(const struct config_item *list, void *section, struct arena *arena);

/* Append what is wrong with a value: `"many" is not a whole number from 2 to 1024 hosts`. */
void config_refuse(
	const struct config_item *row, const char *text, size_t length, struct strbuf *out);

/*
 * Set one setting by its key.
 *
 * append   a list keeps what it has; otherwise it starts empty
 * report   gets one line, which begins with s->given_by, for anything that is wrong
 * returns  0, -EINVAL, -ENOMEM
 */
int config_rows_set(const struct config_item *rows, void *section, struct arena *arena,
	const struct config_setting *s, bool append, struct config_report *report);
