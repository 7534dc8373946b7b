/* name_rig.h -- questions of DNS and their answers, handed to a detector. */
#pragma once

#include "daemon/transactions/dns.h"
#include "tests/support/detector_rig.h"

#include <netinet/in.h>

/*
 * Hand over a question, with its answer unless rcode is unset.
 *
 * dns  where client or server are zero they become the rig's host, and 10.0.0.53
 */
static inline void
rig_dns(struct rig *r, const struct obs_dns *given)
{
	struct obs_dns dns = *given;

	if (addr_is_unspecified(&dns.client))
		dns.client = r->host;
	if (addr_is_unspecified(&dns.server))
		dns.server = addr_v4(10, 0, 0, 53);
	const struct obs_talk talk = {
		.uid = rig_uid(53),
		.orig = dns.client,
		.resp = dns.server,
		.orig_port = 40053,
		.resp_port = 53,
		.ip_proto = IPPROTO_UDP,
	};
	rig_observe(r, &(struct observation){
			       .kind = OBS_DNS, .ts_ns = r->now_ns, .talk = &talk, .dns = &dns });
}

/* `name` is found to be `a`. */
static inline void
rig_name_is(struct rig *r, const char *name, struct addr a)
{
	const struct dns_answer answer = { .addr = a, .ttl_s = 60 };

	rig_dns(r, &(struct obs_dns){ .query = name, .answers = &answer, .answer_count = 1 });
}

/* There is no such name. */
static inline void
rig_name_fails(struct rig *r, const char *name)
{
	rig_dns(r, &(struct obs_dns){ .query = name, .rcode = 3 });
}
