/*
 * store -- naiad.db: all that was seen of a run in one file of SQLite's (docs/STORE.md).
 *
 * Rows are gathered in a transaction that is committed every 20000 of them, and live every second; in a small store
 * earlier, so that room is made before there is none. When one fails, all of it is given up and counted, and live the
 * next second is another try: a disk that is full now may have room then. Over files a batch is shown in parts, every
 * second, and room is made at its end all the same: the same input gives the same rows.
 */
#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "exporters/episode.h"
#include "exporters/exporter.h"
#include "exporters/store/store_budget.h"
#include "exporters/store/store_dropped.h"
#include "exporters/store/store_file.h"
#include "exporters/store/store_open.h"
#include "exporters/store/store_record.h"
#include "exporters/store/store_window.h"

#include <errno.h>

#define MIB (UINT64_C(1024) * 1024)
#define TIB (MIB * 1024 * 1024)

enum {
	BATCH_ROWS_MAX = 20000,
	ROW_BYTES = 2048,       /* more than most have */
	BATCH_SHARE = 4,        /* of the size, that a batch may take */
	RETRY_RECORDS = 1000,   /* over files, left out before a failed store is tried again */
	BATCH_LIVE_ROWS = 1000, /* so that no commit takes long */
	MAKE_ROOM_MS = 20,      /* live, in a transaction */
	COMMIT_MS = 1000,
	REOPEN_MAX_S = 64,
	MEMORY_SHARE =
		16, /* of the memory of a run over files, which has more of it than a sensor */
};

enum when { WHEN_FILES, WHEN_ALWAYS, WHEN_NEVER };

struct config {
	uint32_t write; /* enum when */
	const char *path;
	bool flows;
	bool transactions;
	uint64_t size_max;
	uint64_t memory;
};

static const char *const whens[] = { "files", "always", "never", NULL };

static const struct config_item config_items[] = {
	CONFIG_ENUM(struct config, write, whens, WHEN_FILES,
		"Write all that was seen into an SQLite database: over files, live as well, or never."),
	CONFIG_STRING(struct config, path, 4096, "naiad.db",
		"Where, below the output directory unless it is absolute."),
	CONFIG_BOOL(struct config, flows, true,
		"Keep conversations as well as findings, windows and timelines."),
	CONFIG_BOOL(struct config, transactions, true,
		"Keep what hosts say to each other: queries, requests, log-ins."),
	CONFIG_SIZE(struct config, size_max, MIB, TIB, 1024 * MIB,
		"Size of the file at which what is oldest makes room; findings go last."),
	CONFIG_SIZE(struct config, memory, 4 * MIB, 1024 * MIB, 8 * MIB,
		"Memory that the database may use; over files a sixteenth of memory.limit, if that is more."),
	CONFIG_END,
};

struct state {
	struct store store;
	struct store_windows windows;
	struct store_budget budget;
	uint64_t records; /* in the transaction that is open */
	uint64_t wait;    /* records, or live 1, until it is tried again */
	struct episode trouble;
	uint64_t failed; /* given up, since it began */
	struct store_dropped dropped;
	uint64_t committed_ns;
	uint64_t batch_rows;
	uint64_t reopen_ns; /* when one that could not be opened again is tried next */
	uint64_t reopen_s;  /* how long that was waited for */
};

static const char *
encoding(const void *config)
{
	(void)config;
	return "eve";
}

static const char *
file(const void *config)
{
	const struct config *c = config;

	return c->path;
}

static uint32_t
accepts(const void *config, const struct run_info *run)
{
	const struct config *c = config;
	uint32_t kinds = RECORD_BIT(RECORD_EVIDENCE) | RECORD_BIT(RECORD_ALERT) |
			 RECORD_BIT(RECORD_WINDOW) | RECORD_BIT(RECORD_ADDRESS) |
			 RECORD_BIT(RECORD_CLOCK_JUMP) | RECORD_BIT(RECORD_CAPTURE_GAP) |
			 RECORD_BIT(RECORD_LOSS_SPAN) | RECORD_BIT(RECORD_WEIRD) |
			 RECORD_BIT(RECORD_TIMELINE) | RECORD_BIT(RECORD_DEVICE) |
			 RECORD_BIT(RECORD_TOTALS);

	if (c->write == WHEN_NEVER || (c->write == WHEN_FILES && run->live))
		return 0;
	if (run->live)
		kinds |= RECORD_BIT(RECORD_WINDOW_SO_FAR);
	if (c->flows)
		kinds |= RECORD_BIT(RECORD_FLOW) | RECORD_BIT(RECORD_TUNNEL);
	return c->transactions ? kinds | RECORD_BIT(RECORD_TRANSACTION) : kinds;
}

static uint64_t
memory_of(const struct config *c, const struct run_info *run)
{
	uint64_t share = run->live ? 0 : run->memory_limit / MEMORY_SHARE;

	return share > c->memory ? share : c->memory;
}

static uint64_t
memory(const void *config, const struct run_info *run)
{
	const struct config *c = config;

	return memory_of(c, run) + sizeof(struct state);
}

static int
open_store(struct outlet *o)
{
	const struct config *c = o->config;
	struct state *s = o->state;

	return store_open(&s->store, o->run, c->path, c->size_max, memory_of(c, o->run));
}

static int
store_outlet_open(struct outlet *o, const char *header)
{
	const struct config *c = o->config;
	struct state *s = o->state;

	(void)header;
	store_windows_init(&s->windows, &s->store);
	s->budget = (struct store_budget){ .store = &s->store,
		.size_max = c->size_max,
		.at_once_ns = o->run->live ? MAKE_ROOM_MS * (uint64_t)NS_PER_MS : 0 };
	s->batch_rows = c->size_max / BATCH_SHARE / ROW_BYTES;
	uint64_t most = o->run->live ? BATCH_LIVE_ROWS : BATCH_ROWS_MAX;
	if (s->batch_rows > most)
		s->batch_rows = most;
	return open_store(o);
}

static void
give_up(struct outlet *o)
{
	struct state *s = o->state;
	const char *why = store_give_up(&s->store);

	if (episode_begin(&s->trouble))
		log_warnx("store", "cannot write %s: %s; what comes is dropped, trying again %s",
			s->store.path, why, o->run->live ? "every second" : "as it comes");
	s->store.statements.rows = 0;
	s->failed += s->records;
	o->dropped[OUTLET_DROP_FAILED] += s->records;
	s->records = o->queued_records = 0;
	s->wait = o->run->live ? 1 : RETRY_RECORDS;
	store_windows_forget(&s->windows);
}

static void
left(struct outlet *o)
{
	struct state *s = o->state;

	outlet_left(o, s->records);
	s->records = o->queued_records = 0;
}

static uint64_t
dropped_of(const struct outlet *o)
{
	uint64_t dropped = 0;

	for (size_t i = 0; i < OUTLET_DROP_COUNT; i++)
		dropped += o->dropped[i];
	return dropped;
}

static void
commit(struct outlet *o, bool is_last)
{
	struct state *s = o->state;
	uint64_t dropped = dropped_of(o);

	store_dropped_write(&s->dropped, &s->store, dropped, is_last);

	/* Who hears nothing more may be too large all the same. */
	if (!s->store.begun && !(store_budget_is_over(&s->budget) && store_begin(&s->store))) {
		if (dropped == s->dropped.count)
			store_dropped_whole(&s->dropped, dropped);
		return;
	}
	if (store_budget_keep(&s->budget))
		store_windows_forget(&s->windows);
	s->windows.is_brief = s->budget.is_full;
	if (s->store.statements.error != 0 || !store_commit(&s->store)) {
		give_up(o);
		return;
	}
	if (episode_end(&s->trouble))
		log_info("store", "writing %s again, %llu records were dropped", s->store.path,
			(unsigned long long)s->failed);
	s->failed = 0;
	store_dropped_whole(&s->dropped, dropped);
	s->store.statements.rows = 0;
	left(o);
}

/* A batch that goes on, for who looks on. */
static void
store_outlet_show(struct outlet *o)
{
	struct state *s = o->state;

	if (store_commit(&s->store))
		left(o);
	else
		give_up(o);
}

/* What a full store leaves out, so that findings have room. */
static bool
is_detail(enum record_kind kind)
{
	return (RECORD_BIT(kind) &
		       (RECORD_BIT(RECORD_FLOW) | RECORD_BIT(RECORD_TRANSACTION) |
			       RECORD_BIT(RECORD_TIMELINE) | RECORD_BIT(RECORD_TUNNEL) |
			       RECORD_BIT(RECORD_WEIRD) | RECORD_BIT(RECORD_ADDRESS))) != 0;
}

/* What is kept as a line of eve.json. */
static bool
is_line(enum record_kind kind)
{
	return (RECORD_BIT(kind) &
		       (RECORD_BIT(RECORD_TRANSACTION) | RECORD_BIT(RECORD_TUNNEL) |
			       RECORD_BIT(RECORD_CLOCK_JUMP) | RECORD_BIT(RECORD_CAPTURE_GAP) |
			       RECORD_BIT(RECORD_WEIRD))) != 0;
}

static void
record_write(struct outlet *o, const struct record *r, const char *line, size_t length)
{
	struct state *s = o->state;
	uint64_t refused = s->store.statements.refused;

	if (!store_begin(&s->store))
		return;
	if (r->kind == RECORD_WINDOW || r->kind == RECORD_WINDOW_SO_FAR)
		(void)store_window_write(&s->windows, r);
	else
		store_record(&s->windows, r, line, length);
	if (s->store.statements.refused == refused)
		return;
	if (refused == 0)
		log_warnx("store", "%s does not take a record: %s; such are left out and counted",
			s->store.path, sqlite3_errmsg(s->store.statements.db));
	o->dropped[OUTLET_DROP_FAILED]++;
	o->queued_records = --s->records;
}

static void
store_outlet_write(struct outlet *o, const struct record *r, const char *line, size_t length)
{
	struct state *s = o->state;

	store_dropped_see(&s->dropped, r->ts_ns);
	if (store_budget_is_stuck(&s->budget) && r->kind != RECORD_TOTALS) {
		s->failed++;
		o->dropped[OUTLET_DROP_FULL]++;
		return;
	}
	if (s->budget.is_full && is_detail(r->kind)) {
		o->dropped[OUTLET_DROP_RESERVED]++;
		return;
	}
	if (line == NULL && is_line(r->kind)) {
		o->dropped[OUTLET_DROP_TOO_LONG]++;
		return;
	}
	s->wait -= s->wait > 0 && !o->run->live;
	if (s->wait > 0 || s->store.statements.db == NULL) {
		s->failed++;
		o->dropped[OUTLET_DROP_FAILED]++;
		return;
	}
	s->records++;
	o->queued_records = s->records;
	record_write(o, r, line, length);
	if (s->store.statements.error != 0)
		give_up(o);
	else if (s->store.statements.rows >= s->batch_rows)
		commit(o, false);
}

/* A new one, in place of one that was moved away or removed, or could not be opened the last time. */
static void
begin_anew(struct outlet *o)
{
	struct state *s = o->state;

	if (o->now.monotonic_ns < s->reopen_ns)
		return;
	store_windows_forget(&s->windows);
	if (open_store(o) == 0) {
		log_info("store", "began %s anew", s->store.path);
		s->reopen_s = s->reopen_ns = s->dropped.count = 0;
		return;
	}
	s->reopen_s =
		s->reopen_s < REOPEN_MAX_S ? s->reopen_s * 2 + (s->reopen_s == 0) : REOPEN_MAX_S;
	s->reopen_ns = o->now.monotonic_ns + s->reopen_s * NS_PER_S;
	(void)store_close(&s->store);
}

/* Rotators move files away: what is there goes on in its place. */
static void
store_outlet_reopen(struct outlet *o)
{
	struct state *s = o->state;

	if (s->store.statements.db != NULL && !store_file_has_moved(&s->store))
		return;
	if (s->store.statements.db != NULL) {
		commit(o, false);
		log_warnx("store", "%s was moved away or removed", s->store.path);
		(void)store_close(&s->store);
	}
	begin_anew(o);
}

/* Is there a reader for whom nothing may be written? Said once, and in commit() when that is over. */
static bool
is_stuck(struct state *s)
{
	if (!store_budget_is_stuck(&s->budget))
		return false;
	store_log_move(&s->store);
	if (!store_budget_is_stuck(&s->budget))
		return false;
	if (episode_begin(&s->trouble))
		log_warnx("store",
			"somebody reads %s and does not end, its log has half of store.size_max: what comes is dropped until then",
			s->store.path);
	return true;
}

static void
store_outlet_tick(struct outlet *o)
{
	struct state *s = o->state;

	if (o->now.monotonic_ns - s->committed_ns < COMMIT_MS * (uint64_t)NS_PER_MS)
		return;
	s->committed_ns = o->now.monotonic_ns;
	store_dropped_see(&s->dropped, o->now.wall_ns);
	s->wait = 0;
	store_outlet_reopen(o);
	if (s->store.statements.db != NULL && !is_stuck(s))
		commit(o, false);
}

static int
store_outlet_close(struct outlet *o, const char *footer)
{
	struct state *s = o->state;

	(void)footer;
	if (s->store.run != 0)
		commit(o, true);
	int result = store_close(&s->store);
	return result == 0 && o->dropped[OUTLET_DROP_FAILED] > 0 ? -EIO : result;
}

const struct exporter exporter_store = {
	.name = "store",
	.summary = "All that was seen of a run, in an SQLite database.",
	.encoding = encoding,
	.does_without = true,
	.file = file,
	.config_size = sizeof(struct config),
	.config = config_items,
	.state_size = sizeof(struct state),
	.memory = memory,
	.accepts = accepts,
	.open = store_outlet_open,
	.write = store_outlet_write,
	.tick = store_outlet_tick,
	.show = store_outlet_show,
	.reopen = store_outlet_reopen,
	.close = store_outlet_close,
};
