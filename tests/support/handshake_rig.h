/* handshake_rig.h -- a detector of handshakes: a test file defines DETECTOR_UNDER_TEST before it includes this. */
#pragma once

#include "daemon/transactions/tls.h"
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

/* returns how many findings a handshake made */
static inline size_t
handshake(struct rig *r, struct addr server, enum obs_role role, const struct obs_tls *tls)
{
	const struct obs_talk talk = { .uid = rig_uid(1),
		.orig = r->host,
		.resp = server,
		.resp_port = 4443,
		.ip_proto = IPPROTO_TCP };
	size_t before = r->raised_count;

	rig_observe(r, &(struct observation){ .kind = OBS_TLS,
			       .role = role,
			       .ts_ns = r->now_ns,
			       .talk = &talk,
			       .tls = tls });
	return r->raised_count - before;
}

static inline struct addr
outside(unsigned n)
{
	return addr_v4(9, 9, 9, (uint8_t)n);
}
