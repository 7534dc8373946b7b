/* capture_live.c -- the frames of an open interface: taken, filtered, counted, and the last of them. */
#include "daemon/loop/capture/capture_live.h"

#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "daemon/loop/capture/capture_live_state.h"
#include "daemon/loop/capture/capture_socket.h"
#include "daemon/loop/now.h"

#include <errno.h>
#include <poll.h>

enum { FINISH_BATCH = 512 };

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
		bool is_down = capture_live_find(c, &link) == 0 && !link.is_up;
		log_debug("capture", "%s: closed: %s", c->configured, pcap_geterr(c->handle.pcap));
		capture_live_shut(c);
		capture_live_lose(c, is_down ? CAPTURE_DOWN : CAPTURE_GONE, now_ns);
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
	capture_live_count(c);
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
		capture_live_count(c);
		if (c->tally.told.waiting == 0)
			break;
		if (n == 0)
			(void)poll(NULL, 0, CAPTURE_BLOCK_MS / 10);
	}
	capture_live_shut(c);
	(void)capture_gaps_regain(&c->gaps, now_ns);
}
