/* report_parts.h -- what the files that gather a report share. */
#pragma once

#include "ctl/report/report_model.h"

/* One conversation of a host, from its own side, wherever it is known from. */
struct report_talk {
	uint64_t start_ns;
	const char *peer;
	const char *port; /* of who was asked: "443/tcp" */
	uint64_t sent, received;
	bool is_from; /* the peer opened it */
	bool answered;
};

struct report_talks {
	struct report_talk *rows;
	size_t count;
	size_t total; /* that there are */
};

/* A list that grows, in an arena. */
struct report_list {
	struct arena *memory;
	size_t row_size;
	void *rows;
	size_t count, room;
};

/* Room for one more, zeroed. returns NULL when memory is out */
void *report_list_add(struct report_list *l);

/* All conversations of a host, as far as the bound; in order of their beginnings. */
void report_talks_read(struct source *s, const struct source_profile *p, bool has_flows,
	struct arena *memory, struct report_talks *ret);

/* What a host is known for, and the part of its timeline that shows it. After its evidence and alerts are there. */
void report_why_fill(struct report_host *h);
void report_entries_fill(
	struct report_host *h, struct source *s, struct arena *keep, struct arena *scratch);

/* The pictures of a host, from its conversations. What is kept goes to the report's arena. */
void report_buckets_fill(struct report_host *h, const struct report_talks *t);
/* Mark where traffic was missing; after report_buckets_fill(). */
void report_buckets_blind(
	struct report_host *h, const struct source_loss_span *spans, size_t count);
void report_peers_fill(
	struct report_host *h, struct source *s, const struct report_talks *t, struct arena *keep);
void report_scan_fill(struct report_host *h, const struct report_talks *t, struct arena *keep,
	struct arena *scratch);
void report_beacons_fill(struct report_host *h, struct source *s, const struct report_talks *t,
	struct arena *keep, struct arena *scratch);

/* Of all evidence: what one would look for elsewhere, what it is called, and where it points. */
void report_indicators_fill(struct report *r, struct source *s);
void report_techniques_fill(struct report *r);
void report_countries_fill(struct report *r);

const char *report_keep(struct arena *m, const char *text); /* "" when memory is out */
int report_text_compare(const void *a, const void *b);      /* of two `const char *`, for qsort() */
