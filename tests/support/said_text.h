/*
 * said_text.h -- a transaction as one line of text: "http method=GET uri=/ status_code=200".
 *
 * Fields in the order of the kind's table, what is not known left out, lists in brackets. For tests to
 * compare; not a format.
 */
#pragma once

#include "daemon/base/strbuf.h"
#include "daemon/observation.h"
#include "daemon/transactions/transaction.h"

#include <assert.h>

static inline void
said_text_value(struct strbuf *out, const struct transaction_field *f, const void *said)
{
	const void *at = transaction_at(f, said);
	const struct text_list *texts = at;
	const struct interval_list *intervals = at;
	char addr[ADDR_TEXT_MAX];

	switch (f->type) {
	case FIELD_TEXT:
		strbuf_text(out, *(const char *const *)at);
		break;
	case FIELD_COUNT:
	case FIELD_TIME:
	case FIELD_INTERVAL:
		strbuf_u64(out, *(const uint64_t *)at);
		break;
	case FIELD_TRUTH:
		strbuf_text(out, *(const enum truth *)at == TRUTH_YES ? "yes" : "no");
		break;
	case FIELD_ADDR:
		strbuf_text(out, addr_format(at, addr));
		break;
	case FIELD_PORT:
		strbuf_u64(out, *(const uint16_t *)at);
		break;
	case FIELD_TEXTS:
		strbuf_char(out, '[');
		for (size_t i = 0; i < texts->count; i++) {
			strbuf_text(out, i > 0 ? "|" : "");
			strbuf_text(out, texts->at[i]);
		}
		strbuf_char(out, ']');
		break;
	case FIELD_INTERVALS:
		strbuf_char(out, '[');
		for (size_t i = 0; i < intervals->count; i++) {
			strbuf_text(out, i > 0 ? "|" : "");
			strbuf_u64(out, intervals->at[i]);
		}
		strbuf_char(out, ']');
		break;
	case FIELD_NEVER:
		break;
	}
}

static inline void
said_text(struct strbuf *out, const struct observation *o)
{
	const struct transaction_kind *kind = transaction_kind_of(o->kind);

	assert(kind != NULL);
	strbuf_text(out, kind->log != NULL ? kind->log : "-");
	for (const struct transaction_field *f = kind->fields; f->name != NULL; f++) {
		if (transaction_is_unset(f, o->said))
			continue;
		strbuf_char(out, ' ');
		strbuf_text(out, f->name);
		strbuf_char(out, '=');
		said_text_value(out, f, o->said);
	}
}
