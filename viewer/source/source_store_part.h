/*
 * source_store_part.h -- what the parts of the source "store" share (docs/STORE.md): asking, and which rows are a window.
 *
 * Read-only, and never for long: what is busy is waited for, and what takes longer than it should is given up with a
 * sentence. A store may come from anybody: nothing in it is run, and no number in it is trusted.
 */
#pragma once

#include "viewer/source/source_kind.h"
#include "viewer/source/source_store_sql.h"

#include <sqlite3.h>
#include <sys/stat.h>

/* Sums of a window's row, good for as long as the row was told at the same time. */
struct store_sums {
	int64_t id, told_ns;
	uint64_t flows, packets, bytes;
};

/* All profiles, as they were when the data had this version. */
struct store_profiles {
	struct arena memory;
	bool is_read;
	uint64_t version;
	const struct source_profile *profiles;
	size_t count, window_count;
	const struct store_sums *sums; /* in order of ids */
	size_t sum_count;
};

struct store_state {
	sqlite3 *db;
	uint32_t version; /* of its tables */
	struct stat file; /* that was opened */
	sqlite3_stmt *prepared[STORE_QUESTIONS];
	unsigned open;        /* questions that are being asked */
	uint64_t patience_ns; /* that each may take */
	uint64_t give_up_ns;  /* of the monotonic clock: the question at hand */
	struct store_profiles profiles;
};

/* ---- questions ---- */

/* From now on a question has its time. */
void source_store_hurry(struct store_state *state);
/* Say what SQLite did not like, and what to do. */
void source_store_failed(struct source *s, int code);

/* One that is being asked. What fails is told by source_fail(), and then has no rows. */
struct question {
	struct source *source;
	sqlite3_stmt *statement; /* NULL: it failed */
	bool is_open;
	int bound;
};

struct question question_begin(struct source *s, enum store_question which);
/* The next value; a text must stay until the end. */
void question_put(struct question *q, int64_t value);
void question_put_text(struct question *q, const char *text);
/* returns false when there are no more rows; question_end() is due in any case */
bool question_next(struct question *q);
void question_end(struct question *q);

/* A column of the row. What is NULL, or below 0, is "" or 0. */
const char *question_text(const struct question *q, int column, struct arena *m);
int64_t question_i64(const struct question *q, int column);
uint64_t question_u64(const struct question *q, int column);
double question_double(const struct question *q, int column);

/* Did memory end? Says so; the rows before are still good. */
void source_store_full(struct source *s, const struct arena *m, unsigned refused_before);

/* ---- windows ---- */

/*
 * How a host's windows are numbered: as its last run does. Windows of runs before it are those of the same time, and so
 * most often 0 and below; a window that a restart has parted is one.
 */
struct store_anchor {
	int64_t profile; /* 0: no such host */
	int64_t run, number, start_ns, width_ns;
};

struct store_anchor source_store_anchor(struct source *s, int64_t profile);
/* By the profile's first row, of the last run. */
struct store_anchor source_store_anchor_of(
	int64_t profile, int64_t run, int64_t number, int64_t start_ns, int64_t end_ns);
int64_t source_store_number(
	const struct store_anchor *a, int64_t run, int64_t number, int64_t start_ns);
/* returns 0 when there is none */
int64_t source_store_profile(struct source *s, const char *host);

/* The rows that are a window, the oldest run first. */
struct store_window_rows {
	const int64_t *ids;
	size_t count;
	const char *list; /* "[7,9]": for json_each() */
};

struct store_window_rows source_store_window(
	struct source *s, const struct source_window_id *w, struct arena *m);

/* Another number when somebody wrote to it. */
uint64_t source_store_version(struct source *s);

/* ---- answers, by what they are of ---- */

size_t source_store_profiles(struct source *s, struct arena *m, const struct source_profile **ret);
size_t source_store_entry_count(struct source *s, const struct source_window_id *w);
size_t source_store_entries(struct source *s, const struct source_window_id *w, size_t from,
	size_t most, struct arena *m, const struct source_entry **ret);
size_t source_store_flows(struct source *s, const struct source_window_id *w,
	const char *const *uids, size_t uid_count, size_t most, struct arena *m,
	const struct source_flow **ret);
size_t source_store_flows_with(struct source *s, const struct source_window_id *w, const char *peer,
	size_t most, struct arena *m, const struct source_flow **ret);
size_t source_store_evidences(struct source *s, const struct source_window_id *w, bool one_window,
	struct arena *m, const struct source_evidence **ret);
size_t source_store_alerts(struct source *s, struct arena *m, const struct source_alert **ret);
size_t source_store_rows(struct source *s, const struct source_window_id *w,
	enum source_table table, bool established, struct arena *m, const struct source_row **ret);
size_t source_store_tuples(struct source *s, const struct source_window_id *w, bool out,
	struct arena *m, const struct source_tuple **ret);
bool source_store_address(
	struct source *s, const char *address, struct arena *m, struct source_address *ret);
/* Give tuples the names that TLS asked their servers for in a window (its rows' list), lately. */
void source_store_server_names(struct source *s, const char *list, struct source_tuple *tuples,
	size_t count, struct arena *m);
size_t source_store_devices(struct source *s, struct arena *m, const struct source_device **ret);
size_t source_store_losses(struct source *s, struct arena *m, const struct source_loss **ret);
size_t source_store_loss_spans(
	struct source *s, struct arena *m, const struct source_loss_span **ret);
bool source_store_run(struct source *s, struct arena *m, struct source_run *ret);
