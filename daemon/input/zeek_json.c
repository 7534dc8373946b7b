/*
 * zeek_json.c -- Zeek's logs as JSON: an object a line, what is unset left out.
 *
 * No header says which log it is: "_path" in each line does, where Zeek was told to write it, else the
 * keys. A line that the log at hand does not know may be of another one: several can come through one pipe.
 */
#include "daemon/base/json_read.h"
#include "daemon/base/number_text.h"
#include "daemon/input/zeek_columns.h"
#include "daemon/input/zeek_log.h"
#include "daemon/input/zeek_state.h"

#include <errno.h>
#include <string.h>

static int
no_json(struct input_stream *s, const char *line, size_t length)
{
	return input_stream_bad(s, "line", (struct text_view){ line, length }, "JSON object");
}

static bool
is_key(const struct json_value *v, const char *key)
{
	return strlen(key) == v->path_length && memcmp(key, v->path, v->path_length) == 0;
}

/* Which log the line is of, by its "_path", else by its keys. returns 0, or -EBADMSG */
static int
identify(struct zeek *z, struct input_stream *s, const char *line, size_t length)
{
	struct zeek_log log;
	struct json_value v;
	struct json_read r;
	bool has_path = false;
	bool is_known = false;
	int left;

	zeek_columns_clear(&z->columns);
	json_read_begin(&r, line, length);
	while ((left = json_read_next(&r, &v)) > 0) {
		if (v.element == 0)
			zeek_columns_add(&z->columns, NULL, v.path, v.path_length);
		if (!has_path && is_key(&v, "_path")) {
			has_path = true;
			is_known = zeek_log_find(v.text, v.length, &log);
		}
	}
	if (left < 0) {
		zeek_columns_clear(&z->columns);
		return no_json(s, line, length);
	}
	if (!has_path)
		is_known = zeek_log_guess(&z->columns, &log);
	if (is_known)
		zeek_is_log(z, s, &log);
	else
		zeek_is_unknown(z, s);
	return 0;
}

enum {
	MILLISECONDS_DIGITS = 13
}; /* from 2001 to 2286; seconds have so many after the year 30 000 */

/* Zeek may be told to write times in milliseconds (json_timestamps): the point moves. */
static struct text_view
time_of(struct zeek *z, struct text_view value)
{
	const size_t seconds = MILLISECONDS_DIGITS - 3;
	size_t digits = 0;

	while (digits < value.length && value.at[digits] >= '0' && value.at[digits] <= '9')
		digits++;
	if (digits != MILLISECONDS_DIGITS || value.length >= sizeof(z->scratch))
		return value;
	size_t rest = value.length > digits ? value.length - digits - 1 : 0; /* behind the point */
	memcpy(z->scratch, value.at, seconds);
	z->scratch[seconds] = '.';
	memcpy(z->scratch + seconds + 1, value.at + seconds, digits - seconds);
	memcpy(z->scratch + digits + 1, value.at + value.length - rest, rest);
	return (struct text_view){ z->scratch, digits + 1 + rest };
}

/* How well the log at hand knows the keys of a line. */
struct fit {
	unsigned known, strange;
};

static int
row(struct zeek *z, struct input_stream *s, struct input_item *item, const char *line,
	size_t length, struct fit *fit)
{
	struct json_value v;
	struct json_read r;
	int result = 0;
	int left;

	json_read_begin(&r, line, length);
	while ((left = json_read_next(&r, &v)) > 0) {
		const struct zeek_column *c = zeek_columns_key(
			&z->columns, &z->log, v.path, v.path_length, v.element > 0);

		if (c == NULL || c->field == NULL) {
			fit->strange++;
			continue;
		}
		fit->known += !c->is_common;
		if (result != 0 || v.type == JSON_READ_NULL)
			continue;
		struct text_view value = json_read_text(&v, z->scratch, sizeof(z->scratch));
		if (c->field->type == FIELD_TIME && v.type == JSON_READ_NUMBER)
			value = time_of(z, value);
		result = zeek_set(z, s, item, c, value);
	}
	return left < 0 ? no_json(s, line, length) : result;
}

/* Is the line perhaps of another log than the one before? */
static bool
is_foreign(const struct zeek *z, struct fit fit)
{
	const char *path = zeek_ends(z)->path;

	return path != NULL ? strcmp(path, z->log.name) != 0 : fit.known < fit.strange;
}

int
zeek_json_line(struct zeek *z, struct input_stream *s, const char *line, size_t length)
{
	struct fit fit = { 0, 0 };
	struct input_item *item = NULL;
	int result = 0;

	if (z->log.name != NULL) {
		item = zeek_begin(z, s);
		result = row(z, s, item, line, length, &fit);
	}
	if (z->log.name == NULL || is_foreign(z, fit)) {
		result = identify(z, s, line, length);
		if (result < 0)
			return result;
		if (z->log.name == NULL)
			return input_stream_skip(s);
		item = zeek_begin(z, s);
		result = row(z, s, item, line, length, &fit);
	}
	return result < 0 ? result : zeek_tell(z, s, item);
}

/* The seconds behind `key`. returns false for anything that is not plainly that: 0 where there is no such key */
static bool
seconds_behind(const char *line, const char *key, uint64_t *ret_ns)
{
	const char *at = strstr(line, key);

	*ret_ns = 0;
	if (at == NULL)
		return true;
	at += strlen(key);
	return strspn(at, "0123456789") < MILLISECONDS_DIGITS &&
	       number_text_seconds(at, strcspn(at, ",}"), ret_ns) == 0;
}

bool
zeek_json_times(const char *line, uint64_t *ret_begin_ns, uint64_t *ret_end_ns)
{
	uint64_t duration_ns;

	if (!seconds_behind(line, "\"ts\":", ret_begin_ns) || *ret_begin_ns == 0 ||
		!seconds_behind(line, "\"duration\":", &duration_ns))
		return false;
	*ret_end_ns = *ret_begin_ns + duration_ns;
	return true;
}
