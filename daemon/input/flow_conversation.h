/* flow_conversation.h -- what records of both directions say of one conversation; flow_pair.c keeps them. */
#pragma once

#include "daemon/flow/flow.h"
#include "daemon/input/flow_pair.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

/* One direction. */
struct flow_direction {
	struct flow_sent sent, told; /* all of it; that part which was told */
	uint64_t start_ns, last_ns;
	uint32_t source;
	bool is_known;   /* a record of it came */
	bool may_go_on;  /* as its latest record has it */
	bool has_opened; /* an exporter says so */
	struct mac mac;
};

struct flow_conversation {
	struct flow_key key;
	TAILQ_ENTRY(flow_conversation) link;
	uint64_t since_ns; /* when it came into its list */
	uint64_t start_ns, last_ns, previous_ns;
	struct flow_direction side[2]; /* 0: from the key's low end */
	uint16_t vlan;
	bool is_lingering; /* in which list it is */
	bool is_told;      /* once at least: its start, and so its name, stays */
	bool is_sampled;
};

/*
 * The key of a record's conversation, as packets have it: a question of ICMP and its answer are one.
 *
 * ret_side  which of the conversation's sides sent the record's packets
 */
bool flow_conversation_key(
	const struct flow_part *part, struct flow_key *ret_key, unsigned *ret_side);

/* Is the record of this conversation, and not of the next one with the same ends? */
bool flow_conversation_holds(const struct flow_conversation *c, unsigned side,
	const struct flow_part *part, const struct flow_pair_plan *plan);

/* Begin one that is zeroed. */
void flow_conversation_begin(
	struct flow_conversation *c, const struct flow_key *key, const struct flow_part *part);

/* Add a record that it holds. returns false when it is a copy of what another exporter told */
bool flow_conversation_add(
	struct flow_conversation *c, unsigned side, const struct flow_part *part);

/* Did records of both directions come? */
bool flow_conversation_is_paired(const struct flow_conversation *c);

/* May more of it come, as far as its records tell? */
bool flow_conversation_goes_on(const struct flow_conversation *c);

/* As it stands, with what is new since it was told before. */
void flow_conversation_tell(struct flow_conversation *c, bool is_end, struct obs_flow *ret_flow);
