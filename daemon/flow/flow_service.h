/*
 * flow_service.h -- the names of what a flow carries, in the eight bits that a flow has for it.
 *
 * Most flows carry one protocol, or packets. Where one is inside or behind another ("smtp,ssl",
 * "smb,gssapi,ntlm"), the flow's value is that of a sequence: a row that says what was known before and which
 * name came to it. Rows are made when a sequence is met for the first time and kept, since there are few;
 * when all are taken, or a text is at its end, a flow keeps the names that it has.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flow;
struct flow_table;

/* What `service` of a flow says: nothing, an index into protocols[] + 1, a sequence, or a kind of tunnel. */
enum {
	SERVICE_UNKNOWN = 0,
	SERVICE_SEQUENCE = 64, /* + index of the sequence */
	SERVICE_TUNNEL = 128,  /* + enum tunnel_kind */
	SERVICE_TUNNEL_TOLD = 64,
};

enum {
	SERVICE_SEQUENCES = SERVICE_TUNNEL - SERVICE_SEQUENCE,
	SERVICE_TEXT_MAX = 64, /* the NUL included */
};

struct service_sequence {
	uint8_t before;   /* the value without `name` */
	const char *name; /* what came last */
	char text[SERVICE_TEXT_MAX];
};

struct service_sequences {
	uint8_t count;
	struct service_sequence at[SERVICE_SEQUENCES];
};

/* returns the names in the order in which they were found, with commas between, "" if none; valid as long as `t` */
const char *flow_service_text(const struct flow_table *t, const struct flow *f);

bool flow_has_service(const struct flow *f);
/* returns an index into protocols[] while the flow carries one protocol alone; else SIZE_MAX */
size_t flow_service(const struct flow *f);

/* The flow was recognised as protocols[protocol]. Over what is known as a tunnel nothing changes. */
void flow_add_protocol(struct flow_table *t, struct flow *f, size_t protocol);
/* It was not, after all. */
void flow_drop_protocol(struct flow_table *t, struct flow *f, size_t protocol);

/*
 * What was recognised has something else in it: "ntlm".
 *
 * name  of static storage
 */
void flow_add_service(struct flow_table *t, struct flow *f, const char *name);
