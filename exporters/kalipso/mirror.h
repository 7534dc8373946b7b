/*
 * mirror.h -- what a Redis is to show, in memory: windows with their timelines and evidence, and addresses.
 *
 * The mirror is the truth that every target is made equal to: a Redis that comes back empty gets all of it
 * again. Bounded in bytes, windows, lines a window and addresses; the windows that changed longest ago go first,
 * with all that they have, and targets are told to forget them. Records are kept packed (record_wire.h,
 * window_wire.h): each dialect makes its own text of them.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/record/record.h"
#include "daemon/record/window_wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

enum {
	MIRROR_TARGETS_MAX = 4,
	MIRROR_NAME_MAX = 64,
	MIRROR_ORG_MAX = 96, /* of a network's owner, of a card's maker */
	MIRROR_NAMES = 3,
	MIRROR_FINDINGS_MAX = 1000, /* pieces of evidence, and alerts, a window */
	MIRROR_BYTES_MIN = 2 * 1024 * 1024,
};

struct mirror;

/* A record that is kept. */
struct mirror_line {
	struct mirror_line *next;
	TAILQ_ENTRY(mirror_line) found; /* evidence, alerts: of all windows, in order of arrival */
	uint64_t number;                /* the same, from 1; 0: timeline */
	uint64_t ts_ns; /* timeline: when the conversation began; evidence: when it was told */
	size_t length;
	uint8_t bytes[]; /* as record_pack() wrote them */
};

struct mirror_lines {
	struct mirror_line *first, *last; /* in order of arrival */
	uint64_t begun;                   /* lines that came before `first` and are gone */
	uint64_t count;                   /* kept; begun + count is how many ever came */
};

/* What one target has still to be told of something. */
struct mirror_due {
	TAILQ_ENTRY(mirror_window) next; /* if `queued` */
	bool queued;
	bool whole;             /* nothing is there that counts: write all of it anew */
	bool there;             /* some of it may be */
	uint64_t written_ns;    /* when it was, last: the target's own */
	uint64_t timeline_told; /* lines that it has, counted as begun + count */
};

struct mirror_window {
	struct addr host; /* this and ref.number are its key */
	struct record_window_ref ref;
	TAILQ_ENTRY(mirror_window) age;     /* the one that changed longest ago first */
	TAILQ_ENTRY(mirror_window) of_host; /* in order of numbers */
	bool closed;
	uint64_t changed_ns; /* when it did, last, by mirror_tick() */
	uint64_t alerts;
	double threat;   /* the sum since the last alert */
	uint8_t *tuples; /* pieces of window_pack(), or NULL: not told yet */
	size_t tuples_length;
	struct mirror_lines timeline, evidence, alerted;
	struct mirror_due due[MIRROR_TARGETS_MAX];
};

struct mirror_name {
	char text[MIRROR_NAME_MAX];
	struct addr told_by;
	uint64_t seen_ns;
	bool is_dns, is_believed;
};

struct mirror_server_name {
	char text[MIRROR_NAME_MAX];
	uint16_t port;
};

/* What is known of an address. */
struct mirror_address {
	struct addr addr;
	uint64_t seen_ns; /* of the record that told it last */
	bool is_private;
	char country[3]; /* "" : not known */
	uint32_t asn;
	char org[MIRROR_ORG_MAX];
	char vendor[MIRROR_ORG_MAX];            /* of the card that sent as it last, */
	char device_name[MIRROR_NAME_MAX];      /* what that is called, */
	uint64_t device_ns;                     /* and when it did; 0: not known */
	struct mirror_name names[MIRROR_NAMES]; /* the newest first */
	size_t name_count;
	struct mirror_server_name server_names[MIRROR_NAMES]; /* from TLS: the oldest first */
	size_t server_name_count;
	bool is_asked;        /* a window was told whose host was a client of it: */
	struct addr asked_by; /* whose the first was, */
	int64_t asked_window; /* and which */
};

/* A window that is no more. */
struct mirror_gone {
	struct addr host;
	int64_t number;
	bool last_of_host; /* no other window of this host is left */
};

struct mirror_plan {
	uint64_t
		bytes; /* MIRROR_BYTES_MIN at least; where they are short, so are windows and addresses */
	uint32_t windows, timeline_lines, addresses; /* lines a window */
	uint32_t targets;                            /* <= MIRROR_TARGETS_MAX */
	size_t window_memory;                        /* of one window's tuples unpacked */
};

struct mirror_stats {
	uint64_t windows, addresses, bytes;                               /* now */
	uint64_t windows_forgotten, lines_forgotten, addresses_forgotten; /* to make room */
	/* Of windows, addresses and findings that were forgotten: before the target had them. */
	uint64_t untold[MIRROR_TARGETS_MAX];
	uint64_t refused; /* records that found no memory */
};

/* returns NULL when memory is out */
struct mirror *mirror_new(const struct mirror_plan *plan);
void mirror_free(struct mirror *m); /* or NULL */

/* Kinds that it reads. */
#define MIRROR_RECORDS                                                      \
	(RECORD_BIT(RECORD_WINDOW) | RECORD_BIT(RECORD_WINDOW_SO_FAR) |     \
		RECORD_BIT(RECORD_ADDRESS) | RECORD_BIT(RECORD_DEVICE) |    \
		RECORD_BIT(RECORD_TIMELINE) | RECORD_BIT(RECORD_EVIDENCE) | \
		RECORD_BIT(RECORD_ALERT))

/* Take a record; of no kind in MIRROR_RECORDS: nothing happens. What changed is due for every target. */
void mirror_take(struct mirror *m, const struct record *r);

/*
 * Time has come to this. Windows that have not changed for `ttl_ns` are forgotten, some at a time: their keys vanish
 * then, and nothing may go on to name them. Before the first record, and several times a second.
 *
 * ttl_ns  0: they stay
 */
void mirror_tick(struct mirror *m, uint64_t monotonic_ns, uint64_t ttl_ns);

/* The target has nothing (any more): all is due, windows whole; what is gone is no longer. */
void mirror_restart(struct mirror *m, uint32_t target);
/* The target may have lost some of what it was told: the same, but what is gone still is, and findings go on. */
void mirror_repeat(struct mirror *m, uint32_t target);

/*
 * What is gone. Who asks for these before the next address or window is told of all: no more can be gone in between
 * than there was. returns false when there is none
 */
bool mirror_next_gone(struct mirror *m, uint32_t target, struct mirror_gone *ret_gone);
bool mirror_next_gone_address(struct mirror *m, uint32_t target, struct addr *ret_addr);

/* The next that is due; mirror_next_window() takes it off the queue as well. NULL: none. */
struct mirror_window *mirror_first_window(struct mirror *m, uint32_t target);
struct mirror_window *mirror_next_window(struct mirror *m, uint32_t target);
const struct mirror_address *mirror_next_address(struct mirror *m, uint32_t target);

/* The next piece of evidence, or alert, in the order in which they came. NULL: it has had them all */
const struct mirror_line *mirror_next_finding(struct mirror *m, uint32_t target);
/* Begin again behind the one of that number. */
void mirror_findings_after(struct mirror *m, uint32_t target, uint64_t number);

/* All of it was written: its timeline is told up to here. */
void mirror_window_told(struct mirror_window *w, uint32_t target);
/* What was written was refused: due again, a window whole. Nothing happens when it is forgotten meanwhile. */
void mirror_window_again(
	struct mirror *m, uint32_t target, const struct addr *host, int64_t number);
void mirror_address_again(struct mirror *m, uint32_t target, const struct addr *a);

/* All addresses are due for every target: what others say of them has changed. */
void mirror_addresses_due(struct mirror *m);

/* returns whether anything is due for the target */
bool mirror_is_due(const struct mirror *m, uint32_t target);

/*
 * The tuples of a window, unpacked.
 *
 * returns  valid until the next call; NULL when they were not told yet, or found no memory
 */
struct window_unpacking *mirror_window_tuples(struct mirror *m, const struct mirror_window *w);

/* returns what is known of an address, or NULL */
const struct mirror_address *mirror_address(const struct mirror *m, const struct addr *a);

/* returns whether the target was told of it: then it is told as well when it is gone */
bool mirror_address_told(const struct mirror *m, uint32_t target, const struct addr *a);
/* The same of any window of a host. */
bool mirror_host_told(const struct mirror *m, uint32_t target, const struct addr *host);

/* Windows of a host, in order of their numbers: call with `after` NULL first. NULL: no more. */
const struct mirror_window *mirror_window_of(
	const struct mirror *m, const struct addr *host, const struct mirror_window *after);

struct mirror_stats mirror_stats(const struct mirror *m);
