/* zeek_tsv.h -- the form of Zeek's tab-separated logs: their first and last lines, and what a field looks like. */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/strbuf.h"
#include "exporters/exporter.h"

#include <stdint.h>

/*
 * The lines before the first record. `#open` is left out: the same capture gives the same file.
 *
 * path           name of the log: "conn"
 * fields, types  with a tab before each
 */
void zeek_tsv_header(struct strbuf *out, const char *path, const char *fields, const char *types);
/* What such an encoding remembers: its `state_size`. */
struct zeek_tsv_state {
	uint64_t last_ns; /* packet time of the newest record */
};

/* Note the time of a record, written or not. */
void zeek_tsv_see(struct zeek_tsv_state *s, const struct record *r);
/* An encoding's `footer`: "#close<TAB>2026-11-24-02-00-00", packet time for the same reason. */
void zeek_tsv_footer(void *state, const struct run_info *run, struct strbuf *out);

/* Whole fields, each with a tab behind it. */
void zeek_tsv_time(struct strbuf *out, uint64_t ns);
/* Hostile text is escaped as Zeek does, a parser's \x00 for a NUL not once more; "" is unset. */
void zeek_tsv_text(struct strbuf *out, const char *text);
/* The value of a field without the tab: a text, "" as Zeek's "(empty)"; and one of a list of such. */
void zeek_tsv_string(struct strbuf *out, const char *text);
void zeek_tsv_item(struct strbuf *out, const char *text);
void zeek_tsv_count(struct strbuf *out, uint64_t value);
/* Two fields: address and port. */
void zeek_tsv_end(struct strbuf *out, const struct addr *a, uint16_t port);
