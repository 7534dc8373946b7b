/*
 * zeek_tsv.c -- Zeek's logs as text with tabs: headers, and what a line's columns say.
 *
 * The header says how: "#separator \x09", what stands between the entries of a list, for "empty" and for
 * "unset", the log's name, its columns. Logs are cut and joined by hand, so all of it may be missing, come
 * again, or have a tab before it; then Zeek's defaults hold, and columns are those of conn.log.
 */
#include "daemon/base/number_text.h"
#include "daemon/input/zeek_columns.h"
#include "daemon/input/zeek_log.h"
#include "daemon/input/zeek_state.h"

#include <errno.h>
#include <string.h>

enum { CONN_COLUMNS = 21, CONN_ADDRESS = 2 };

/* Those of conn.log without policies, in the order since Bro 2.2. Zeek 8 has one more behind them. */
static const char *const conn_columns[] = { "ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h",
	"id.resp_p", "proto", "service", "duration", "orig_bytes", "resp_bytes", "conn_state",
	"local_orig", "local_resp", "missed_bytes", "history", "orig_pkts", "orig_ip_bytes",
	"resp_pkts", "resp_ip_bytes", "tunnel_parents", "ip_proto" };

/* The byte of "\x09"; -1: there is no such escape at `at`. */
static int
escaped(const char *at, const char *end)
{
	if (end - at < 4 || at[0] != '\\' || at[1] != 'x')
		return -1;
	unsigned high = number_text_hex_digit(at[2]);
	unsigned low = number_text_hex_digit(at[3]);
	return high > 15 || low > 15 ? -1 : (int)(high << 4 | low);
}

/* Undo Zeek's escapes in place. A NUL stays as it is written, as our parsers write it. */
static size_t
unescape(char *text, size_t length)
{
	const char *end = text + length;
	const char *from = memchr(text, '\\', length);

	if (from == NULL)
		return length;
	char *to = text + (from - text);
	while (from < end) {
		int byte = escaped(from, end);

		if (byte > 0) {
			*to++ = (char)byte;
			from += 4;
			continue;
		}
		if (from[0] == '\\' && end - from > 1 && from[1] == '\\')
			from++;
		*to++ = *from++;
	}
	return (size_t)(to - text);
}

/* A column, or an entry of a list, where it stands in the line. */
struct piece {
	char *at;
	size_t length;
};

/* The next one of the text at `*at`; `*at` is NULL behind the last. */
static struct piece
next_piece(char **at, char separator, const char *end)
{
	char *begin = *at;
	char *stop = memchr(begin, separator, (size_t)(end - begin));

	*at = stop == NULL ? NULL : stop + 1;
	return (struct piece){ begin, (size_t)((stop == NULL ? end : stop) - begin) };
}

static bool
is_mark(struct piece value, const char *mark)
{
	return strlen(mark) == value.length && memcmp(value.at, mark, value.length) == 0;
}

static struct text_view
text_of(struct piece p)
{
	return (struct text_view){ p.at, p.length };
}

static void
set_mark(char mark[ZEEK_MARK_MAX + 1], const char *text, size_t length)
{
	if (length > ZEEK_MARK_MAX)
		return;
	memcpy(mark, text, length);
	mark[length] = '\0';
}

static void
set_defaults(struct zeek *z)
{
	z->separator = '\t';
	z->set_separator = ',';
	set_mark(z->empty, "(empty)", 7);
	set_mark(z->unset, "-", 1);
}

static void
set_path(struct zeek *z, struct input_stream *s, const char *name, size_t length)
{
	struct zeek_log log;

	if (zeek_log_find(name, length, &log))
		zeek_is_log(z, s, &log);
	else
		zeek_is_unknown(z, s);
}

/* IoT-23 has three columns in one, with more or less space between their names. */
static void
add_column(struct zeek *z, struct piece name)
{
	static const char three[] = "tunnel_parents   label   detailed-label";
	static const char begin[] = "tunnel_parents ";

	if (name.length >= sizeof(begin) && memcmp(name.at, begin, sizeof(begin) - 1) == 0)
		zeek_columns_add(&z->columns, NULL, three, sizeof(three) - 1);
	else
		zeek_columns_add(&z->columns, NULL, name.at, name.length);
}

static void
set_fields(struct zeek *z, struct input_stream *s, char *at, const char *end)
{
	struct zeek_log log;

	zeek_columns_clear(&z->columns);
	while (at != NULL)
		add_column(z, next_piece(&at, z->separator, end));
	if (z->log.name != NULL)
		zeek_columns_resolve(&z->columns, &z->log);
	else if (!z->is_unknown && zeek_log_guess(&z->columns, &log))
		zeek_is_log(z, s, &log);
}

/* "#key<separator>value", but for "#separator \x09". */
static int
header(struct zeek *z, struct input_stream *s, char *line, size_t length)
{
	char *end = line + length;
	char *at = line;

	if (z->separator == 0)
		set_defaults(z);
	if (length >= 15 && memcmp(line, "#separator ", 11) == 0) {
		int byte = escaped(line + 11, end);

		set_defaults(z);
		if (byte > 0)
			z->separator = (char)byte;
		return 0;
	}
	struct piece key = next_piece(&at, z->separator, end);
	if (at == NULL)
		return 0;
	size_t left = (size_t)(end - at);
	if (is_mark(key, "#set_separator") && left > 0)
		z->set_separator = *at;
	else if (is_mark(key, "#empty_field"))
		set_mark(z->empty, at, left);
	else if (is_mark(key, "#unset_field"))
		set_mark(z->unset, at, left);
	else if (is_mark(key, "#path"))
		set_path(z, s, at, left);
	else if (is_mark(key, "#fields"))
		set_fields(z, s, at, end);
	return 0;
}

/* A line before any header: is it conn.log's, with the columns that it has by default? */
static bool
is_headless_conn(struct zeek *z, struct input_stream *s, char *line, const char *end)
{
	struct zeek_log conn;
	struct addr addr;
	unsigned count = 0;

	set_defaults(z);
	for (char *at = line; at != NULL; count++) {
		struct piece value = next_piece(&at, z->separator, end);

		if (count == CONN_ADDRESS && !addr_parse_bytes(value.at, value.length, &addr))
			return false;
	}
	if ((count != CONN_COLUMNS && count != CONN_COLUMNS + 1) ||
		!zeek_log_find("conn", 4, &conn))
		return false;
	for (unsigned i = 0; i < count; i++)
		zeek_columns_add(&z->columns, NULL, conn_columns[i], strlen(conn_columns[i]));
	zeek_is_log(z, s, &conn);
	return true;
}

/* What stands for "unset" leaves a place of a list empty. */
static int
set_list(struct zeek *z, struct input_stream *s, struct input_item *item,
	const struct zeek_column *c, struct piece list)
{
	static const struct text_view zero = { "0", 1 };
	char *at = list.at;
	const char *end = list.at + list.length;

	while (at != NULL) {
		struct piece one = next_piece(&at, z->set_separator, end);

		if (is_mark(one, z->empty) || is_mark(one, z->unset))
			one.length = 0;
		one.length = unescape(one.at, one.length);
		bool is_zero = one.length == 0 && c->field->type == FIELD_INTERVALS;
		if (zeek_set(z, s, item, c, is_zero ? zero : text_of(one)) < 0)
			return -EBADMSG;
	}
	return 0;
}

static int
set_value(struct zeek *z, struct input_stream *s, struct input_item *item,
	const struct zeek_column *c, struct piece value)
{
	bool is_empty = is_mark(value, z->empty);

	if (is_mark(value, z->unset))
		return 0;
	if (c->field->type == FIELD_TEXTS || c->field->type == FIELD_INTERVALS)
		return is_empty ? 0 : set_list(z, s, item, c, value);
	if (is_empty)
		value.length = 0;
	else if (c->field->type == FIELD_TEXT)
		value.length = unescape(value.at, value.length);
	return zeek_set(z, s, item, c, text_of(value));
}

static int
row(struct zeek *z, struct input_stream *s, char *line, size_t length)
{
	const char *end = line + length;
	struct input_item *item = zeek_begin(z, s);
	unsigned i = 0;

	for (char *at = line; at != NULL; i++) {
		struct piece value = next_piece(&at, z->separator, end);

		if (i < z->columns.count && z->columns.at[i].field != NULL &&
			set_value(z, s, item, &z->columns.at[i], value) < 0)
			return -EBADMSG;
	}
	if (i != z->columns.count && !z->columns.too_many)
		return input_stream_bad(s, "line", (struct text_view){ line, length },
			"line of as many columns as the header has");
	return zeek_tell(z, s, item);
}

int
zeek_tsv_line(struct zeek *z, struct input_stream *s, char *line, size_t length)
{
	if (line[0] == '\t' && line[1] == '#') {
		line++;
		length--;
	}
	if (line[0] == '#')
		return header(z, s, line, length);
	if (z->is_unknown)
		return input_stream_skip(s);
	if (z->log.name == NULL && !is_headless_conn(z, s, line, line + length))
		return input_stream_bad(s, "line", (struct text_view){ line, length },
			"line of a log whose header was read");
	return row(z, s, line, length);
}
