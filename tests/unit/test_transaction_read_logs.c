/*
 * test_transaction_read_logs.c -- what our own logs of Zeek's forms say of a transaction reads back the same.
 *
 * Structs of every kind are filled by their tables, at random and with what peers send to break a log, then
 * written, split again by the rules of the form, and read.
 */
#include "daemon/transactions/transaction_read.h"

#include "daemon/base/json_read.h"
#include "daemon/base/utf8.h"
#include "exporters/zeek_transaction.h"
#include "tests/support/hostile_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 60, LIST_MOST = 9, ROOM = 1 << 17 };

struct rig {
	uint64_t seed;
	const struct transaction_kind *kind;
	struct transaction_room sent; /* what is written */
	char sent_text[ROOM];
	size_t sent_used;
	struct transaction_read r; /* what is read */
	char text[ROOM];
	char line[ROOM];
	struct strbuf out;
};

static uint64_t
chance(struct rig *rig)
{
	rig->seed = rig->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return rig->seed >> 20;
}

static const char *
some_text(struct rig *rig)
{
	char *to = rig->sent_text + rig->sent_used;

	assert_true(rig->sent_used + HOSTILE_TEXT_MAX <= sizeof(rig->sent_text));
	hostile_text((unsigned)chance(rig) % HOSTILE_TEXT_COUNT, 60, to);
	rig->sent_used += strlen(to) + 1;
	return to;
}

static void
fill_field(struct rig *rig, const struct transaction_field *f)
{
	struct transaction_room *s = &rig->sent;
	void *at = s->said + f->offset;
	size_t count = chance(rig) % LIST_MOST;

	switch (f->type) {
	case FIELD_TEXT:
		*(const char **)at = some_text(rig);
		break;
	case FIELD_COUNT:
		*(uint64_t *)at = chance(rig) >> (chance(rig) % 44);
		break;
	case FIELD_TRUTH:
		*(enum truth *)at = chance(rig) % 2 == 0 ? TRUTH_NO : TRUTH_YES;
		break;
	case FIELD_TIME:
	case FIELD_INTERVAL: /* to the microsecond, as the logs have them */
		*(uint64_t *)at = (chance(rig) >> (chance(rig) % 44)) * 1000;
		break;
	case FIELD_ADDR:
		for (size_t i = 0; i < sizeof(struct addr); i++)
			((struct addr *)at)->byte[i] = (uint8_t)chance(rig);
		if (chance(rig) % 2 == 0)
			*(struct addr *)at = addr_from_v4(((struct addr *)at)->byte);
		break;
	case FIELD_PORT:
		*(uint16_t *)at = (uint16_t)chance(rig);
		break;
	case FIELD_TEXTS:
		*(struct text_list *)at = (struct text_list){ s->texts + s->text_count, count };
		while (count-- > 0)
			s->texts[s->text_count++] = some_text(rig);
		break;
	case FIELD_INTERVALS:
		*(struct interval_list *)at =
			(struct interval_list){ s->counts + s->count_count, count };
		while (count-- > 0)
			s->counts[s->count_count++] = (chance(rig) >> (chance(rig) % 44)) * 1000;
		break;
	case FIELD_NEVER:
		break;
	}
}

/* A transaction of a kind, a quarter of it not known, and an empty struct to read it back into. */
static void
fill(struct rig *rig, const struct transaction_kind *kind)
{
	rig->r.text = rig->text;
	rig->r.text_size = sizeof(rig->text);
	transaction_read_begin(&rig->r, kind->fields, kind->size);
	memcpy(rig->sent.said, rig->r.room.said, kind->size);
	rig->sent.text_count = rig->sent.count_count = rig->sent_used = 0;
	rig->kind = kind;
	for (const struct transaction_field *f = kind->fields; f->name != NULL; f++)
		if (chance(rig) % 4 != 0)
			fill_field(rig, f);
	assert_true(rig->sent.text_count <= TRANSACTION_TEXTS_MAX);
	assert_true(rig->sent.count_count <= TRANSACTION_COUNTS_MAX);
	strbuf_init(&rig->out, rig->line, sizeof(rig->line));
}

/* What JSON makes of a text: U+FFFD of each byte that is no UTF-8. */
static const char *
as_json_says(const char *text)
{
	static char said[3 * HOSTILE_TEXT_MAX];
	struct strbuf b;

	strbuf_init(&b, said, sizeof(said));
	while (*text != '\0') {
		size_t length = utf8_sequence(text, strlen(text));
		strbuf_bytes(&b, length > 0 ? text : "\xef\xbf\xbd", length > 0 ? length : 3);
		text += length > 0 ? length : 1;
	}
	return said;
}

static void
assert_text(const char *read, const char *sent, bool json)
{
	assert_string_equal(read, json ? as_json_says(sent) : sent);
}

static void
assert_same_field(const struct rig *rig, const struct transaction_field *f, bool json)
{
	const void *read = transaction_at(f, rig->r.room.said);
	const void *sent = transaction_at(f, rig->sent.said);
	const struct text_list *texts = read;
	const struct interval_list *intervals = read;

	assert_int_equal(
		transaction_is_unset(f, rig->r.room.said), transaction_is_unset(f, rig->sent.said));
	if (transaction_is_unset(f, rig->sent.said))
		return;
	switch (f->type) {
	case FIELD_TEXT:
		assert_text(*(const char *const *)read, *(const char *const *)sent, json);
		break;
	case FIELD_TEXTS:
		assert_int_equal(texts->count, ((const struct text_list *)sent)->count);
		for (size_t i = 0; i < texts->count; i++)
			assert_text(texts->at[i], ((const struct text_list *)sent)->at[i], json);
		break;
	case FIELD_INTERVALS:
		assert_int_equal(intervals->count, ((const struct interval_list *)sent)->count);
		for (size_t i = 0; i < intervals->count; i++)
			assert_int_equal(
				intervals->at[i], ((const struct interval_list *)sent)->at[i]);
		break;
	case FIELD_COUNT:
	case FIELD_TIME:
	case FIELD_INTERVAL:
		assert_int_equal(*(const uint64_t *)read, *(const uint64_t *)sent);
		break;
	case FIELD_TRUTH:
		assert_int_equal(*(const enum truth *)read, *(const enum truth *)sent);
		break;
	case FIELD_ADDR:
		assert_true(addr_equal(read, sent));
		break;
	case FIELD_PORT:
		assert_int_equal(*(const uint16_t *)read, *(const uint16_t *)sent);
		break;
	case FIELD_NEVER:
		break;
	}
}

static void
assert_same(const struct rig *rig, bool json)
{
	assert_int_equal(rig->r.cut, 0);
	for (const struct transaction_field *f = rig->kind->fields; f->name != NULL; f++)
		assert_same_field(rig, f, json);
}

static struct observation
observed(const struct rig *rig)
{
	static const struct obs_talk talk = { .uid = { "Cabc" }, .orig_port = 1, .resp_port = 2 };

	return (struct observation){
		.kind = rig->kind->kind,
		.ts_ns = UINT64_C(1700000002000000000),
		.talk = &talk,
		.said = rig->sent.said,
	};
}

static unsigned
hex_value(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Undo Zeek's escapes in place; a NUL stays as it is escaped. returns the length */
static size_t
unescape(char *text)
{
	char *to = text;

	for (const char *at = text; *at != '\0';) {
		if (at[0] != '\\' || strncmp(at, "\\x00", 4) == 0) {
			*to++ = *at++;
		} else if (at[1] == 'x') {
			*to++ = (char)(hex_value(at[2]) << 4 | hex_value(at[3]));
			at += 4;
		} else {
			assert_int_equal(at[1], '\\');
			*to++ = '\\';
			at += 2;
		}
	}
	*to = '\0';
	return (size_t)(to - text);
}

static void
set_item(struct rig *rig, const struct transaction_field *f, char *item)
{
	if (strcmp(item, "(empty)") == 0)
		*item = '\0';
	size_t length = unescape(item);
	assert_int_equal(transaction_read_field(&rig->r, f, (struct text_view){ item, length }), 0);
}

static void
set_column(struct rig *rig, const char *name, char *value)
{
	int row = transaction_read_row(rig->kind->fields, NULL, name, strlen(name));

	if (row < 0 || strcmp(value, "-") == 0)
		return;
	const struct transaction_field *f = &rig->kind->fields[row];
	if (f->type != FIELD_TEXTS && f->type != FIELD_INTERVALS) {
		set_item(rig, f, value);
		return;
	}
	for (char *next = value; next != NULL;) {
		char *item = strsep(&next, ",");
		set_item(rig, f, item);
	}
}

static void
through_tsv(struct rig *rig)
{
	static char names[4096];
	struct transaction_kind named = *rig->kind;
	struct strbuf header;
	struct observation o = observed(rig);

	named.log = "log"; /* some kinds have none */
	strbuf_init(&header, names, sizeof(names));
	zeek_transaction_header(&header, &named);
	zeek_transaction_tsv(&rig->out, rig->kind, &o);
	assert_false(header.truncated || rig->out.truncated);
	char *name = strstr(names, "#fields\t") + strlen("#fields\t");
	*strchr(name, '\n') = '\0';
	char *value = rig->line;
	while (name != NULL) {
		assert_non_null(value);
		const char *column = strsep(&name, "\t");
		set_column(rig, column, strsep(&value, "\t"));
	}
	assert_null(value);
}

static void
through_json(struct rig *rig)
{
	char text[3 * HOSTILE_TEXT_MAX];
	struct observation o = observed(rig);
	struct json_read j;
	struct json_value v;
	int result;

	zeek_transaction_json(&rig->out, rig->kind, &o);
	assert_false(rig->out.truncated);
	json_read_begin(&j, rig->line, rig->out.length);
	while ((result = json_read_next(&j, &v)) == 1) {
		int row = transaction_read_row(rig->kind->fields, NULL, v.path, v.path_length);

		if (row < 0)
			continue;
		assert_int_equal(transaction_read_field(&rig->r, &rig->kind->fields[row],
					 json_read_text(&v, text, sizeof(text))),
			0);
	}
	assert_int_equal(result, 0);
}

static void
every_kind_comes_back_from_tsv(void **state)
{
	static struct rig rig = { .seed = 0x747376 };

	(void)state;
	for (size_t i = 0; i < transaction_count; i++) {
		for (unsigned round = 0; round < ROUNDS; round++) {
			fill(&rig, transactions[i]);
			through_tsv(&rig);
			assert_same(&rig, /* json= */ false);
		}
	}
}

static void
every_kind_comes_back_from_json(void **state)
{
	static struct rig rig = { .seed = 0x6a736f6e };

	(void)state;
	for (size_t i = 0; i < transaction_count; i++) {
		for (unsigned round = 0; round < ROUNDS; round++) {
			fill(&rig, transactions[i]);
			through_json(&rig);
			assert_same(&rig, /* json= */ true);
		}
	}
}

/* Else a column of the log would be taken for the field of that name. */
static void
no_field_is_called_as_a_column_of_the_conversation(void **state)
{
	static const char *const columns[] = { "ts", "uid", "uids", "id.orig_h", "id.orig_p",
		"id.resp_h", "id.resp_p" };

	(void)state;
	for (size_t i = 0; i < transaction_count; i++)
		for (size_t c = 0; c < sizeof(columns) / sizeof(columns[0]); c++)
			assert_int_equal(transaction_read_row(transactions[i]->fields, NULL,
						 columns[c], strlen(columns[c])),
				-1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_comes_back_from_tsv),
		cmocka_unit_test(every_kind_comes_back_from_json),
		cmocka_unit_test(no_field_is_called_as_a_column_of_the_conversation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
