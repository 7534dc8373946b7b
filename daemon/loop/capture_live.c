/*
 * An interface that goes down keeps its handle: the kernel hooks the socket again when it comes up,
 * without a privilege, and nothing is lost in between. libpcap (since 1.10.0) goes along with that, but
 * wants to be asked every millisecond whether the interface still exists (required_select_timeout);
 * link_watch tells that instead, and capture_live_look() once a second, so nothing spins. Only an
 * interface that was removed, or an error, closes the handle.
 *
 * What an event says is a reason to look, and how things are is asked from the kernel: events may be
 * lost, and several are old by the time the first one is read. One thing only the event knows: that the
 * interface was down, when it is up again by now.
 *
 * libpcap knows an interface by name. A handle lives through a change of the name, until libpcap
 * misses the old one; then it is opened again under the new one.
 */
#include "daemon/loop/capture_live.h"

#include "daemon/base/limiter.h"
#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"
#include "daemon/base/time_text.h"
#include "daemon/loop/capture_handle.h"
#include "daemon/loop/capture_socket.h"
#include "daemon/loop/now.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 512, SAY_BURST = 10, FINISH_BATCH = 512 };
#define SAY_INTERVAL_NS (5 * NS_PER_S)

struct capture_live {
	struct capture_live_plan plan;
	char configured[LINK_NAME_MAX];
	char name[LINK_NAME_MAX]; /* as it is called now */
	bool is_any;
	int links;   /* for link_state_ask() */
	int ifindex; /* 0: not known, or "any" */
	struct capture_handle handle;
	uint64_t opened;
	struct capture_filter filter;
	struct capture_tally tally;

	enum capture_state state;
	struct capture_gaps gaps;
	struct limiter limiter;
	int said_error; /* why it cannot be opened; said once */

	capture_frame_fn take; /* of the call in progress */
	void *context;
};

/* An interface may come and go ten times a second. */
static void __attribute__((format(printf, 3, 4)))
say(struct capture_live *c, uint64_t now_ns, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	uint64_t swallowed;
	va_list arguments;

	if (!limiter_pass(&c->limiter, now_ns, &swallowed))
		return;
	va_start(arguments, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, arguments);
	va_end(arguments);
	if (swallowed > 0)
		log_warnx("capture", "%s: %s (%llu more)", c->configured, line,
			(unsigned long long)swallowed);
	else
		log_warnx("capture", "%s: %s", c->configured, line);
}

static void
count_kernel(struct capture_live *c)
{
	struct pcap_stat stat;

	if (c->handle.pcap != NULL && pcap_stats(c->handle.pcap, &stat) == 0)
		capture_tally_kernel(&c->tally, stat.ps_recv, stat.ps_drop);
}

static void
close_handle(struct capture_live *c)
{
	if (c->handle.pcap == NULL)
		return;
	count_kernel(c);
	capture_tally_close(&c->tally);
	capture_handle_close(&c->handle);
}

static void
lose(struct capture_live *c, enum capture_state state, uint64_t now_ns)
{
	if (c->state != state)
		say(c, now_ns, "the interface is %s, waiting for it",
			state == CAPTURE_DOWN ? "down" : "gone");
	capture_gaps_lose(&c->gaps, state);
	c->state = state;
}

static void
regain(struct capture_live *c, uint64_t now_ns)
{
	char text[64];
	struct strbuf length;
	uint64_t blind_ns = capture_gaps_regain(&c->gaps, now_ns);

	if (blind_ns > 0) {
		strbuf_init(&length, text, sizeof(text));
		time_text_length(&length, blind_ns);
		say(c, now_ns, "capturing again, after %s", text);
	}
	c->state = CAPTURE_OPEN;
	c->said_error = 0;
}

/*
 * The interface to capture on: the one of the configured name, else the one that had it.
 *
 * returns  0; -ENODEV if there is none; -errno if it cannot be asked
 */
static int
find(struct capture_live *c, struct link_state *ret_link)
{
	*ret_link = (struct link_state){ .name = "any", .is_up = true };
	if (c->is_any)
		return 0;
	int rc = link_state_ask(c->links, /* ifindex= */ 0, c->configured, ret_link);
	if (rc == -ENODEV && c->ifindex > 0)
		rc = link_state_ask(c->links, c->ifindex, NULL, ret_link);
	return rc;
}

static void
follow_name(struct capture_live *c, const struct link_state *link, uint64_t now_ns)
{
	char text[4 * LINK_NAME_MAX + 2];
	struct strbuf quoted;

	if (strcmp(c->name, link->name) == 0)
		return;
	memcpy(c->name, link->name, sizeof(c->name));
	if (strcmp(c->name, c->configured) == 0)
		return;
	strbuf_init(&quoted, text, sizeof(text));
	log_quote(&quoted, c->name, strlen(c->name), sizeof(c->name));
	say(c, now_ns, "the interface is called %s now, following it", text);
}

/* Open under the name that it has. returns 0, or -errno and a line */
static int
open_handle(struct capture_live *c, const struct link_state *link, uint64_t now_ns, char *ret_error,
	size_t error_size)
{
	const struct capture_handle_plan plan = {
		.name = link->name,
		.ring_bytes = c->plan.ring_bytes,
		.snaplen = c->plan.snaplen,
		.promiscuous = c->plan.promiscuous,
	};
	int rc = capture_handle_open(&plan, &c->handle, ret_error, error_size);

	if (rc == 0)
		rc = capture_filter_add(&c->filter, c->handle.link, ret_error, error_size);
	if (rc != 0) {
		capture_handle_close(&c->handle);
		return rc;
	}
	c->opened++;
	c->ifindex = link->ifindex;
	follow_name(c, link, now_ns);
	capture_tally_open(&c->tally, link->missed);
	regain(c, now_ns);
	return 0;
}

/*
 * Look, and find what is to be opened.
 *
 * returns  true if there is something: `ret_link`
 */
static bool
look(struct capture_live *c, uint64_t now_ns, struct link_state *ret_link)
{
	int rc = find(c, ret_link);
	if (rc == -ENODEV) {
		close_handle(c);
		lose(c, CAPTURE_GONE, now_ns);
	}
	if (rc != 0)
		return false;
	if (c->handle.pcap != NULL && ret_link->ifindex != c->ifindex)
		return ret_link->is_up; /* the name is back: leave what was followed for it */
	if (c->handle.pcap != NULL) {
		capture_tally_missed(&c->tally, ret_link->missed);
		follow_name(c, ret_link, now_ns);
	}
	if (!ret_link->is_up) {
		lose(c, CAPTURE_DOWN, now_ns);
		return false;
	}
	if (c->handle.pcap != NULL)
		regain(c, now_ns);
	return c->handle.pcap == NULL;
}

bool
capture_live_look(struct capture_live *c, uint64_t now_ns)
{
	struct link_state link;

	return look(c, now_ns, &link);
}

bool
capture_live_reopen(struct capture_live *c, uint64_t now_ns)
{
	char error[LINE_MAX_BYTES];
	struct link_state link;

	if (!look(c, now_ns, &link))
		return c->state == CAPTURE_OPEN;
	if (c->handle.pcap != NULL) {
		close_handle(c);
		capture_gaps_lose(&c->gaps, CAPTURE_GONE);
	}
	int rc = open_handle(c, &link, now_ns, error, sizeof(error));
	if (rc != 0 && rc != -ENODEV && rc != -ENETDOWN && rc != c->said_error) {
		c->said_error = rc; /* the other two will be heard of */
		log_warnx("capture", "%s; trying again until it works", error);
	}
	return rc == 0;
}

bool
capture_live_hear(struct capture_live *c, const struct link_event *e, uint64_t now_ns)
{
	if (c->is_any)
		return false;
	if (e->change == LINK_LOST)
		return true;
	bool is_ours = c->ifindex > 0 && e->link.ifindex == c->ifindex;
	if (is_ours && e->change == LINK_GONE) {
		lose(c, CAPTURE_GONE, now_ns);
		c->ifindex = 0; /* the next one with this number is another one */
	} else if (is_ours && !e->link.is_up) {
		lose(c, CAPTURE_DOWN, now_ns);
	}
	return is_ours || strcmp(e->link.name, c->configured) == 0;
}

static void
on_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct capture_live *c = (void *)user;
	const struct frame f = {
		.ts_ns = (uint64_t)header->ts.tv_sec * NS_PER_S +
			 (uint64_t)header->ts.tv_usec * c->handle.fraction_ns,
		.bytes = bytes,
		.captured = header->caplen,
		.wire = header->len,
		.link = c->handle.link,
		.interface = c->plan.number,
	};
	bool passed = capture_filter_match(&c->filter, &f);

	capture_tally_frame(&c->tally, &f, passed);
	if (passed)
		c->take(c->context, &f);
}

int
capture_live_dispatch(
	struct capture_live *c, int most, uint64_t now_ns, capture_frame_fn take, void *context)
{
	if (c->handle.pcap != NULL) {
		c->take = take;
		c->context = context;
		int n = pcap_dispatch(c->handle.pcap, most, on_packet, (void *)c);
		if (n >= 0)
			return n;
		struct link_state link;
		bool is_down = find(c, &link) == 0 && !link.is_up;
		log_debug("capture", "%s: closed: %s", c->configured, pcap_geterr(c->handle.pcap));
		close_handle(c);
		lose(c, is_down ? CAPTURE_DOWN : CAPTURE_GONE, now_ns);
	}
	return c->state == CAPTURE_DOWN ? -ENETDOWN : -ENODEV;
}

int
capture_live_compile(const struct capture_live *c, const char *text,
	struct capture_filter *ret_filter, char *ret_error, size_t error_size)
{
	*ret_filter = (struct capture_filter){ .text = text };
	return c->handle.pcap == NULL
		       ? 0
		       : capture_filter_add(ret_filter, c->handle.link, ret_error, error_size);
}

void
capture_live_filter(struct capture_live *c, const struct capture_filter *filter)
{
	capture_filter_done(&c->filter);
	c->filter = *filter;
}

bool
capture_live_gap(struct capture_live *c, struct capture_gap *ret_gap)
{
	return capture_gaps_take(&c->gaps, ret_gap);
}

void
capture_live_counters(struct capture_live *c, struct capture_counters *ret_counters)
{
	count_kernel(c);
	*ret_counters = c->tally.told;
	ret_counters->gaps = c->gaps.count;
	ret_counters->is_up = c->handle.pcap != NULL && c->state == CAPTURE_OPEN;
}

int
capture_live_fd(const struct capture_live *c)
{
	return c->handle.pcap != NULL ? pcap_get_selectable_fd(c->handle.pcap) : -1;
}

uint64_t
capture_live_opened(const struct capture_live *c)
{
	return c->opened;
}

enum capture_state
capture_live_state(const struct capture_live *c)
{
	return c->state;
}

void
capture_live_deafen(struct capture_live *c)
{
	if (c->handle.pcap != NULL && capture_socket_deafen(pcap_fileno(c->handle.pcap)) != 0)
		log_warn("capture", "%s: cannot stop receiving, what comes now is dropped",
			c->configured);
}

void
capture_live_finish(struct capture_live *c, uint64_t until_ns, capture_frame_fn take, void *context)
{
	uint64_t now_ns = now_monotonic_ns();

	for (; c->handle.pcap != NULL && now_ns < until_ns; now_ns = now_monotonic_ns()) {
		int n = capture_live_dispatch(c, FINISH_BATCH, now_ns, take, context);
		count_kernel(c);
		if (c->tally.told.waiting == 0)
			break;
		if (n == 0)
			(void)poll(NULL, 0, CAPTURE_BLOCK_MS / 10);
	}
	close_handle(c);
	(void)capture_gaps_regain(&c->gaps, now_ns);
}

/* The first time. returns 0, or -errno and a line */
static int
begin(struct capture_live *c, uint64_t now_ns, char *ret_error, size_t error_size)
{
	struct link_state link;

	c->links = link_state_open();
	if (c->links < 0) {
		(void)snprintf(ret_error, error_size,
			"%s: cannot ask for the interface: rtnetlink: %s", c->configured,
			strerror(-c->links));
		return c->links;
	}
	link = (struct link_state){ .name = "any" };
	int rc = c->is_any ? 0 : link_state_ask(c->links, 0, c->configured, &link);
	if (rc != 0) /* libpcap has pseudo interfaces of its own, which are none of ours */
		(void)snprintf(ret_error, error_size, "%s: no such interface; ip link lists them",
			c->configured);
	else
		rc = open_handle(c, &link, now_ns, ret_error, error_size);
	if (c->plan.wait && (rc == -ENODEV || rc == -ENETDOWN)) {
		c->ifindex = rc == -ENETDOWN ? link.ifindex : 0;
		lose(c, rc == -ENETDOWN ? CAPTURE_DOWN : CAPTURE_GONE, now_ns);
		rc = 0;
	}
	return rc;
}

int
capture_live_open(const struct capture_live_plan *plan, uint64_t now_ns,
	struct capture_live **ret_capture, char *ret_error, size_t error_size)
{
	struct capture_live *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		(void)snprintf(ret_error, error_size, "%s: out of memory", plan->name);
		return -ENOMEM;
	}
	c->plan = *plan;
	c->filter.text = plan->filter;
	c->is_any = strcmp(plan->name, "any") == 0;
	c->gaps.sure_ns = now_ns;
	(void)snprintf(c->configured, sizeof(c->configured), "%s", plan->name);
	(void)snprintf(c->name, sizeof(c->name), "%s", plan->name);
	c->plan.name = c->configured;
	limiter_init(&c->limiter, SAY_BURST, SAY_INTERVAL_NS);
	int rc = begin(c, now_ns, ret_error, error_size);
	if (rc != 0) {
		capture_live_close(c);
		return rc;
	}
	*ret_capture = c;
	return 0;
}

void
capture_live_close(struct capture_live *c)
{
	if (c == NULL)
		return;
	capture_handle_close(&c->handle);
	capture_filter_done(&c->filter);
	if (c->links >= 0)
		(void)close(c->links);
	free(c);
}
