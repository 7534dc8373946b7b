/*
 * fuzz_json_read.c -- any bytes as a document of a log.
 *
 * Scalars are views of the document; a text that finds less room is the beginning of itself; a struct that is
 * filled by them stays within the room that it has. What the document means, and whether it means anything,
 * jansson has to say too, but for what it refuses and we do not.
 */
#include "daemon/transactions/transaction_read.h"
#include "tests/support/failing_alloc.h"
#include "tests/support/json_oracle.h"
#include "tests/support/transaction_sample.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { INPUT_MOST = 8 << 10, TEXT_ROOM = 48 };

static void
check_text(const struct json_value *v)
{
	static char whole[INPUT_MOST + 1];
	char cut[16];
	struct text_view text = json_read_text(v, whole, sizeof(whole));

	assert(text.length <= v->length);
	assert(text.at == (v->is_escaped ? whole : v->text));
	for (size_t room = 1; v->is_escaped && room <= sizeof(cut); room++) {
		struct text_view kept = json_read_text(v, cut, room);
		assert(kept.length < room && memcmp(kept.at, whole, kept.length) == 0);
		assert(kept.length == text.length ||
			kept.length + 4 >= room); /* no character is longer */
	}
}

/* A field of the name, whatever the value is. */
static void
set_field(struct transaction_read *r, const struct json_value *v)
{
	static const struct transaction_alias aliases[] = { { "a", "texts" }, { "b", "lengths" },
		{ "c", "host.addr" }, { "ts", "when" }, { NULL, NULL } };
	struct text_view value = { v->text, v->length };
	int row = transaction_read_row(sample_fields, aliases, v->path, v->path_length);

	if (row < 0)
		return;
	uint32_t cut = r->cut;
	int result = transaction_read_field(r, &sample_fields[row], value);
	assert(result == 0 || result == -EBADMSG || result == -ENOSPC);
	assert(r->cut == cut + (result == -ENOSPC));
}

static void
check_struct(const struct transaction_read *r)
{
	const struct sample *s = (const void *)r->room.said;

	assert(r->text_used <= r->text_size);
	assert(s->name == NULL || strlen(s->name) < TEXT_ROOM);
	assert(s->texts.count == r->room.text_count && s->texts.count <= TRANSACTION_TEXTS_MAX);
	assert(s->lengths.count == r->room.count_count &&
		s->lengths.count <= TRANSACTION_COUNTS_MAX);
	for (size_t i = 0; i < s->texts.count; i++)
		assert(strlen(s->texts.at[i]) < TEXT_ROOM);
}

static void
walk(const char *document, size_t length)
{
	static char text[TEXT_ROOM];
	static struct transaction_read said = { .text = text, .text_size = sizeof(text) };
	struct json_read r;
	struct json_value v;
	int result;

	transaction_read_begin(&said, sample_fields, sizeof(struct sample));
	json_read_begin(&r, document, length);
	while ((result = json_read_next(&r, &v)) == 1) {
		assert(v.text >= document && v.length <= (size_t)(document + length - v.text));
		assert(v.path_length <= JSON_READ_PATH_MAX);
		check_text(&v);
		set_field(&said, &v);
	}
	assert((result == 0 && r.at == r.end) || result == -EBADMSG);
	assert(json_read_next(&r, &v) == result);
	check_struct(&said);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct json_oracle oracle;
	const char *document = (const char *)bytes;

	if (len > INPUT_MOST)
		return 0;
	failing_alloc_begin(0);
	walk(document, len);
	assert(failing_alloc_end() == 0);
	/* It passes over a NUL behind a number. */
	assert(memchr(document, '\0', len) != NULL ||
		json_oracle_compare(&oracle, document, len) != JSON_DISAGREED);
	return 0;
}
