#define _GNU_SOURCE /* RTLD_NEXT */
#include "tests/support/live_rig.h"

#include "daemon/base/addr.h"
#include "daemon/loop/capture/capture_home.h"
#include "daemon/loop/capture/capture_socket.h"
#include "daemon/loop/now.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_FD = 1000, FRAME_BYTES = 60 };

struct live_rig live_rig;

void
live_rig_reset(void)
{
	live_rig = (struct live_rig){
		.now_ns = UINT64_C(500000000000),
		.wall_ns = UINT64_C(1780000000000000000),
		.stamp_ns = UINT64_C(1780000000000000000),
		.error = "",
		.datalink = DLT_EN10MB,
		.precision = PCAP_TSTAMP_PRECISION_NANO,
	};
}

struct link_state *
live_rig_link(int ifindex, const char *name, bool is_up)
{
	struct link_state *link = NULL;

	for (size_t i = LIVE_RIG_LINKS; i-- > 0;)
		if (live_rig.links[i].ifindex == ifindex ||
			(link == NULL && live_rig.links[i].ifindex == 0))
			link = &live_rig.links[i];
	for (size_t i = 0; i < LIVE_RIG_LINKS; i++)
		if (live_rig.links[i].ifindex == ifindex)
			link = &live_rig.links[i];
	link->ifindex = ifindex;
	link->is_up = is_up;
	(void)snprintf(link->name, sizeof(link->name), "%s", name);
	return link;
}

void
live_rig_unlink(int ifindex)
{
	for (size_t i = 0; i < LIVE_RIG_LINKS; i++)
		if (live_rig.links[i].ifindex == ifindex)
			live_rig.links[i] = (struct link_state){ 0 };
}

struct live_handle *
live_rig_handle(const char *name)
{
	for (size_t i = 0; i < LIVE_RIG_HANDLES; i++)
		if (live_rig.handles[i].is_open && strcmp(live_rig.handles[i].name, name) == 0)
			return &live_rig.handles[i];
	return NULL;
}

void
live_rig_frames(const char *name, unsigned count)
{
	struct live_handle *h = live_rig_handle(name);

	h->waiting += count;
	h->stat.ps_recv += count;
}

unsigned
live_rig_open_count(void)
{
	unsigned count = 0;

	for (size_t i = 0; i < LIVE_RIG_HANDLES; i++)
		count += live_rig.handles[i].is_open;
	return count;
}

/*
 * The clocks, the kernel.
 */

uint64_t
now_monotonic_ns(void)
{
	live_rig.now_ns += live_rig.step_ns;
	return live_rig.now_ns;
}

uint64_t
now_wall_ns(void)
{
	return live_rig.wall_ns;
}

int
link_state_open(void)
{
	return live_rig.links_error != 0 ? live_rig.links_error
					 : open("/dev/null", O_RDONLY | O_CLOEXEC);
}

int
link_state_ask(int fd, int ifindex, const char *name, struct link_state *ret_link)
{
	(void)fd;
	if (live_rig.ask_error != 0)
		return live_rig.ask_error;
	for (size_t i = 0; i < LIVE_RIG_LINKS; i++) {
		const struct link_state *link = &live_rig.links[i];
		if (link->ifindex == 0 || (ifindex > 0 && link->ifindex != ifindex) ||
			(ifindex == 0 && strcmp(link->name, name) != 0))
			continue;
		*ret_link = *link;
		return 0;
	}
	return -ENODEV;
}

int
capture_socket_select(int fd, uint32_t snaplen)
{
	live_rig.handles[fd - FIRST_FD].socket_snaplen = snaplen;
	return live_rig.socket_error;
}

int
capture_socket_deafen(int fd)
{
	live_rig.handles[fd - FIRST_FD].is_deaf = true;
	return live_rig.socket_error;
}

/* An interface is in the network whose first byte is that of its name. */
size_t
capture_home_add(const char *name, struct cidr *ret_nets, size_t count, size_t room)
{
	if (count < room)
		ret_nets[count++] = (struct cidr){ .base = addr_v4((uint8_t)name[0], 0, 0, 0),
			.prefix_len = 104 };
	return count;
}

/*
 * libpcap. A pcap_t is a struct live_handle; or a real one, which compiles a filter.
 */

static struct live_handle *
of(pcap_t *p)
{
	return (void *)p;
}

static bool
is_real(pcap_t *p)
{
	for (size_t i = 0; i < LIVE_RIG_HANDLES; i++)
		if (of(p) == &live_rig.handles[i])
			return false;
	return true;
}

/* C has no cast from the one kind of pointer to the other. */
static void
find_real(const char *name, void *ret_function)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	memcpy(ret_function, &symbol, sizeof(symbol));
}

pcap_t *
pcap_create(const char *name, char *ret_error)
{
	struct live_handle *h = &live_rig.handles[0];

	ret_error[0] = '\0';
	if (live_rig.create_fails)
		return NULL;
	while (h->is_open)
		h++;
	*h = (struct live_handle){ .is_open = true };
	(void)snprintf(h->name, sizeof(h->name), "%s", name);
	live_rig.opened++;
	return (void *)h;
}

void
pcap_close(pcap_t *p)
{
	void (*real)(pcap_t *);

	if (!is_real(p)) {
		of(p)->is_open = false;
		return;
	}
	find_real("pcap_close", &real);
	real(p);
}

int
pcap_set_snaplen(pcap_t *p, int bytes)
{
	return of(p)->snaplen = bytes, 0;
}

int
pcap_set_promisc(pcap_t *p, int wanted)
{
	return of(p)->promiscuous = wanted, 0;
}

int
pcap_set_timeout(pcap_t *p, int ms)
{
	return of(p)->timeout_ms = ms, 0;
}

int
pcap_set_buffer_size(pcap_t *p, int bytes)
{
	return of(p)->ring_bytes = bytes, 0;
}

int
pcap_set_tstamp_precision(pcap_t *p, int precision)
{
	return of(p)->precision = precision, 0;
}

int
pcap_activate(pcap_t *p)
{
	(void)p;
	return live_rig.activate_status;
}

int
pcap_setnonblock(pcap_t *p, int wanted, char *ret_error)
{
	of(p)->is_nonblocking = wanted != 0;
	(void)snprintf(ret_error, PCAP_ERRBUF_SIZE, "no way");
	return live_rig.nonblock_fails ? -1 : 0;
}

int
pcap_datalink(pcap_t *p)
{
	(void)p;
	return live_rig.datalink;
}

int
pcap_get_tstamp_precision(pcap_t *p)
{
	(void)p;
	return live_rig.precision;
}

char *
pcap_geterr(pcap_t *p)
{
	static char error[PCAP_ERRBUF_SIZE];
	char *(*real)(pcap_t *);

	if (is_real(p)) {
		find_real("pcap_geterr", &real);
		return real(p);
	}
	(void)snprintf(error, sizeof(error), "%s", live_rig.error);
	return error;
}

int
pcap_fileno(pcap_t *p)
{
	return FIRST_FD + (int)(of(p) - live_rig.handles);
}

int
pcap_get_selectable_fd(pcap_t *p)
{
	return pcap_fileno(p);
}

int
pcap_stats(pcap_t *p, struct pcap_stat *ret_stat)
{
	*ret_stat = of(p)->stat;
	return 0;
}

int
pcap_dispatch(pcap_t *p, int most, pcap_handler take, u_char *user)
{
	struct live_handle *h = of(p);
	bool is_nano = live_rig.precision == PCAP_TSTAMP_PRECISION_NANO;
	uint64_t fraction = live_rig.stamp_ns % UINT64_C(1000000000);
	struct pcap_pkthdr header = {
		.ts.tv_sec = (time_t)(live_rig.stamp_ns / UINT64_C(1000000000)),
		.ts.tv_usec = (suseconds_t)(is_nano ? fraction : fraction / 1000),
		.caplen = FRAME_BYTES,
		.len = FRAME_BYTES + 4,
	};
	int count = 0;

	if (h->fails) {
		h->fails = false;
		return PCAP_ERROR;
	}
	for (; count < most && h->waiting > 0; count++, h->waiting--) {
		uint8_t frame[FRAME_BYTES] = { (uint8_t)(h->given++ % 2) };
		take(user, &header, frame);
	}
	return count;
}
