/* request_rig.h -- hand requests of the web to the detector of a rig. */
#pragma once

#include "daemon/transactions/http.h"
#include "tests/support/detector_rig.h"

#include <netinet/in.h>

/* returns how many findings that made */
static inline size_t
rig_request_as(struct rig *r, enum obs_role role, const struct obs_http *http)
{
	size_t before = r->raised_count;
	const struct obs_talk talk = {
		.id = 1,
		.uid = rig_uid(1),
		.orig = http->client,
		.resp = http->server,
		.orig_port = 40000,
		.resp_port = 80,
		.ip_proto = IPPROTO_TCP,
	};

	rig_observe(r, &(struct observation){
			       .kind = OBS_HTTP,
			       .role = role,
			       .ts_ns = r->now_ns,
			       .talk = &talk,
			       .http = http,
		       });
	return r->raised_count - before;
}

static inline size_t
rig_request(struct rig *r, const struct obs_http *http)
{
	return rig_request_as(r, ROLE_CLIENT, http);
}

/* A list of one text. */
#define ONE_TEXT(text) ((struct text_list){ (const char *const[]){ text }, 1 })
