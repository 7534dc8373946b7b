/*
 * netflow_relay.c -- stands between an exporter and a collector, and says what we make of what passes.
 *
 *	netflow_relay COLLECTOR_PORT
 *
 * Prints the port it listens on (loopback), reads each datagram, sends it on, and after SIGTERM prints
 *	records N packets N bytes N conversations N paired N lost N bad N without_template N
 */
#include "daemon/input/flow_pair.h"
#include "daemon/input/netflow.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { DATAGRAM_BYTES = 65536, BUFFER_BYTES = 4 << 20 };

static volatile sig_atomic_t is_over;

struct sums {
	uint64_t packets, bytes, conversations;
};

static void
on_signal(int number)
{
	(void)number;
	is_over = 1;
}

static uint64_t
now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void
drain(struct flow_pair *pair, uint64_t now, struct sums *sums)
{
	struct obs_flow f;

	while (flow_pair_next(pair, now, &f)) {
		sums->packets += f.orig_delta.packets + f.resp_delta.packets;
		sums->bytes += f.orig_delta.ip_bytes + f.resp_delta.ip_bytes;
		sums->conversations += f.ended != FLOW_END_NONE;
	}
}

/* returns -1 on failure */
static int
listen_on_loopback(void)
{
	struct sockaddr_in own = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(own);
	int bytes = BUFFER_BYTES;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&own, length) < 0 ||
		getsockname(fd, (struct sockaddr *)&own, &length) < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	printf("%u\n", ntohs(own.sin_port));
	(void)fflush(stdout);
	return fd;
}

static void
relay(int fd, uint16_t collector_port, struct netflow *n, struct flow_pair *pair, struct sums *sums)
{
	static uint8_t datagram[DATAGRAM_BYTES];
	struct addr loopback = addr_v4(127, 0, 0, 1);
	struct sockaddr_in collector = { .sin_family = AF_INET,
		.sin_port = htons(collector_port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	while (!is_over) {
		ssize_t length = recv(fd, datagram, sizeof(datagram), 0);
		if (length < 0)
			continue;
		(void)netflow_packet(
			n, &loopback, cursor_over(datagram, (size_t)length), now_ns(), pair);
		drain(pair, now_ns(), sums);
		(void)sendto(fd, datagram, (size_t)length, 0, (struct sockaddr *)&collector,
			sizeof(collector));
	}
}

int
main(int argc, char **argv)
{
	const struct netflow_plan plan = { 0 };
	const struct flow_pair_plan pairs = flow_pair_plan_of_files();
	struct netflow *n = netflow_new(&plan);
	struct flow_pair *pair = flow_pair_new(&pairs);
	struct sigaction stop = { .sa_handler = on_signal };
	struct sums sums = { 0 };

	if (argc != 2 || n == NULL || pair == NULL)
		return EXIT_FAILURE;
	(void)sigaction(SIGTERM, &stop, NULL);
	int fd = listen_on_loopback();
	if (fd < 0)
		return EXIT_FAILURE;
	relay(fd, (uint16_t)strtoul(argv[1], NULL, 10), n, pair, &sums);
	drain(pair, UINT64_MAX, &sums);
	const struct netflow_counters c = netflow_counters(n);
	printf("records %llu packets %llu bytes %llu conversations %llu paired %llu lost %llu bad %llu "
	       "without_template %llu\n",
		(unsigned long long)c.records, (unsigned long long)sums.packets,
		(unsigned long long)sums.bytes, (unsigned long long)sums.conversations,
		(unsigned long long)flow_pair_counters(pair).paired, (unsigned long long)c.lost,
		(unsigned long long)c.bad, (unsigned long long)c.without_template);
	netflow_free(n);
	flow_pair_free(pair);
	(void)close(fd);
	return EXIT_SUCCESS;
}
