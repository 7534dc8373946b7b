/* intel_rig.h -- a detector's rig with lists: a test file defines DETECTOR_UNDER_TEST before it includes this. */
#pragma once

#include "tests/support/detector_rig.h"
#include "tests/support/intel_sample.h"

#include <netinet/in.h>
#include <stdlib.h>

extern const struct detector DETECTOR_UNDER_TEST;

struct lists_rig {
	struct rig r;
	struct intel *lists;
};

static inline int
setup(void **state)
{
	struct lists_rig *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	rig_open(&t->r, &DETECTOR_UNDER_TEST);
	*state = t;
	return 0;
}

static inline int
teardown(void **state)
{
	struct lists_rig *t = *state;

	rig_done(&t->r);
	intel_free(t->lists);
	free(t);
	return 0;
}

/* From now on there are these lists, and no others. */
static inline void
know(struct lists_rig *t, const struct intel_indicator *what, const unsigned *list, size_t count)
{
	struct intel *before = t->lists;

	t->lists = intel_of(what, list, count);
	site_set_intel(t->r.site, t->lists);
	intel_free(before);
}

/* One indicator, of the first list. */
static inline void
know_one(struct lists_rig *t, struct intel_indicator what)
{
	know(t, &what, (const unsigned[]){ LIST_FIRST }, 1);
}

/* Of these ends, on port 443. */
static inline struct obs_talk
talk_between(struct addr orig, struct addr resp)
{
	return (struct obs_talk){ .id = 1,
		.uid = rig_uid(1),
		.orig = orig,
		.resp = resp,
		.orig_port = 50000,
		.resp_port = 443,
		.ip_proto = IPPROTO_TCP };
}

static inline void
said(struct lists_rig *t, enum obs_kind kind, enum obs_role role, const struct obs_talk *talk,
	const void *what)
{
	rig_observe(&t->r, &(struct observation){ .kind = kind,
				   .role = role,
				   .ts_ns = t->r.now_ns,
				   .talk = talk,
				   .said = what });
}

/* A peer is shown again, as after a change of the lists. */
static inline void
peer_again(struct lists_rig *t, enum obs_role role, struct addr peer, bool established)
{
	rig_observe(&t->r, &(struct observation){ .kind = OBS_PEER,
				   .role = role,
				   .ts_ns = t->r.now_ns,
				   .peer = &(struct obs_peer){ .peer = peer,
					   .port = 443,
					   .ip_proto = IPPROTO_TCP,
					   .established = established } });
}
