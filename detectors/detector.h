/*
 * detector.h -- everything a detector may touch, and the one struct it must fill in.
 *
 * A detector is a value: a name, a config section, state sizes and a few functions. It owns no
 * memory, starts no timer, opens no file, logs nothing, and cannot tell a live interface from a
 * capture file or a packet from a log line. See docs/WRITING-A-DETECTOR.md.
 */
#pragma once

#include "daemon/base/addr_set.h"
#include "daemon/base/addr_tally.h"
#include "daemon/base/arena.h"
#include "daemon/base/arena_map.h"
#include "daemon/base/hash.h"
#include "daemon/base/hll.h"
#include "daemon/base/time_text.h"
#include "daemon/evidence_kind.h"
#include "daemon/observation.h"
#include "daemon/settings/config_item.h"
#include "daemon/site/site.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A named fact about a window that one detector leaves for those after it in detectors.def.
 * Detectors never call each other.
 */
enum window_mark {
	MARK_PORT_SCANNER,       /* scanned ports or hosts: its unknown ports are no news */
	MARK_PEER_TO_PEER,       /* talks with many peers at strange ports */
	MARK_RESOLVES_ELSEWHERE, /* asks resolvers that we cannot hear: what it was told is not known */
	MARK_COUNT,
};

/* What a detector is handed for the length of one call. */
struct detect {
	const void *config;   /* this detector's section, already checked */
	void *window_state;   /* `window_state_size` bytes, zeroed; dies with the window */
	void *profile_state;  /* `profile_state_size` bytes, zeroed; dies with the profile */
	void *site_state;     /* `site_state_size` bytes, zeroed; lives as long as the engine */
	struct arena *memory; /* the window's: lives as long as window_state */
	struct arena *profile_memory;    /* the profile's: lives as long as profile_state */
	const struct site *site;         /* what is known of all hosts: look-ups only */
	const struct hash_key *hash_key; /* for sets and tables of the detector */
	/*
	 * For sketches, and for tables that choose by hash whom they forget: what these say follows the
	 * key, so it is the same for every run over files, and random when live.
	 */
	const struct hash_key *sketch_key;
	const struct addr *host; /* the profile's address */
	uint64_t window_start_ns, window_end_ns;
	void *core; /* private; for the functions below */
};

struct detector {
	const char *name; /* config section, metric label, file name and test name */
	const char *summary;
	uint64_t subscribes; /* OBS_BIT()s */
	size_t config_size;
	const struct config_item *config; /* ends in CONFIG_END */
	size_t window_state_size;
	size_t profile_state_size;
	size_t site_state_size;
	const struct evidence_kind *const *kinds; /* what it may raise, NULL at the end */

	/*
	 * Is this observation worth being shown? Asked first, so that no memory is given to a host for
	 * what does not concern it. NULL: all that is subscribed to.
	 */
	bool (*wants)(const struct site *site, const struct observation *o);
	/* One observation on the profile whose window this is. Never blocks, never fails. */
	void (*observe)(struct detect *d, const struct observation *o);
	/*
	 * The same observation once for all, before any host is shown it, and also when none of its
	 * hosts is a subject. For what concerns a host that never acted, like the victim of forged
	 * addresses. `site_state` is there; window, profile and their memory are not, and what is found
	 * goes on a host's account by evidence_raise_on(). NULL if not needed; a detector has one of
	 * the two at least.
	 */
	void (*observe_site)(struct detect *d, const struct observation *o);
	/*
	 * A deadline set with detect_wake_at() has come. `early`: the wait was cut short (the window
	 * closed, the profile made room, the capture ended) before packet time had reached it: what was
	 * waited for may still have come, so accuse nobody on its absence. NULL if none is ever set.
	 */
	void (*wake)(struct detect *d, void *what, uint64_t now_ns, bool early);
	/* The window is closing; last chance to raise. NULL if not needed. */
	void (*window_close)(struct detect *d, uint64_t end_ns);
	/* The profile is about to be forgotten. NULL if not needed. */
	void (*profile_gone)(struct detect *d);
};

/* A finding: the numbers behind one sentence. Members left out are zero. */
struct finding {
	const struct evidence_kind *kind;
	enum threat threat;      /* how bad it is if it is true */
	double confidence;       /* 0.0 .. 1.0: how sure we are */
	enum evidence_role role; /* is this profile the attacker or the victim */
	bool decisive; /* convicts alone; only where the kind says it may (kind->may_convict) */
	const struct addr *about; /* the other party, or NULL when there is no single one */
	uint16_t port;            /* what it is about, 0 if no single one; ICMP: the type */
	uint8_t ip_proto;
	uint64_t observed;  /* the number that was counted or measured, in kind->unit */
	uint64_t threshold; /* the one it had to reach */
	const char *object; /* what distinguishes it from others of its kind in a window:
	                           * "23/tcp", an address, a name; at most EVIDENCE_OBJECT_MAX bytes */
	const char *source; /* whose lists say so, "a.csv, b.txt"; NULL: nobody else's word */
	const struct flow_uid *uids; /* flows that show it, the newest ones */
	size_t uid_count;            /* at most EVIDENCE_UIDS_MAX are kept */
};

/*
 * Raise a finding on the window being looked at.
 *
 * f        borrowed for the call
 * fmt      the human sentence, in the third person and past tense, with the numbers: "scanned port
 *          23/tcp on 10 hosts"; truncated at EVIDENCE_TEXT_MAX bytes
 * errors   none: a window over its cap (evidence.max_per_detector) counts the loss, keeps the first
 *          ones and says at its close how many were suppressed
 */
void evidence_raise(struct detect *d, const struct finding *f, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Raise the same event for the other side, linked to the last evidence_raise() of this call.
 *
 * f->about is the host that is charged, and this profile becomes its other party; dropped when
 * that host has no profile.
 */
void evidence_raise_twin(struct detect *d, const struct finding *f, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Raise a finding on the account of `host`, from observe_site().
 *
 * host     becomes the finding's host; its profile and its window are made if there are none yet
 * returns  false, and nothing is raised, when it is outside the home network or there is no room
 *
 * A second finding of the same call is the same event for the other side, and linked to the first.
 */
bool evidence_raise_on(struct detect *d, const struct addr *host, const struct finding *f,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/*
 * Ask for wake(`what`) when the packet clock reaches `at_ns`, or when the window closes or the
 * capture ends, whichever is first. Deadlines fire in order of `at_ns`, then of asking.
 *
 * what     memory from d->memory, or NULL
 * returns  false when the window already has its fill of deadlines; the refusal is counted
 */
bool detect_wake_at(struct detect *d, uint64_t at_ns, void *what);

/* Set and read a named fact of the window being looked at. */
void detect_mark(struct detect *d, enum window_mark mark);
bool detect_marked(const struct detect *d, enum window_mark mark);

/*
 * Does this detector ask for the first time, in this window, about that peer of the host? For what is told
 * once for each other party: no set of its own is needed.
 *
 * returns  false also when the window knows WINDOW_PEERS_MAX peers already: say nothing then
 */
bool detect_first_of_peer(struct detect *d, const struct addr *peer);

/*
 * The level of a finding that proves nothing alone: `level` for the first WEAK_SUBJECTS_MAX of a window,
 * info after them. So that a peer-to-peer program with 300 strange ports is no heap of evidence.
 *
 * told  in the detector's window state; counts itself
 */
enum { WEAK_SUBJECTS_MAX = 3 };

static inline enum threat
weak_level(uint8_t *told, enum threat level)
{
	if (*told >= WEAK_SUBJECTS_MAX)
		return THREAT_INFO;
	(*told)++;
	return level;
}

/*
 * Report at `first`, then each time the count has grown tenfold: 10, 100, 1000 ... so that a sweep
 * of a /16 is five findings and not sixty-five thousand.
 *
 * first    may be another at each call, as after a reload: below it nothing is ever due
 * next     the count that is due next; 0 before the first report
 * returns  true when `count` has reached it; `next` has then moved past `count`
 */
static inline bool
report_due(uint64_t *next, uint64_t first, uint64_t count)
{
	uint64_t due = *next > first ? *next : first;

	if (count < due)
		return false;
	while (due <= count)
		due *= 10;
	*next = due;
	return true;
}

/* Is it somebody of the Internet: a public address in no network of ours? */
static inline bool
is_on_internet(const struct site *site, const struct addr *a)
{
	return addr_is_public(a) && !site_is_local(site, a);
}

/* How long nobody answers before an attempt is in vain: as the flow table has it by default. */
#define ATTEMPT_PATIENCE_NS (5 * NS_PER_S)

/*
 * Is this unanswered flow over only because the capture ended, or the flow table was full, while
 * the answer may still have been on its way? Once it was asked again for as long as an attempt is
 * given, the silence is a fact.
 */
static inline bool
attempt_was_cut_short(const struct obs_flow *f)
{
	return f->resp_total.packets == 0 &&
	       (f->ended == FLOW_END_CAPTURE || f->ended == FLOW_END_EVICTED) &&
	       f->last_ns - f->start_ns < ATTEMPT_PATIENCE_NS;
}

/*
 * Was the handshake begun and never completed? Nobody answered, or nobody took the answer: then it
 * went to somebody who had not asked, and the source is forged. Histories are Zeek's letters, the
 * originator's in upper case: it never got further than its SYN, or took it back.
 */
static inline bool
handshake_hangs(const struct obs_flow *f)
{
	if (f->ip_proto != IPPROTO_TCP)
		return false;
	return f->state == CONN_S0 || (f->history[0] == 'S' && strchr(f->history, 'h') != NULL &&
					      strpbrk(f->history, "ADFHIQ") == NULL);
}

/*
 * Is it likely an answer to a search? Who looks for services asks a group of the local network, and each
 * device answers from its service's port to the port that asked: SSDP, WS-Discovery, mDNS, LLMNR. The
 * question went elsewhere, so each answer is a conversation of its own that nobody answers.
 */
static inline bool
is_answer_to_search(const struct obs_flow *f)
{
	const uint16_t from = f->orig_port;

	return f->ip_proto == IPPROTO_UDP && f->resp_port >= IPPORT_RESERVED &&
	       (from == 1900 || from == 3702 || from == 5353 || from == 5355) &&
	       addr_is_private(&f->orig) && addr_is_private(&f->resp);
}

/* The newest flows that show something, for a finding's uids. All zero is none yet. */
struct proof {
	struct flow_uid uids[EVIDENCE_UIDS_MAX];
	uint64_t added;
};

static inline void
proof_add(struct proof *p, const struct flow_uid *uid)
{
	p->uids[p->added % EVIDENCE_UIDS_MAX] = *uid;
	p->added++;
}

static inline size_t
proof_count(const struct proof *p)
{
	return p->added < EVIDENCE_UIDS_MAX ? (size_t)p->added : EVIDENCE_UIDS_MAX;
}

extern const struct detector *const detectors[];
extern const size_t detector_count;
