/*
 * detector_rig.h -- drive one detector by hand: one profile, no engine, no packets, no clock.
 *
 * The rig defines what the core defines in the daemon (evidence_raise and its kin) and the linker takes it
 * from here. The site is a real one that learns from what is observed. Whatever is raised is checked against the contract of
 * detector.h, so every test of a detector tests that as well.
 */
#pragma once

#include "daemon/window/window_peers.h"
#include "detectors/detector.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RIG_RAISED_MAX = 64, RIG_DEADLINES_MAX = 8 };

/* A finding as it was raised, copied. */
struct raised {
	const struct evidence_kind *kind;
	enum threat threat;
	double confidence;
	enum evidence_role role;
	bool decisive;
	bool twin;
	struct addr host; /* on whose account */
	bool has_about;
	struct addr about;
	uint16_t port;
	uint8_t ip_proto;
	uint64_t observed, threshold;
	char object[EVIDENCE_OBJECT_MAX + 1]; /* "" if none */
	struct flow_uid uids[EVIDENCE_UIDS_MAX];
	size_t uid_count;
	char text[EVIDENCE_TEXT_MAX];
};

struct rig_deadline {
	uint64_t at_ns;
	void *what;
};

struct rig {
	const struct detector *detector;
	struct detect call;
	struct arena memory, profile_memory; /* lower cap_bytes to see a detector run out */
	struct arena settings;
	unsigned char *section; /* the detector's, filled with its defaults */
	struct hash_key hash_key;
	struct addr host; /* 10.0.0.1 */
	struct addr
		stranger; /* the one host that evidence_raise_on() finds outside home, or zero */
	uint64_t now_ns;  /* packet time: the newest observation, or rig_tick() */
	uint64_t observed_ns; /* ts_ns of the observation being looked at, or of the deadline */
	unsigned marks;       /* of the window, by enum window_mark */
	struct window_peers peers; /* of the window, for detect_first_of_peer() */
	struct site *site;
	struct public_suffix *suffixes; /* those that libpsl was built with */
	struct rig_deadline deadlines[RIG_DEADLINES_MAX];
	size_t deadline_count, deadline_max, deadlines_refused;
	struct raised raised[RIG_RAISED_MAX]; /* the first ones */
	size_t raised_count;                  /* all of them */
};

/* Open a profile of 10.0.0.1 with one empty window of an hour that starts at RIG_START_NS. */
void rig_open(struct rig *r, const struct detector *d);
/* Forget everything; nothing is cut short. */
void rig_done(struct rig *r);

#define RIG_START_NS (UINT64_C(1600000000) * NS_PER_S)
#define RIG_WIDTH_NS (UINT64_C(3600) * NS_PER_S)

/* Change a setting by its name; whether the row would take the value is asserted. */
void rig_set_bool(struct rig *r, const char *name, bool value);
void rig_set_u32(struct rig *r, const char *name, uint32_t value);
void rig_set_duration(struct rig *r, const char *name, uint64_t ns);
void rig_set_size(struct rig *r, const char *name, uint64_t bytes);
/* Would the row take `value`? */
bool rig_setting_takes(const struct rig *r, const char *name, uint64_t value);

/*
 * Hand over an observation as it is, if the detector subscribes to its kind.
 *
 * Packet time moves to its ts_ns first if that is later, and whatever is due by then wakes.
 */
void rig_observe(struct rig *r, const struct observation *o);

/*
 * Hand over a flow of which this profile is the client.
 *
 * f  where orig, start_ns, last_ns, previous_ns, history or service are zero they become the rig's
 *    host, the present, start_ns and ""
 */
void rig_flow(struct rig *r, enum obs_kind kind, const struct obs_flow *f);
/* The same as seen by its responder. */
void rig_flow_as_server(struct rig *r, enum obs_kind kind, const struct obs_flow *f);

/* Packet time reaches `now_ns`: deadlines that are due wake, in order of time, then of asking. */
void rig_tick(struct rig *r, uint64_t now_ns);

/* The window closes: what is waited for wakes, early unless it is due, then the detector has its last word. */
void rig_window_close(struct rig *r);
/* The window closes and the next one opens, an hour later. */
void rig_window_next(struct rig *r);
/* The window closes and the profile goes. */
void rig_profile_gone(struct rig *r);

/* What was raised last; there must be something. */
const struct raised *rig_last(const struct rig *r);

/* Let DNS name `a` now. */
void rig_resolve(struct rig *r, struct addr a);

/* The site learns of something that this profile is not shown. */
void rig_learn(struct rig *r, const struct observation *o);

/* A uid that shows its number: "C0000000000000000n". */
struct flow_uid rig_uid(unsigned number);
