/* transaction_sample.h -- a kind of transaction with a field of each type. */
#pragma once

#include "daemon/observation.h"
#include "daemon/transactions/transaction.h"

struct sample {
	const char *name, *sort;
	uint64_t count, when_ns, length_ns;
	enum truth is_so;
	struct addr addr;
	uint16_t port;
	struct text_list texts;
	struct interval_list lengths;
};

static const struct transaction_field sample_fields[] = {
	FIELD_ROW_TEXT(struct sample, name, "name"),
	FIELD_ROW_ENUM(struct sample, sort, "sort"),
	FIELD_ROW_COUNT(struct sample, count, "count"),
	FIELD_ROW_TRUTH(struct sample, is_so, "is_so"),
	FIELD_ROW_TIME(struct sample, when_ns, "when"),
	FIELD_ROW_INTERVAL(struct sample, length_ns, "length"),
	FIELD_ROW_ADDR(struct sample, addr, "host.addr"),
	FIELD_ROW_PORT(struct sample, port, "host.port"),
	FIELD_ROW_TEXTS(struct sample, texts, "texts", "set[string]"),
	FIELD_ROW_INTERVALS(struct sample, lengths, "lengths"),
	FIELD_ROW_NEVER("fuid", "string"),
	FIELD_END,
};

static const struct transaction_kind sample_kind = {
	.kind = OBS_HTTP,
	.log = "sample",
	.has_ends = true,
	.size = sizeof(struct sample),
	.fields = sample_fields,
};

static const char *const sample_texts[] = { "one", "", "a,b" };
static const uint64_t sample_lengths[] = { 1500000000, 0 };

/* All of it known. */
static inline struct sample
sample_full(void)
{
	return (struct sample){
		.name = "tab\there",
		.sort = "tcp",
		.count = 7,
		.when_ns = UINT64_C(1700000000250000000),
		.length_ns = 250000000,
		.is_so = TRUTH_NO,
		.addr = addr_from_v4((const uint8_t[]){ 10, 0, 0, 9 }),
		.port = 53,
		.texts = { sample_texts, 3 },
		.lengths = { sample_lengths, 2 },
	};
}

/* Nothing of it. */
static inline struct sample
sample_unset(void)
{
	return (struct sample){ .count = TRANSACTION_UNSET, .length_ns = TRANSACTION_UNSET };
}
