#include "daemon/transactions/transaction_read.h"

#include "daemon/base/number_text.h"
#include "daemon/base/time_parse.h"
#include "daemon/base/utf8.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

void
transaction_read_begin(
	struct transaction_read *r, const struct transaction_field *fields, size_t size)
{
	assert(size <= sizeof(r->room.said));
	memset(r->room.said, 0, size);
	r->room.text_count = r->room.count_count = 0;
	r->fields = fields;
	r->text_used = 0;
	r->cut = 0;
	for (const struct transaction_field *f = fields; f->name != NULL; f++) {
		uint64_t *count = (void *)(r->room.said + f->offset);

		if (f->type == FIELD_COUNT || f->type == FIELD_INTERVAL)
			*count = TRANSACTION_UNSET;
	}
}

static bool
is_called(const char *ours, const char *name, size_t length)
{
	return strlen(ours) == length && memcmp(ours, name, length) == 0;
}

int
transaction_read_row(const struct transaction_field *fields,
	const struct transaction_alias *aliases, const char *name, size_t length)
{
	for (const struct transaction_alias *a = aliases; a != NULL && a->name != NULL; a++) {
		if (is_called(a->name, name, length)) {
			name = a->row;
			length = strlen(name);
			break;
		}
	}
	for (int row = 0; fields[row].name != NULL; row++)
		if (is_called(fields[row].name, name, length))
			return fields[row].type == FIELD_NEVER ? -1 : row;
	return -1;
}

/* There was no room for something. */
static int
count_cut(struct transaction_read *r)
{
	r->cut++;
	return -ENOSPC;
}

/* Keep a text, or the part of it that there is room for. */
static int
keep_text(struct transaction_read *r, struct text_view value, const char **ret)
{
	size_t room = r->text_size - r->text_used;
	char *to = r->text + r->text_used;

	*ret = "";
	if (room == 0)
		return count_cut(r);
	size_t length = utf8_cut(value.at, value.length, room - 1);
	memcpy(to, value.at, length);
	to[length] = '\0';
	r->text_used += length + 1;
	*ret = to;
	return length == value.length ? 0 : count_cut(r);
}

static int
read_truth(struct text_view value, enum truth *ret)
{
	if (is_called("T", value.at, value.length) || is_called("true", value.at, value.length))
		*ret = TRUTH_YES;
	else if (is_called("F", value.at, value.length) ||
		 is_called("false", value.at, value.length))
		*ret = TRUTH_NO;
	else
		return -EBADMSG;
	return 0;
}

static int
read_time(struct text_view value, uint64_t *ret)
{
	if (number_text_seconds(value.at, value.length, ret) == 0)
		return 0;
	return time_parse_date(value.at, value.length, /* offset_s= */ 0, ret);
}

static int
read_port(struct text_view value, uint16_t *ret)
{
	uint64_t port = 0;

	if (number_text_count(value.at, value.length, &port) != 0 || port > UINT16_MAX)
		return -EBADMSG;
	*ret = (uint16_t)port;
	return 0;
}

/*
 * The entries of all lists lie behind each other: what comes behind `at` is moved on by one.
 *
 * type     of the lists, FIELD_TEXTS or FIELD_INTERVALS
 * entries  `used` of them, `size` bytes each
 */
static void
open_gap(struct transaction_read *r, enum field_type type, void *entries, size_t used, size_t size,
	size_t at)
{
	char *gap = (char *)entries + at * size;

	memmove(gap + size, gap, (used - at) * size);
	for (const struct transaction_field *f = r->fields; f->name != NULL; f++) {
		struct text_list *texts = (void *)(r->room.said + f->offset);
		struct interval_list *intervals = (void *)(r->room.said + f->offset);

		if (f->type != type)
			continue;
		if (type == FIELD_TEXTS && texts->count > 0 && (const char *)texts->at >= gap)
			texts->at++;
		if (type == FIELD_INTERVALS && intervals->count > 0 &&
			(const char *)intervals->at >= gap)
			intervals->at++;
	}
}

static int
add_text(struct transaction_read *r, struct text_list *list, struct text_view value)
{
	const char **entries = r->room.texts;
	size_t used = r->room.text_count;
	size_t at = list->count == 0 ? used : (size_t)(list->at - entries) + list->count;

	if (used == TRANSACTION_TEXTS_MAX)
		return count_cut(r);
	open_gap(r, FIELD_TEXTS, entries, used, sizeof(*entries), at);
	list->at = entries + at - list->count;
	list->count++;
	r->room.text_count++;
	return keep_text(r, value, &entries[at]);
}

static int
add_interval(struct transaction_read *r, struct interval_list *list, struct text_view value)
{
	uint64_t *entries = r->room.counts;
	size_t used = r->room.count_count;
	size_t at = list->count == 0 ? used : (size_t)(list->at - entries) + list->count;
	uint64_t ns = 0;

	if (number_text_seconds(value.at, value.length, &ns) != 0)
		return -EBADMSG;
	if (used == TRANSACTION_COUNTS_MAX)
		return count_cut(r);
	open_gap(r, FIELD_INTERVALS, entries, used, sizeof(*entries), at);
	list->at = entries + at - list->count;
	list->count++;
	r->room.count_count++;
	entries[at] = ns;
	return 0;
}

int
transaction_read_field(
	struct transaction_read *r, const struct transaction_field *f, struct text_view value)
{
	void *at = r->room.said + f->offset;

	switch (f->type) {
	case FIELD_TEXT:
		return keep_text(r, value, at);
	case FIELD_COUNT:
		return number_text_count(value.at, value.length, at);
	case FIELD_TRUTH:
		return read_truth(value, at);
	case FIELD_TIME:
		return read_time(value, at);
	case FIELD_INTERVAL:
		return number_text_seconds(value.at, value.length, at);
	case FIELD_ADDR:
		return addr_parse_bytes(value.at, value.length, at) ? 0 : -EBADMSG;
	case FIELD_PORT:
		return read_port(value, at);
	case FIELD_TEXTS:
		return add_text(r, at, value);
	case FIELD_INTERVALS:
		return add_interval(r, at, value);
	case FIELD_NEVER:
		break;
	}
	return 0;
}

const char *
transaction_read_expected(enum field_type type)
{
	switch (type) {
	case FIELD_COUNT:
		return "count";
	case FIELD_TRUTH:
		return "truth value";
	case FIELD_TIME:
		return "time";
	case FIELD_INTERVAL:
	case FIELD_INTERVALS:
		return "number of seconds";
	case FIELD_ADDR:
		return "address";
	case FIELD_PORT:
		return "port";
	case FIELD_TEXT:
	case FIELD_TEXTS:
	case FIELD_NEVER:
		break;
	}
	return "text";
}
