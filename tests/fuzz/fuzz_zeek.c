/*
 * fuzz_zeek.c -- any bytes as one of Zeek's logs.
 *
 * The lines of the input, through the format as the rig calls it, each in memory of exactly its size; then
 * once more as another piece of the same log, behind what the first one taught. What is told is read to
 * its last byte, as an engine would.
 */
#include "daemon/input/zeek_certificates.h"
#include "daemon/input/zeek_state.h"
#include "daemon/transactions/transaction.h"
#include "tests/support/input_rig.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { INPUT_MOST = 64 << 10 };

static size_t
read_text(const char *text)
{
	return text == NULL ? 0 : strlen(text);
}

static void
read_said(const struct observation *o)
{
	const struct transaction_kind *kind = transaction_kind_of(o->kind);
	size_t read = 0;

	if (kind == NULL)
		return;
	for (const struct transaction_field *f = kind->fields; f->name != NULL; f++) {
		const void *at = transaction_at(f, o->said);
		const struct text_list *texts = at;

		if (f->type == FIELD_TEXT)
			read += read_text(*(const char *const *)at);
		for (size_t i = 0; f->type == FIELD_TEXTS && i < texts->count; i++)
			read += read_text(texts->at[i]);
	}
	assert(read < (size_t)2 * INPUT_TEXT_MAX);
}

static void
check(struct input_rig *r, int told)
{
	if (told < 0) {
		assert(r->s.complaint[0] != '\0' && strlen(r->s.complaint) < INPUT_COMPLAINT_MAX);
		return;
	}
	for (int i = 0; i < told; i++) {
		struct input_item *item = &r->s.items[i];

		input_zeek.telling(&r->s, item);
		if (item->o.kind == OBS_FLOW_END)
			assert(read_text(item->flow.history) <= FLOW_HISTORY_MAX &&
				read_text(item->flow.service) < sizeof(item->service) &&
				read_text(item->flow.label) < sizeof(item->label) &&
				item->flow.id != 0);
		else if (item->o.talk != NULL)
			read_said(&item->o);
	}
}

static void
read_file(struct input_rig *r, const char *bytes, size_t length)
{
	const char *end = bytes + length;

	input_format_begin(&r->s, "fuzz.log", bytes, length);
	for (const char *at = bytes; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t line = (size_t)((stop == NULL ? end : stop) - at);

		check(r, input_rig_bytes(r, at, line));
		at += line + 1;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct zeek_certificates
		known; /* three megabytes: cleared only when something is in it */

	if (len == 0 || len > INPUT_MOST)
		return 0;
	if (known.count > 0)
		memset(&known, 0, sizeof(known));
	struct input_rig *r = input_rig_new(&input_zeek);
	r->plan.follow = bytes[0] & 1;
	r->s.shared = &known;
	read_file(r, (const char *)bytes + 1, len - 1);
	read_file(r, (const char *)bytes + 1, len - 1);
	input_rig_free(r);
	return 0;
}
