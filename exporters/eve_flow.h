/* eve_flow.h -- the EVE event of a conversation that ended. */
#pragma once

struct community_id;
struct interface_names;
struct json;
struct obs_flow;

/*
 * Write the event's members into the object that is open, after its time.
 *
 * c      open; its context is used
 * names  of the interfaces; NULL if none has one. A flow does without what has no name
 * cost   about 1 us with the Community ID; no allocation
 */
void eve_flow(struct json *j, struct community_id *c, const struct interface_names *names,
	const struct obs_flow *f);
