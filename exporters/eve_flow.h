/* eve_flow.h -- the EVE events of a conversation: it ended; it turned out to be a tunnel. */
#pragma once

struct community_id;
struct interface_names;
struct json;
struct obs_flow;
struct obs_tunnel;

/*
 * Write the event's members into the object that is open, after its time.
 *
 * c      open; its context is used
 * names  of the interfaces; NULL if none has one. A flow does without what has no name
 * cost   about 1 us with the Community ID; no allocation
 */
void eve_flow(struct json *j, struct community_id *c, const struct interface_names *names,
	const struct obs_flow *f);

/*
 * The same for a tunnel. Suricata has no event for it: ours is of its own type, with the ends of the
 * conversation outside.
 */
void eve_tunnel(struct json *j, const struct interface_names *names, const struct obs_tunnel *t);
