/* remote_call_rig.h -- a detector of remote calls: a test file defines DETECTOR_UNDER_TEST before it includes this. */
#pragma once

#include "daemon/transactions/dce_rpc.h"
#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct detector DETECTOR_UNDER_TEST;

static inline int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &DETECTOR_UNDER_TEST);
	*state = &rig;
	return 0;
}

static inline int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static const struct addr server = { .byte = { [10] = 0xff, 0xff, 10, 0, 0, 9 } };

/* returns how many findings a call made */
static inline size_t
show(struct rig *r, enum obs_role role, struct addr to, const struct obs_dce_rpc *rpc)
{
	const struct obs_talk talk = {
		.uid = rig_uid(7),
		.orig = r->host,
		.resp = to,
		.orig_port = 40000,
		.resp_port = 445,
		.ip_proto = IPPROTO_TCP,
	};
	size_t before = r->raised_count;

	rig_observe(r, &(struct observation){ .kind = OBS_DCE_RPC,
			       .role = role,
			       .ts_ns = r->now_ns,
			       .talk = &talk,
			       .dce_rpc = rpc });
	return r->raised_count - before;
}
