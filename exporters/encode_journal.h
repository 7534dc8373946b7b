/*
 * encode_journal.h -- findings as entries of the journal's native protocol.
 *
 * No encoding of the table: an entry has many lines, and may hold any byte.
 */
#pragma once

#include "exporters/exporter.h"

enum {
	JOURNAL_ENTRY_MAX = 8 * 1024, /* every entry fits */
	JOURNAL_REPEAT_BYTES = 17,
};

/* MESSAGE_ID of all evidence, and of all alerts: journalctl MESSAGE_ID=... */
#define JOURNAL_ID_EVIDENCE "6f1d1a1c9be34bb0a4c5c1f3b0c7d5e1"
#define JOURNAL_ID_ALERT    "b7a0f7f6c24e4f0e8d8f0d9a6a5c3e42"

/* Append the entry of a RECORD_EVIDENCE or RECORD_ALERT. */
void journal_encode(const struct record *r, struct strbuf *out);

/*
 * Add NAIAD_REPEAT=yes, for an entry that may be there already.
 *
 * entry    `length` bytes, with room for JOURNAL_REPEAT_BYTES more
 * returns  its new length
 */
size_t journal_mark_repeat(char *entry, size_t length);
