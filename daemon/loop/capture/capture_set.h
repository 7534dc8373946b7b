/*
 * capture_set.h -- the live interfaces of a run together.
 *
 * Frames come out of it with the time that their interface's packet_clock gives them. It has no event
 * loop: who has one waits on the descriptors and calls
 *
 *   capture_set_dispatch()  when an interface is readable
 *   capture_set_hear()      when link_watch tells something
 *   capture_set_tick()      once a second and after hearing; and capture_set_reopen(), with CAP_NET_RAW raised, if it
 *                           says so
 *
 * and looks afterwards whether capture_set_fd() or capture_set_opened() of an interface has changed.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/loop/capture/capture_live.h"
#include "daemon/settings/shell_settings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CAPTURE_SET_MAX = 16 };

struct capture_set_plan {
	const struct capture_interface_settings *interfaces; /* for the call */
	size_t count;
	uint64_t ring_bytes; /* an interface */
	uint32_t snaplen;
	bool promiscuous;
	bool wait;          /* for interfaces that are not there, or down, at the start */
	const char *filter; /* or NULL; copied */
	capture_frame_fn
		take; /* each frame that passes; its `interface` is the place in `interfaces` */
	void *context;
};

/* A stretch of packet time in which an interface captured nothing. */
struct capture_set_gap {
	const char *interface; /* as configured; the set's */
	uint64_t from_ns, to_ns;
	const char *reason; /* "down", "gone" */
};

struct capture_set;

/*
 * Check a list of interfaces: none, too many, one twice, "any" together with others, or what cannot be
 * a name.
 *
 * ret_error  on failure one line
 * returns    0 or -EINVAL
 */
int capture_set_check(const struct capture_interface_settings *interfaces, size_t count,
	char *ret_error, size_t error_size);

/*
 * Check the list and begin to capture on all of it. Needs CAP_NET_RAW. A list of none is a set that
 * captures nothing.
 *
 * ret_error  on failure one line
 * returns    0; as capture_set_check() and capture_live_open() of the first that fails
 */
int capture_set_open(const struct capture_set_plan *plan, struct capture_set **ret_set,
	char *ret_error, size_t error_size);

/* Close all. Accepts NULL. */
void capture_set_close(struct capture_set *s);

size_t capture_set_count(const struct capture_set *s);
/* An interface by its place, 0 .. count - 1: name as configured, state, descriptor, times opened. */
const char *capture_set_name(const struct capture_set *s, size_t place);
enum capture_state capture_set_state(const struct capture_set *s, size_t place);
int capture_set_fd(const struct capture_set *s, size_t place);
uint64_t capture_set_opened(const struct capture_set *s, size_t place);

/*
 * The networks that the interfaces of role `lan` are in now, for home_network.
 *
 * returns  how many were written to `ret_nets`
 */
size_t capture_set_home(const struct capture_set *s, struct cidr *ret_nets, size_t room);

/*
 * Let frames of all interfaces pass by another filter from now on.
 *
 * filter     or NULL for every frame; copied
 * ret_error  on failure one line
 * returns    0; -EINVAL it does not compile, -ENOMEM; the old one stays then
 */
int capture_set_filter(
	struct capture_set *s, const char *filter, char *ret_error, size_t error_size);

/* capture_live_dispatch() of one interface. */
int capture_set_dispatch(struct capture_set *s, size_t place, int most);

/* Hear what link_watch tells; `set` is a struct capture_set, so that this is a link_event_fn. */
void capture_set_hear(void *set, const struct link_event *e);

/*
 * Look how the interfaces are, and hand out what waits.
 *
 * returns  true if capture_set_reopen() is due: at once after something was heard of an interface that
 *          is not open, else every CAPTURE_SET_RETRY_NS
 */
bool capture_set_tick(struct capture_set *s);

#define CAPTURE_SET_RETRY_NS (5 * NS_PER_S)

/* Open what is not open and there. */
void capture_set_reopen(struct capture_set *s);

/*
 * Packet time that an engine may be told while no packets come: no packet still to come is older, as far as
 * the clocks of the interfaces go. UINT64_MAX where there are none.
 */
uint64_t capture_set_idle_ns(const struct capture_set *s);

/* Take a gap that has ended. returns false if there is none */
bool capture_set_gap(struct capture_set *s, struct capture_set_gap *ret_gap);

/* The packet time of an interface at this moment. */
uint64_t capture_set_now_ns(const struct capture_set *s, size_t place);

/* The counters of one interface, or the sum of all. */
void capture_set_counters(struct capture_set *s, size_t place, struct capture_counters *ret);
void capture_set_totals(struct capture_set *s, struct capture_counters *ret);

/*
 * Receive nothing any more, hand out what is in the rings, for `most_ns` at the most, and close. Gaps
 * end here. Counters and gaps can still be read.
 *
 * cost  100 ms, and what handing out costs
 */
void capture_set_finish(struct capture_set *s, uint64_t most_ns);
