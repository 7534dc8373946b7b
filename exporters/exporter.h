/*
 * exporter.h -- where records go, and what they look like on the way.
 *
 * Two tables. An *encoding* turns a record into one line (encode_<name>.c, encodings.def). An
 * *exporter* carries lines, or records, somewhere (<name>.c, exporters.def). An *outlet* is one
 * running exporter with its settings and, if it carries lines, one encoding. A record is encoded
 * once per encoding in use, however many outlets carry it.
 */
#pragma once

#include "daemon/base/attack.h"
#include "daemon/base/strbuf.h"
#include "daemon/engine/interface_names.h"
#include "daemon/record/record.h"
#include "daemon/settings/config_item.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_base;

/* One file of a run over logs, and what became of its lines. */
struct run_input {
	const char *file, *kind; /* "zeek", "eve", ... */
	const char *log;         /* "conn"; "" where the kind has no logs */
	uint64_t lines, read, skipped, bad;
};

/* A list of threat intelligence, and what became of it. */
struct run_list {
	const char *file, *kind; /* "malicious", "tor", ... */
	uint64_t indicators;
	const char *refused; /* why all of it was; NULL: it was not */
	uint64_t line;       /* where; 0: as a whole */
};

/* What every outlet and encoding may know about the run. Borrowed; lives as long as they do. */
struct run_info {
	const char *version;       /* "0.1.0" */
	const char *sensor;        /* name of this sensor: `host` in EVE */
	const char *output_dir;    /* where a run over files writes; "." if not given */
	const char *const *inputs; /* paths as they were given; interfaces when live */
	size_t input_count;
	/*
	 * The files of logs that are read, to begin at `from`. returns how many were written, at most `room`.
	 * NULL: the inputs are captures.
	 */
	size_t (*files)(void *context, size_t from, struct run_input *ret, size_t room);
	void *files_context;
	const struct run_list *lists; /* known by the end of the run, when it is one over files */
	size_t list_count;
	const struct interface_names *interfaces; /* NULL: none has a name */
	bool live;
	uint64_t memory_limit; /* bytes that a run over files may take; 0: not known */
	/* The sensor's own addresses: of the interfaces that it listens to. NULL, 0: none, or not known. */
	const struct addr *own;
	size_t own_count;
	const char *state_dir; /* what survives a restart lies below it; NULL: nothing may */
	bool json_summary;     /* --json: the closing summary is one object */
	const char
		*settings_text; /* the settings as --print-config would print them, for run.json */
	uint64_t (*elapsed_ns)(
		void); /* since the start, by the wall; for the summary on stdout only */
};

struct encoding {
	const char *name;
	const char *summary;
	uint32_t encodes;  /* RECORD_BIT()s that it has a line for */
	size_t state_size; /* zeroed; e.g. a digest context */
	/* Once, before the first line. returns 0, or -errno. NULL if there is nothing to prepare. */
	int (*open)(void *state, const struct run_info *run);
	/* Append one line, without a line end, to `out`. Appending nothing means: not this one. */
	void (*encode)(void *state, const struct run_info *run, const struct record *r,
		struct strbuf *out);
	/* Append what a file of this encoding starts and ends with, whole lines. NULL for nothing. */
	void (*header)(void *state, const struct run_info *run, struct strbuf *out);
	void (*footer)(void *state, const struct run_info *run, struct strbuf *out);
	void (*close)(void *state);
};

/* Why a record did not leave. A closed list: each is a label of a metric (outlet_metrics.h). */
enum outlet_drop {
	OUTLET_DROP_TOO_LONG, /* it has no line of a length that can be carried */
	OUTLET_DROP_FULL,     /* what waits for a disk or a peer had no more room */
	OUTLET_DROP_RESERVED, /* a conversation, while the disk's last room is kept for findings */
	OUTLET_DROP_FAILED,   /* accepted, and could not be written or sent after all */
	OUTLET_DROP_COUNT,
};

/* What was kept to be shown, and made room for what is newer. Labels of a metric, too. */
enum outlet_forgot {
	OUTLET_FORGOT_WINDOWS,
	OUTLET_FORGOT_LINES, /* of a timeline, or findings, of a window that is kept */
	OUTLET_FORGOT_ADDRESSES,
	OUTLET_FORGOT_COUNT,
};

/* The time as of the last tick. Zero over files: what is written there knows packet time only. */
struct outlet_time {
	uint64_t monotonic_ns;
	uint64_t wall_ns; /* since the epoch */
};

/* One running instance of an exporter. */
struct outlet {
	struct event_base *base; /* NULL in a run over files */
	const struct run_info *run;
	const void *config; /* its section, already checked */
	void *state;        /* `state_size` bytes, zeroed */
	struct outlet_time now;

	uint64_t written; /* lines or records that left */
	uint64_t dropped[OUTLET_DROP_COUNT];
	uint64_t forgotten[OUTLET_FORGOT_COUNT];
	uint64_t left_out; /* parts of what left, over a cap: counted each time it is written */
	uint64_t queued_records, queued_bytes; /* that wait for a disk or a peer */
	uint64_t last_success_ns;              /* wall clock of the last that left; 0: none yet */
};

/* Count records that have left just now. */
static inline void
outlet_left(struct outlet *o, uint64_t records)
{
	o->written += records;
	if (records > 0)
		o->last_success_ns = o->now.wall_ns;
}

enum { EXPORTER_READS_MAX = 8 };

struct exporter {
	const char *name;
	const char *summary;
	/*
	 * Which encoding's lines it carries with these settings, by name: of kinds that have none there, it reads
	 * records. NULL: it reads records only.
	 */
	const char *(*encoding)(const void *config);
	/* The path of the file that it writes, as it is set. NULL: none, or below the output directory. */
	const char *(*file)(const void *config);
	/*
	 * Live, what it reads elsewhere with these settings: files and directories, absolute, which the sandbox leaves
	 * open. A file may be renamed over: its directory is open then. NULL: nothing.
	 *
	 * ret_paths  room for EXPORTER_READS_MAX; borrowed from `config`
	 * returns    how many there are
	 */
	size_t (*reads)(const void *config, const char **ret_paths);
	/* A record whose line is too long is handed on without it. */
	bool does_without;
	size_t config_size;
	const struct config_item *config; /* ends in CONFIG_END */
	size_t state_size;

	/* Bytes of memory.limit that it may fill with these settings, if it is opened. NULL: few. */
	uint64_t (*memory)(const void *config, const struct run_info *run);
	/* Which records it wants with these settings; 0: it is not needed, and is not opened. */
	uint32_t (*accepts)(const void *config, const struct run_info *run);
	/*
	 * Begin. A peer that is merely away is not an error: connect later, drop and count until then.
	 * header   of the encoding, "" if it has none; valid until the end
	 * returns  0, or -errno for what only an operator can fix (bad path, no permission); the line
	 *          that tells the person is already logged
	 */
	int (*open)(struct outlet *o, const char *header);
	/*
	 * Take one record. Never blocks: queue it, or count the drop.
	 *
	 * line, length  its line; NULL and 0 when its encoding has none of this kind, it has no encoding, or the line
	 *               was too long for one that `does_without`
	 */
	void (*write)(struct outlet *o, const struct record *r, const char *line, size_t length);
	/* Live, every OUTLETS_TICK_MS: `now` is new. NULL if nothing depends on time. */
	void (*tick)(struct outlet *o);
	/*
	 * Over files, every second or so by the wall: who looks on is to see what was written. What comes out in the end
	 * does not depend on it. NULL: it is seen at once, or at the end.
	 */
	void (*show)(struct outlet *o);
	/* SIGHUP: reopen what a log rotator may have moved. NULL if there is nothing to reopen. */
	void (*reopen)(struct outlet *o);
	/*
	 * End. Accepts a half-opened outlet.
	 * returns  0, or -errno when something that was accepted could not be written out
	 */
	int (*close)(struct outlet *o, const char *footer);
};

extern const struct exporter *const exporters[];
extern const size_t exporter_count;
extern const struct encoding *const encodings[];
extern const size_t encoding_count;

/* returns the encoding of that name, or NULL */
const struct encoding *encoding_find(const char *name);
