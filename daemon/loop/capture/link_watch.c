#include "daemon/loop/capture/link_watch.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DATAGRAM_MAX_BYTES = 32768, DATAGRAMS_MAX = 64 };

int
link_watch_open(void)
{
	const struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK };
	int fd = link_state_open();

	if (fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
		int error = errno;
		(void)close(fd);
		return -error;
	}
	return fd;
}

static void
lost(link_event_fn tell, void *context)
{
	tell(context, &(struct link_event){ .change = LINK_LOST });
}

void
link_watch_read(struct cursor datagram, link_event_fn tell, void *context)
{
	while (cursor_left(&datagram) > 0) {
		struct nlmsghdr header = { 0 };
		const uint8_t *bytes = cursor_take(&datagram, sizeof(header));
		if (bytes != NULL)
			memcpy(&header, bytes, sizeof(header));
		/* A length that is less than the header's own becomes one that cannot be there. */
		struct cursor body = cursor_sub(&datagram, header.nlmsg_len - sizeof(header));
		struct link_event e = {
			.change = header.nlmsg_type == RTM_DELLINK ? LINK_GONE : LINK_IS,
		};
		if (body.short_read)
			lost(tell, context);
		else if ((header.nlmsg_type == RTM_NEWLINK || header.nlmsg_type == RTM_DELLINK) &&
			 link_state_read(body, &e.link))
			tell(context, &e);
		size_t padding = NLMSG_ALIGN(header.nlmsg_len) - header.nlmsg_len;
		size_t left = cursor_left(&datagram);
		(void)cursor_take(&datagram, padding < left ? padding : left);
	}
}

int
link_watch_dispatch(int fd, link_event_fn tell, void *context)
{
	uint8_t bytes[DATAGRAM_MAX_BYTES];
	struct sockaddr_nl from;
	int count = 0;

	for (; count < DATAGRAMS_MAX; count++) {
		socklen_t from_size = sizeof(from);
		ssize_t n = recvfrom(
			fd, bytes, sizeof(bytes), MSG_TRUNC, (struct sockaddr *)&from, &from_size);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			break;
		if (n < 0 || (size_t)n > sizeof(bytes)) /* ENOBUFS: more came than it could keep */
			lost(tell, context);
		else if (from.nl_pid == 0) /* another process may write to this socket as well */
			link_watch_read(cursor_over(bytes, (size_t)n), tell, context);
	}
	return count;
}
