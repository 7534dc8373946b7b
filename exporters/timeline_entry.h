/* timeline_entry.h -- what all forms of a timeline's entry are made of (behaviour §7). */
#pragma once

#include "daemon/base/strbuf.h"
#include "daemon/record/record.h"

#include <stdbool.h>
#include <stdint.h>

struct timeline_entry {
	const struct record_timeline *record;
	const struct obs_flow *flow;
	bool is_client;          /* the host whose timeline it is opened the conversation */
	uint64_t sent, received; /* bytes of payload, by that host */
	const char *name;        /* of the port; NULL: nobody knows */
	char peer[ADDR_TEXT_MAX];
};

struct timeline_entry timeline_entry_of(const struct record_timeline *t);

/* Do timelines tell its protocol: TCP, UDP, ICMP and IGMP? */
bool timeline_tells(const struct timeline_entry *e);
/* Is it one with ports? */
bool timeline_has_ports(const struct timeline_entry *e);

/* What an ICMP or IGMP message says: "PING echo". NULL: nobody knows */
const char *timeline_message(const struct timeline_entry *e);

/* "2019/10/22 22:45:16.123456", UTC, so that the same capture gives the same text. */
void timeline_time(struct strbuf *out, uint64_t ns);
/* "1.88Kb": bytes as people read them. */
void timeline_bytes(struct strbuf *out, uint64_t bytes);
