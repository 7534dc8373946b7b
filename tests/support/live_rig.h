/*
 * live_rig.h -- a kernel and a libpcap that do what a test says, linked in place of the real ones.
 *
 * It stands in for pcap_create() and what follows it, link_state_ask(), capture_socket_*(),
 * capture_home_add() and both clocks; filters are compiled and run by the real libpcap.
 */
#pragma once

#include "daemon/loop/capture/link_state.h"

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LIVE_RIG_LINKS = 4, LIVE_RIG_HANDLES = 4 };

/* One handle, as libpcap knows it. */
struct live_handle {
	bool is_open;
	char name[32];
	int snaplen, promiscuous, timeout_ms, ring_bytes, precision;
	bool is_nonblocking;
	uint32_t socket_snaplen;
	bool is_deaf;
	unsigned waiting; /* frames in the ring */
	unsigned given;   /* frames handed out */
	struct pcap_stat stat;
	bool fails; /* the next pcap_dispatch() does */
};

struct live_rig {
	uint64_t now_ns;  /* monotonic */
	uint64_t step_ns; /* it moves by that whenever it is asked */
	uint64_t wall_ns;
	uint64_t stamp_ns;                       /* of frames handed out */
	struct link_state links[LIVE_RIG_LINKS]; /* ifindex 0: none */
	struct live_handle handles[LIVE_RIG_HANDLES];
	unsigned opened;

	/* What pcap_activate() and its like say from now on. */
	int activate_status;
	const char *error;
	int datalink;
	int precision;
	int socket_error;
	int links_error; /* of link_state_open() */
	int ask_error;   /* of link_state_ask() */
	bool nonblock_fails;
	bool create_fails;
};

extern struct live_rig live_rig;

/* Everything as after the start of a machine: no interface, the clocks somewhere. */
void live_rig_reset(void);

/* There is an interface, or it changed. Returns it. */
struct link_state *live_rig_link(int ifindex, const char *name, bool is_up);

/* There is none with that number. */
void live_rig_unlink(int ifindex);

/* The open handle of that name, or NULL. */
struct live_handle *live_rig_handle(const char *name);

/* `count` frames come to it; every second one has a 1 as its first byte, all others are 0. */
void live_rig_frames(const char *name, unsigned count);

/* Handles that are open. */
unsigned live_rig_open_count(void);
