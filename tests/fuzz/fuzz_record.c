/*
 * fuzz_record.c -- any bytes as records that one process packed for another.
 *
 * What is taken must pack to the bytes that it was read from; texts end, lists lie in the input.
 */
#include "daemon/record/record_wire.h"
#include "tests/support/failing_alloc.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
check(const struct record_unpacked *u, const uint8_t *bytes, size_t len)
{
	static uint8_t packed[1 << 16];
	struct blob b = blob_over(packed, sizeof(packed));

	assert(u->record.kind < RECORD_KIND_COUNT &&
		(RECORD_WIRE_KINDS & RECORD_BIT(u->record.kind)) != 0);
	if (u->record.kind == RECORD_EVIDENCE) {
		assert(strnlen(u->evidence.id, UUID_TEXT_MAX) < UUID_TEXT_MAX);
		assert(strlen(u->evidence.text) <= len && strlen(u->kind.name) <= len);
		assert(u->evidence.uid_count * sizeof(struct flow_uid) <= len);
	}
	if (u->record.kind == RECORD_ALERT)
		assert(u->alert.evidence_count * UUID_TEXT_MAX <= len);
	if (u->record.kind == RECORD_TOTALS)
		assert(u->totals.lost_count <= RECORD_WIRE_LOSSES_MAX);
	if (len > sizeof(packed))
		return;
	record_pack(&b, &u->record);
	assert(!b.overflow && b.length == len && memcmp(packed, bytes, len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct record_unpacked u;
	struct cursor c = cursor_over(bytes, len);

	failing_alloc_begin(1);
	while (cursor_left(&c) > 0) {
		const uint8_t *from = c.at;
		if (!record_unpack(&c, &u))
			break;
		check(&u, from, (size_t)(c.at - from));
	}
	assert(failing_alloc_end() == 0);
	return 0;
}
