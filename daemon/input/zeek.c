/*
 * zeek.c -- Zeek's logs, whatever their form and age.
 *
 * Bounds: ZEEK_COLUMNS_MAX columns of a file, ZEEK_CERTIFICATES certificates of all files.
 */
#include "daemon/input/zeek_state.h"

#include "daemon/input/zeek_certificates.h"
#include "daemon/input/zeek_columns.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct input_item *
zeek_begin(struct zeek *z, struct input_stream *s)
{
	z->ends.text = z->ends_text;
	z->ends.text_size = sizeof(z->ends_text);
	transaction_read_begin(&z->ends, zeek_ends_fields, sizeof(struct zeek_ends));
	return input_stream_item(s, 0, z->log.fields, z->log.size);
}

/* Before 1970, or a clock that was put back: Zeek writes a minus. Such a time says nothing. */
static bool
is_negative_time(const struct transaction_field *f, struct text_view value)
{
	return (f->type == FIELD_TIME || f->type == FIELD_INTERVAL || f->type == FIELD_INTERVALS) &&
	       value.length > 1 && value.at[0] == '-' && value.at[1] >= '0' && value.at[1] <= '9';
}

int
zeek_set(struct zeek *z, struct input_stream *s, struct input_item *item,
	const struct zeek_column *c, struct text_view value)
{
	struct transaction_read *r = c->is_common ? &z->ends : &item->said;

	if (c->field->type == FIELD_NEVER)
		return 0;
	int set = transaction_read_field(r, c->field, value);
	if (set != -EBADMSG || is_negative_time(c->field, value))
		return 0;
	return input_stream_bad(s, c->name, value, transaction_read_expected(c->field->type));
}

int
zeek_tell(struct zeek *z, struct input_stream *s, struct input_item *item)
{
	s->cut_texts += z->ends.cut;
	if (zeek_ends(z)->ts_ns == 0) {
		(void)snprintf(s->complaint, sizeof(s->complaint),
			"ts: there is none, or it is before 1970");
		return -EBADMSG;
	}
	int told = z->log.tell(z, s, item);
	return told == 0 ? input_stream_skip(s) : told;
}

void
zeek_is_log(struct zeek *z, struct input_stream *s, const struct zeek_log *log)
{
	z->log = *log;
	z->is_unknown = false;
	s->log = log->name;
	zeek_columns_resolve(&z->columns, log);
}

void
zeek_is_unknown(struct zeek *z, struct input_stream *s)
{
	if (!z->is_unknown)
		s->unknown++;
	z->log = (struct zeek_log){ 0 };
	z->is_unknown = true;
}

static int
zeek_line(struct input_stream *s, char *line, size_t length)
{
	struct zeek *z = s->state;

	if (length == 0)
		return 0;
	return line[0] == '{' ? zeek_json_line(z, s, line, length)
			      : zeek_tsv_line(z, s, line, length);
}

static void
forget(struct zeek *z, struct input_stream *s)
{
	s->log = "";
	z->log = (struct zeek_log){ 0 };
	z->is_unknown = false;
	z->separator = 0;
	zeek_columns_clear(&z->columns);
}

/* How often a time is less than the one before it, over the lines of a file's beginning. */
struct inversions {
	uint64_t starts, ends;
	uint64_t last_start_ns, last_end_ns;
};

static void
compare(struct inversions *n, const struct obs_flow *f)
{
	n->starts += f->start_ns < n->last_start_ns;
	n->ends += f->last_ns < n->last_end_ns;
	n->last_start_ns = f->start_ns;
	n->last_end_ns = f->last_ns;
}

/*
 * Zeek writes a conversation when it has ended, so conn.log is in the order of ends; but people sort logs,
 * by `ts`, which is the start. The file says itself which it is: by its first lines, read for nothing else.
 */
static bool
is_sorted_by_start(struct input_stream *s, char *lines, size_t length)
{
	struct inversions n = { 0 };
	char *end = lines + length;

	for (char *stop; (stop = memchr(lines, '\n', (size_t)(end - lines))) != NULL;
		lines = stop + 1) {
		*stop = '\0';
		s->text_used = 0;
		int told = zeek_line(s, lines, (size_t)(stop - lines));
		if (s->log[0] != '\0' && strcmp(s->log, "conn") != 0)
			return false;
		if (told > 0 && s->items[0].o.kind == OBS_FLOW_END)
			compare(&n, &s->items[0].flow);
	}
	return n.starts < n.ends;
}

static void
zeek_begin_file(struct input_stream *s, const char *first, size_t length)
{
	struct zeek *z = s->state;
	struct input_stream before = *s;
	char *lines = s->plan->follow || length == 0 ? NULL : malloc(length);

	forget(z, s);
	z->by_start = false;
	s->look_ahead = 0;
	if (lines == NULL)
		return;
	memcpy(lines, first, length);
	z->by_start = is_sorted_by_start(s, lines, length);
	free(lines);
	bool is_conn = strcmp(s->log, "conn") == 0;
	*s = before;
	s->look_ahead = is_conn ? ZEEK_LOOK_AHEAD : 0;
	forget(z, s);
}

static bool
zeek_times(const struct input_stream *s, const char *line, size_t length, uint64_t *ret_begin_ns,
	uint64_t *ret_key_ns)
{
	(void)s;
	(void)length;
	return line[0] == '{' && zeek_json_times(line, ret_begin_ns, ret_key_ns);
}

const struct input_format input_zeek = {
	.name = "zeek",
	.kind = INPUT_KIND_ZEEK,
	.state_size = sizeof(struct zeek),
	.shared_size = sizeof(struct zeek_certificates),
	.line = zeek_line,
	.times = zeek_times,
	.telling = zeek_telling,
	.begin = zeek_begin_file,
};
