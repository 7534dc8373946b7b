/*
 * eve_event.h -- transactions as EVE's events: what each adds to the common fields.
 *
 * The form is Suricata's (its schema and user guide), so that what reads eve.json reads ours.
 */
#pragma once

#include "daemon/base/json.h"
#include "daemon/observation.h"

#include <stddef.h>

struct eve_event {
	unsigned kind;    /* enum obs_kind */
	const char *type; /* "dns": `event_type`, and the key of its object */
	/* Write the members of that object, which is open. */
	void (*write)(struct json *j, const struct observation *o);
	/* Write what stands beside it; NULL: nothing does. */
	void (*write_beside)(struct json *j, const struct observation *o);
	/* The same for what Suricata has no word for, in our own object. NULL: nothing. */
	void (*write_own)(struct json *j, const struct observation *o);
};

extern const struct eve_event *const eve_events[];
extern const size_t eve_event_count;

/* returns the event of an enum obs_kind, or NULL */
const struct eve_event *eve_event_of(unsigned kind);

struct interface_names;

/* The whole event but time and host: conversation, the event's object, and ours. */
void eve_transaction(struct json *j, const struct interface_names *names,
	const struct eve_event *event, const struct observation *o);
