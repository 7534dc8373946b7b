/*
 * capture_live_link.c -- the interface: opened, lost, found again, under whatever name.
 *
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
#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"
#include "daemon/base/time_text.h"
#include "daemon/loop/capture/capture_live_state.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 512, SAY_BURST = 10 };
#define SAY_INTERVAL_NS (5 * NS_PER_S)

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

void
capture_live_count(struct capture_live *c)
{
	struct pcap_stat stat;

	if (c->handle.pcap != NULL && pcap_stats(c->handle.pcap, &stat) == 0)
		capture_tally_kernel(&c->tally, stat.ps_recv, stat.ps_drop);
}

void
capture_live_shut(struct capture_live *c)
{
	if (c->handle.pcap == NULL)
		return;
	capture_live_count(c);
	capture_tally_close(&c->tally);
	capture_handle_close(&c->handle);
}

void
capture_live_lose(struct capture_live *c, enum capture_state state, uint64_t now_ns)
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

int
capture_live_find(struct capture_live *c, struct link_state *ret_link)
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
	int rc = capture_live_find(c, ret_link);
	if (rc == -ENODEV) {
		capture_live_shut(c);
		capture_live_lose(c, CAPTURE_GONE, now_ns);
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
		capture_live_lose(c, CAPTURE_DOWN, now_ns);
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
		capture_live_shut(c);
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
		capture_live_lose(c, CAPTURE_GONE, now_ns);
		c->ifindex = 0; /* the next one with this number is another one */
	} else if (is_ours && !e->link.is_up) {
		capture_live_lose(c, CAPTURE_DOWN, now_ns);
	}
	return is_ours || strcmp(e->link.name, c->configured) == 0;
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
		capture_live_lose(c, rc == -ENETDOWN ? CAPTURE_DOWN : CAPTURE_GONE, now_ns);
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
