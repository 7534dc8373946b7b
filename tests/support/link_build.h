/* link_build.h -- rtnetlink messages about interfaces, as the kernel sends them, for tests. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { LINK_MESSAGE_MAX = 512 };

struct link_spec {
	uint16_t type;  /* RTM_NEWLINK, RTM_DELLINK, or another */
	uint8_t family; /* AF_UNSPEC; AF_BRIDGE */
	int ifindex;
	const char *name; /* NULL: without */
	unsigned flags;   /* IFF_UP */
	uint64_t missed;
};

/*
 * Write a whole message with its netlink header; its name is the last thing in it.
 *
 * returns  its length with padding, a multiple of 4
 */
size_t link_build(const struct link_spec *spec, uint8_t ret_message[LINK_MESSAGE_MAX]);
