#include "daemon/loop/capture/capture_set.h"

#include "daemon/loop/capture/capture_handle.h"
#include "daemon/loop/capture/capture_home.h"
#include "daemon/loop/now.h"
#include "daemon/loop/packet_clock.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TICK_BATCH = 512 };

/* A block that is being filled cannot be seen; the kernel's timer that ends it is not exact. */
#define UNSEEN_NS (UINT64_C(2) * CAPTURE_BLOCK_MS * NS_PER_MS)

struct member {
	char name[LINK_NAME_MAX];
	uint32_t role;
	struct capture_live *live;
	struct packet_clock clock;
	uint64_t now_ns; /* of the call in progress */
	struct capture_set *set;
};

struct capture_set {
	struct capture_set_plan plan;
	char *filter; /* NULL: every frame passes */
	size_t count;
	struct member members[CAPTURE_SET_MAX];
	bool is_heard;       /* of one that wants to be opened */
	uint64_t retried_ns; /* monotonic */
};

/* Rules of the kernel's dev_valid_name(), which cannot be asked. */
static bool
is_name(const char *name)
{
	size_t length = strlen(name);

	if (length == 0 || length >= LINK_NAME_MAX || strcmp(name, ".") == 0 ||
		strcmp(name, "..") == 0)
		return false;
	for (size_t i = 0; i < length; i++)
		if (name[i] == '/' || name[i] == ':' || isspace((unsigned char)name[i]))
			return false;
	return true;
}

int
capture_set_check(const struct capture_interface_settings *interfaces, size_t count,
	char *ret_error, size_t error_size)
{
	if (count == 0 || count > CAPTURE_SET_MAX) {
		(void)snprintf(ret_error, error_size,
			"%zu interfaces to capture on; expected 1 to %d", count, CAPTURE_SET_MAX);
		return -EINVAL;
	}
	for (size_t i = 0; i < count; i++) {
		const char *name = interfaces[i].name;
		if (!is_name(name)) {
			(void)snprintf(ret_error, error_size,
				"'%s' is no interface's name; ip link lists them", name);
			return -EINVAL;
		}
		if (count > 1 && strcmp(name, "any") == 0) {
			(void)snprintf(ret_error, error_size,
				"'any' is every interface: it cannot be captured on together "
				"with others, name it alone or name the others");
			return -EINVAL;
		}
		for (size_t j = 0; j < i; j++) {
			if (strcmp(interfaces[j].name, name) != 0)
				continue;
			(void)snprintf(ret_error, error_size,
				"%s is named twice; each interface once", name);
			return -EINVAL;
		}
	}
	return 0;
}

static int
open_member(struct capture_set *s, const struct capture_interface_settings *i, char *ret_error,
	size_t error_size)
{
	struct member *m = &s->members[s->count];
	uint64_t now_ns = now_monotonic_ns();
	const struct capture_live_plan plan = {
		.name = i->name,
		.number = (uint16_t)s->count,
		.ring_bytes = s->plan.ring_bytes,
		.snaplen = s->plan.snaplen,
		.promiscuous = s->plan.promiscuous,
		.wait = s->plan.wait,
		.filter = s->filter,
	};

	*m = (struct member){ .role = i->role, .set = s };
	(void)snprintf(m->name, sizeof(m->name), "%s", i->name);
	packet_clock_start(&m->clock, now_wall_ns(), now_ns);
	return capture_live_open(&plan, now_ns, &m->live, ret_error, error_size);
}

static int
filter_copy(const char *filter, char **ret_copy, char *ret_error, size_t error_size)
{
	*ret_copy = filter == NULL ? NULL : strdup(filter);
	if (filter == NULL || *ret_copy != NULL)
		return 0;
	(void)snprintf(ret_error, error_size, "out of memory");
	return -ENOMEM;
}

int
capture_set_open(const struct capture_set_plan *plan, struct capture_set **ret_set, char *ret_error,
	size_t error_size)
{
	int rc = plan->count == 0
			 ? 0
			 : capture_set_check(plan->interfaces, plan->count, ret_error, error_size);
	if (rc != 0)
		return rc;
	struct capture_set *s = calloc(1, sizeof(*s));
	if (s == NULL) {
		(void)snprintf(ret_error, error_size, "out of memory");
		return -ENOMEM;
	}
	s->plan = *plan;
	s->retried_ns = now_monotonic_ns();
	rc = filter_copy(plan->filter, &s->filter, ret_error, error_size);
	for (; rc == 0 && s->count < plan->count; s->count++)
		rc = open_member(s, &plan->interfaces[s->count], ret_error, error_size);
	if (rc != 0) {
		capture_set_close(s);
		return rc;
	}
	*ret_set = s;
	return 0;
}

void
capture_set_close(struct capture_set *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->count; i++)
		capture_live_close(s->members[i].live);
	free(s->filter);
	free(s);
}

size_t
capture_set_count(const struct capture_set *s)
{
	return s->count;
}

const char *
capture_set_name(const struct capture_set *s, size_t place)
{
	return s->members[place].name;
}

enum capture_state
capture_set_state(const struct capture_set *s, size_t place)
{
	return capture_live_state(s->members[place].live);
}

int
capture_set_fd(const struct capture_set *s, size_t place)
{
	return capture_live_fd(s->members[place].live);
}

uint64_t
capture_set_opened(const struct capture_set *s, size_t place)
{
	return capture_live_opened(s->members[place].live);
}

size_t
capture_set_home(const struct capture_set *s, struct cidr *ret_nets, size_t room)
{
	size_t count = 0;

	for (size_t i = 0; i < s->count; i++)
		if (s->members[i].role == CAPTURE_ROLE_LAN)
			count = capture_home_add(s->members[i].name, ret_nets, count, room);
	return count;
}

/* For all, or for none. returns 0, or -errno and a line */
static int
compile_all(const struct capture_set *s, const char *text,
	struct capture_filter ret_filters[CAPTURE_SET_MAX], char *ret_error, size_t error_size)
{
	for (size_t i = 0; i < s->count; i++) {
		int rc = capture_live_compile(
			s->members[i].live, text, &ret_filters[i], ret_error, error_size);
		if (rc == 0)
			continue;
		for (size_t done = 0; done <= i; done++)
			capture_filter_done(&ret_filters[done]);
		return rc;
	}
	return 0;
}

int
capture_set_filter(struct capture_set *s, const char *filter, char *ret_error, size_t error_size)
{
	struct capture_filter filters[CAPTURE_SET_MAX];
	char *text;

	int rc = filter_copy(filter, &text, ret_error, error_size);
	if (rc == 0)
		rc = compile_all(s, text, filters, ret_error, error_size);
	if (rc != 0) {
		free(text);
		return rc;
	}
	for (size_t i = 0; i < s->count; i++)
		capture_live_filter(s->members[i].live, &filters[i]);
	free(s->filter);
	s->filter = text;
	return 0;
}

static void
on_frame(void *context, const struct frame *f)
{
	struct member *m = context;
	struct frame timed = *f;

	timed.ts_ns = packet_clock_stamp(&m->clock, f->ts_ns, m->now_ns);
	m->set->plan.take(m->set->plan.context, &timed);
}

int
capture_set_dispatch(struct capture_set *s, size_t place, int most)
{
	struct member *m = &s->members[place];

	m->now_ns = now_monotonic_ns();
	int n = capture_live_dispatch(m->live, most, m->now_ns, on_frame, m);
	if (n < most) /* or nothing is open, and nothing waits there either */
		packet_clock_empty(&m->clock, m->now_ns - UNSEEN_NS);
	return n;
}

void
capture_set_hear(void *set, const struct link_event *e)
{
	struct capture_set *s = set;
	uint64_t now_ns = now_monotonic_ns();

	for (size_t i = 0; i < s->count; i++) {
		struct member *m = &s->members[i];
		if (!capture_live_hear(m->live, e, now_ns))
			continue;
		if (capture_live_state(m->live) == CAPTURE_GONE)
			(void)capture_set_dispatch(s, i, INT_MAX); /* what it left behind */
		s->is_heard = capture_live_look(m->live, now_ns) || s->is_heard;
	}
}

bool
capture_set_tick(struct capture_set *s)
{
	uint64_t now_ns = now_monotonic_ns();
	struct capture_counters ignored; /* read, so that they do not wrap unseen */
	bool wants = false;

	for (size_t i = 0; i < s->count; i++) {
		/* One that is silent is found empty, so that its time goes on. */
		(void)capture_set_dispatch(s, i, TICK_BATCH);
		wants = capture_live_look(s->members[i].live, now_ns) || wants;
		capture_live_counters(s->members[i].live, &ignored);
	}
	return wants && (s->is_heard || now_ns - s->retried_ns >= CAPTURE_SET_RETRY_NS);
}

void
capture_set_reopen(struct capture_set *s)
{
	s->retried_ns = now_monotonic_ns();
	s->is_heard = false;
	for (size_t i = 0; i < s->count; i++)
		(void)capture_live_reopen(s->members[i].live, s->retried_ns);
}

uint64_t
capture_set_idle_ns(const struct capture_set *s)
{
	uint64_t oldest = UINT64_MAX;

	for (size_t i = 0; i < s->count; i++) {
		uint64_t ns = packet_clock_idle(&s->members[i].clock);
		oldest = ns < oldest ? ns : oldest;
	}
	return oldest;
}

bool
capture_set_gap(struct capture_set *s, struct capture_set_gap *ret_gap)
{
	struct capture_gap gap;

	for (size_t i = 0; i < s->count; i++) {
		const struct packet_clock *clock = &s->members[i].clock;
		if (!capture_live_gap(s->members[i].live, &gap))
			continue;
		*ret_gap = (struct capture_set_gap){
			.interface = s->members[i].name,
			.from_ns = packet_clock_at(clock, gap.from_ns),
			.to_ns = packet_clock_at(clock, gap.to_ns),
			.reason = gap.reason == CAPTURE_DOWN ? "down" : "gone",
		};
		return true;
	}
	return false;
}

uint64_t
capture_set_now_ns(const struct capture_set *s, size_t place)
{
	return packet_clock_at(&s->members[place].clock, now_monotonic_ns());
}

void
capture_set_counters(struct capture_set *s, size_t place, struct capture_counters *ret)
{
	const struct packet_clock *clock = &s->members[place].clock;

	capture_live_counters(s->members[place].live, ret);
	ret->clock_clamped = clock->clamped;
	ret->clock_steps_forward = clock->steps_forward;
	ret->clock_steps_back = clock->steps_back;
}

void
capture_set_totals(struct capture_set *s, struct capture_counters *ret)
{
	*ret = (struct capture_counters){ 0 };
	for (size_t i = 0; i < s->count; i++) {
		struct capture_counters one;
		capture_set_counters(s, i, &one);
		capture_counters_add(ret, &one);
	}
}

void
capture_set_finish(struct capture_set *s, uint64_t most_ns)
{
	uint64_t now_ns = now_monotonic_ns();

	for (size_t i = 0; i < s->count; i++)
		capture_live_deafen(s->members[i].live);
	for (size_t i = 0; i < s->count; i++) {
		struct member *m = &s->members[i];
		m->now_ns = now_monotonic_ns();
		capture_live_finish(m->live, now_ns + most_ns, on_frame, m);
	}
}
