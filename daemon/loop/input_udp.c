#define _GNU_SOURCE /* recvmmsg */

#include "daemon/loop/input_udp.h"

#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct input_udp {
	int fd;
	uint16_t port;
	struct setting_cidr from[LIVE_INPUT_EXPORTERS_MAX];
	size_t from_count; /* 0: private networks */
	struct input_udp_counters counters;
	struct sockaddr_in6 senders[INPUT_UDP_BATCH]; /* room for either family */
	uint8_t bytes[INPUT_UDP_BATCH][INPUT_UDP_MAX];
};

const struct metric input_udp_metrics[] = {
	METRIC_ROW("input_datagrams_total", METRIC_COUNTER, NULL, struct input_udp_counters,
		datagrams, "Datagrams of routers that were looked at."),
	METRIC_ROW("input_datagram_bytes_total", METRIC_COUNTER, NULL, struct input_udp_counters,
		bytes, "Bytes of datagrams of routers that were looked at."),
	METRIC_ROW("input_datagrams_dropped_total", METRIC_COUNTER, "reason=\"refused\"",
		struct input_udp_counters, refused, "Datagrams that were not looked at."),
	METRIC_ROW("input_datagrams_dropped_total", METRIC_COUNTER, "reason=\"long\"",
		struct input_udp_counters, cut, "Datagrams that were not looked at."),
	METRIC_ROW("input_datagrams_dropped_total", METRIC_COUNTER, "reason=\"kernel\"",
		struct input_udp_counters, dropped, "Datagrams that were not looked at."),
	METRIC_ROW_IN(METRIC_NS, "input_last_datagram_timestamp_seconds", METRIC_GAUGE, NULL,
		struct input_udp_counters, last_ns,
		"When the last datagram came that was looked at."),
	METRIC_END,
};

static int
say(char *ret_error, size_t error_size, int error, const char *path)
{
	const char *what = strerror(-error);

	if (error == -EADDRINUSE)
		what = "somebody else listens there; stop it, or name another port";
	else if (error == -EADDRNOTAVAIL)
		what = "this machine does not have that address";
	else if (error == -EACCES)
		what = "a port below 1024 is for root: start naiad as root, or name another";
	(void)snprintf(ret_error, error_size, "inputs: cannot listen on udp:%s: %s", path, what);
	return error;
}

static int
bind_to(int fd, const struct input_where *where, uint16_t *ret_port)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(where->port) };
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons(where->port) };
	bool is_four = addr_is_v4(&where->addr);
	socklen_t length = sizeof(six);
	const int on = 1;

	memcpy(&six.sin6_addr, where->addr.byte, sizeof(six.sin6_addr));
	memcpy(&four.sin_addr, where->addr.byte + 12, sizeof(four.sin_addr));
	/* "[::]:2055" is IPv6 alone: who wants IPv4 says so. */
	if (!is_four)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	int r = is_four ? bind(fd, (const struct sockaddr *)&four, sizeof(four))
			: bind(fd, (const struct sockaddr *)&six, sizeof(six));
	if (r != 0)
		return -errno;
	/* The port is in the same place of both. */
	*ret_port = where->port;
	if (getsockname(fd, (struct sockaddr *)&six, &length) == 0)
		*ret_port = ntohs(six.sin6_port);
	return 0;
}

/* As much as is wanted where we may say so, else as much as the system allows. */
static void
buffer_set(const struct input_udp *u, uint64_t bytes)
{
	const int size = (int)bytes;

	if (setsockopt(u->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) != 0)
		(void)setsockopt(u->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

/* The kernel counts its own room for each byte as well, and says twice what was asked for. */
static void
buffer_look(struct input_udp *u, uint64_t wanted, const struct input_where *where)
{
	int size = 0;
	socklen_t length = sizeof(size);

	if (getsockopt(u->fd, SOL_SOCKET, SO_RCVBUF, &size, &length) != 0)
		return;
	u->counters.buffer_size = (uint64_t)size / 2;
	if (u->counters.buffer_size < wanted)
		log_warnx("input",
			"udp:%s has a buffer of %d KiB, not of %llu KiB: raise net.core.rmem_max, or start as root",
			where->path, size / 2 / 1024, (unsigned long long)wanted / 1024);
}

int
input_udp_open(const struct live_input_settings *s, const struct input_where *where,
	struct input_udp **ret_udp, char *ret_error, size_t error_size)
{
	struct input_udp *u = calloc(1, sizeof(*u));

	if (u == NULL)
		return say(ret_error, error_size, -ENOMEM, where->path);
	u->from_count =
		s->from.count < LIVE_INPUT_EXPORTERS_MAX ? s->from.count : LIVE_INPUT_EXPORTERS_MAX;
	if (u->from_count > 0)
		memcpy(u->from, s->from.items, u->from_count * sizeof(u->from[0]));
	u->fd = socket(addr_is_v4(&where->addr) ? AF_INET : AF_INET6,
		SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int error = u->fd < 0 ? -errno : bind_to(u->fd, where, &u->port);
	if (error != 0) {
		input_udp_close(u);
		return say(ret_error, error_size, error, where->path);
	}
	buffer_set(u, s->buffer);
	buffer_look(u, s->buffer, where);
	*ret_udp = u;
	return 0;
}

int
input_udp_fd(const struct input_udp *u)
{
	return u->fd;
}

uint16_t
input_udp_port(const struct input_udp *u)
{
	return u->port;
}

static bool
may_export(const struct input_udp *u, const struct addr *from)
{
	if (u->from_count == 0)
		return addr_is_private(from) || addr_is_loopback(from) || addr_is_link_local(from);
	for (size_t i = 0; i < u->from_count; i++)
		if (cidr_contains(&u->from[i].value, from))
			return true;
	return false;
}

static struct addr
sender_of(const struct sockaddr_in6 *sender)
{
	struct sockaddr_in four;

	if (sender->sin6_family == AF_INET6)
		return addr_from_v6(sender->sin6_addr.s6_addr);
	memcpy(&four, sender, sizeof(four));
	return addr_from_v4((const uint8_t *)&four.sin_addr);
}

bool
input_udp_read(struct input_udp *u, uint64_t now_ns,
	void (*take)(void *context, const struct addr *from, struct cursor bytes), void *context)
{
	struct mmsghdr messages[INPUT_UDP_BATCH];
	struct iovec rooms[INPUT_UDP_BATCH];

	for (size_t i = 0; i < INPUT_UDP_BATCH; i++) {
		rooms[i] = (struct iovec){ .iov_base = u->bytes[i], .iov_len = INPUT_UDP_MAX };
		messages[i] = (struct mmsghdr){ .msg_hdr = { .msg_name = &u->senders[i],
							.msg_namelen = sizeof(u->senders[i]),
							.msg_iov = &rooms[i],
							.msg_iovlen = 1 } };
	}
	int count = recvmmsg(u->fd, messages, INPUT_UDP_BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < count; i++) {
		struct addr from = sender_of(&u->senders[i]);

		if (!may_export(u, &from)) {
			u->counters.refused++;
			continue;
		}
		if ((messages[i].msg_hdr.msg_flags & MSG_TRUNC) != 0) {
			u->counters.cut++;
			continue;
		}
		u->counters.datagrams++;
		u->counters.bytes += messages[i].msg_len;
		u->counters.last_ns = now_ns;
		take(context, &from, cursor_over(u->bytes[i], messages[i].msg_len));
	}
	return count == INPUT_UDP_BATCH;
}

const struct input_udp_counters *
input_udp_counters(struct input_udp *u)
{
	uint32_t numbers[SK_MEMINFO_VARS] = { 0 };
	socklen_t length = sizeof(numbers);

	if (getsockopt(u->fd, SOL_SOCKET, SO_MEMINFO, numbers, &length) == 0) {
		/* it has 32 bits, and begins again */
		uint32_t more = numbers[SK_MEMINFO_DROPS] - (uint32_t)u->counters.dropped;
		u->counters.dropped += more;
	}
	return &u->counters;
}

void
input_udp_close(struct input_udp *u)
{
	if (u == NULL)
		return;
	if (u->fd >= 0)
		(void)close(u->fd);
	free(u);
}
