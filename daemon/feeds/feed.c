/*
 * Bytes are put together to lines; in JSON, where a line may be the whole file, to the outermost objects: what
 * stands between them ("[", ",", line ends) is passed over. Whichever it is, the first character that is not blank
 * tells. Comments may come before.
 */
#include "daemon/feeds/feed.h"

#include "daemon/feeds/feed_state.h"
#include "daemon/feeds/feed_text.h"

#include <stdlib.h>
#include <string.h>

enum {
	BEGINNING = 64 << 10, /* bytes that are looked at for binary ones */
	CONTROL_SHARE = 20,
	UNREADABLE_SHARE = 100,
	UNREADABLE_MIN = 10,
};

struct feed *
feed_new(const struct feed_plan *plan)
{
	struct feed *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->plan = *plan;
	f->line = 1;
	f->columns = (struct feed_columns){ .value = FEED_COLUMN_UNKNOWN,
		.level = FEED_COLUMN_UNKNOWN,
		.description = FEED_COLUMN_UNKNOWN,
		.tag = FEED_COLUMN_UNKNOWN };
	return f;
}

void
feed_free(struct feed *f)
{
	free(f);
}

struct feed_stats
feed_stats(const struct feed *f)
{
	return f->stats;
}

uint64_t
feed_line(const struct feed *f)
{
	return f->line;
}

void
feed_take(struct feed *f, const struct intel_indicator *what)
{
	if (f->refusal != FEED_ACCEPTED)
		return;
	f->refusal = f->plan.take(f->plan.user, what);
	f->stats.indicators += f->refusal == FEED_ACCEPTED;
}

void
feed_miss(struct feed *f, bool is_unsupported)
{
	if (is_unsupported) {
		f->stats.unsupported++;
		return;
	}
	f->stats.unreadable++;
	if (f->stats.first_unreadable == 0)
		f->stats.first_unreadable = f->line;
}

static bool
is_control(char c)
{
	return ((unsigned char)c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
}

/* Bytes that no text has: one of them is enough, or many. */
static enum feed_refusal
check_bytes(struct feed *f, const char *bytes, size_t length)
{
	if (f->bytes >= BEGINNING)
		return FEED_ACCEPTED;
	if (length > BEGINNING - f->bytes)
		length = BEGINNING - (size_t)f->bytes;
	if (memchr(bytes, '\0', length) != NULL)
		return FEED_BINARY;
	for (size_t i = 0; i < length; i++)
		f->control_bytes += is_control(bytes[i]);
	f->bytes += length;
	return f->bytes == BEGINNING && f->control_bytes * CONTROL_SHARE > BEGINNING
		       ? FEED_BINARY
		       : FEED_ACCEPTED;
}

/* The first character that is not blank and in no comment. */
static void
recognise(struct feed *f, struct intel_text line)
{
	static const char mark[] = "\xef\xbb\xbf"; /* of UTF-8, before the first line */
	struct intel_text text = feed_text_trim(line);

	if (feed_text_begins(text, mark))
		text = feed_text_trim(feed_text_from(text, sizeof(mark) - 1));
	if (text.length == 0 || strchr("#;\xef", text.at[0]) != NULL)
		return;
	f->form = text.at[0] == '{' || text.at[0] == '[' ? FEED_FORM_JSON : FEED_FORM_LINES;
}

static void
end_line(struct feed *f)
{
	struct intel_text line = { f->record, f->used };

	f->used = 0;
	feed_read_line(f, line);
}

static void
take_line_byte(struct feed *f, char c)
{
	if (c == '\n') {
		end_line(f);
		f->line += f->refusal == FEED_ACCEPTED;
	} else if (f->used == FEED_LINE_MAX) {
		f->refusal = FEED_LINE_TOO_LONG;
	} else {
		f->record[f->used++] = c;
	}
}

/* Follow strings and braces: an object ends with the brace that closes the first. */
static void
take_json_byte(struct feed *f, char c)
{
	f->line += c == '\n';
	if (f->depth == 0 && c != '{') {
		if (strchr("[], \t\r\n\xef\xbb\xbf", c) == NULL || c == '\0')
			f->refusal = FEED_UNREADABLE;
		return;
	}
	if (f->used == FEED_OBJECT_MAX) {
		f->refusal = FEED_LINE_TOO_LONG;
		return;
	}
	f->record[f->used++] = c;
	if (f->is_escaped)
		f->is_escaped = false;
	else if (f->is_quoted && c == '\\')
		f->is_escaped = true;
	else if (c == '"')
		f->is_quoted = !f->is_quoted;
	else if (!f->is_quoted && c == '{')
		f->depth++;
	else if (!f->is_quoted && c == '}' && --f->depth == 0) {
		feed_read_object(f, (struct intel_text){ f->record, f->used });
		f->used = 0;
	}
}

static void
take_json(struct feed *f, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length && f->refusal == FEED_ACCEPTED; i++)
		take_json_byte(f, bytes[i]);
}

/* What was taken for the beginning of a line is JSON. */
static void
become_json(struct feed *f)
{
	char begun[FEED_LINE_MAX];
	size_t length = f->used;

	memcpy(begun, f->record, length);
	f->used = 0;
	take_json(f, begun, length);
}

enum feed_refusal
feed_read(struct feed *f, const char *bytes, size_t length)
{
	if (f->refusal == FEED_ACCEPTED)
		f->refusal = check_bytes(f, bytes, length);
	for (size_t i = 0; i < length && f->refusal == FEED_ACCEPTED; i++) {
		if (f->form == FEED_FORM_JSON) {
			take_json(f, bytes + i, length - i);
			break;
		}
		take_line_byte(f, bytes[i]);
		if (f->form == FEED_FORM_UNKNOWN && f->used > 0) {
			recognise(f, (struct intel_text){ f->record, f->used });
			if (f->form == FEED_FORM_JSON)
				become_json(f);
		}
	}
	return f->refusal;
}

enum feed_refusal
feed_end(struct feed *f)
{
	if (f->refusal != FEED_ACCEPTED)
		return f->refusal;
	if (f->bytes < BEGINNING && f->control_bytes * CONTROL_SHARE > f->bytes)
		return f->refusal = FEED_BINARY;
	if (f->form == FEED_FORM_JSON && f->depth > 0)
		return f->refusal = FEED_UNREADABLE;
	end_line(f); /* in JSON it is empty */
	if (f->refusal == FEED_ACCEPTED && f->stats.unreadable > UNREADABLE_MIN &&
		f->stats.unreadable * UNREADABLE_SHARE > f->stats.lines) {
		f->line = f->stats.first_unreadable;
		f->refusal = FEED_UNREADABLE;
	}
	return f->refusal;
}

static const struct {
	const char *word, *text;
} refusals[FEED_REFUSAL_COUNT] = {
	[FEED_ACCEPTED] = { "accepted", "it is accepted" },
	[FEED_BINARY] = { "binary", "it holds bytes that no text has" },
	[FEED_LINE_TOO_LONG] = { "line-too-long", "a line is longer than 4096 bytes" },
	[FEED_UNREADABLE] = { "unreadable", "more than one line in a hundred names no indicator" },
	[FEED_TOO_BROAD] = { "too-broad", "it lists a network wider than /8, or /19 of IPv6" },
	[FEED_OURS] = { "ours", "it lists our own network, gateway or resolver" },
	[FEED_EMPTY] = { "empty", "it names no indicator at all" },
	[FEED_SHRUNK] = { "shrunk", "it has less than half of the indicators that it had" },
	[FEED_TOO_LARGE] = { "too-large", "there is more of it than there is room for" },
	[FEED_CHANGED] = { "changed", "it changed while it was read" },
	[FEED_UNOPENED] = { "unopened", "it cannot be read" },
};

const char *
feed_refusal_word(enum feed_refusal r)
{
	return refusals[r].word;
}

const char *
feed_refusal_text(enum feed_refusal r)
{
	return refusals[r].text;
}
