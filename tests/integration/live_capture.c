/*
 * live_capture.c -- the live capture on veth pairs. live_capture.sh runs it in a network namespace of its
 * own: `live_capture SCENARIO`, where nothing else moves.
 *
 * It is the smallest event loop that the capture set can have: poll(), the watch of links, one tick a
 * second.
 */
#define _GNU_SOURCE /* sendmmsg() */
#include "daemon/loop/capture/capture_set.h"

#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "daemon/loop/now.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FRAME_BYTES = 60, NUMBER_AT = 42, BURST = 64, DISPATCH = 512, GAPS_MAX = 64 };
#define MS UINT64_C(1000000)

static unsigned failures;

static void __attribute__((format(printf, 1, 2))) fail(const char *fmt, ...)
{
	va_list arguments;

	failures++;
	(void)fputs("FAILED: ", stdout);
	va_start(arguments, fmt);
	(void)vprintf(fmt, arguments);
	va_end(arguments);
	(void)putchar('\n');
	(void)fflush(stdout);
}

#define CHECK(condition, ...)              \
	do {                               \
		if (!(condition))          \
			fail(__VA_ARGS__); \
	} while (0)

static void __attribute__((format(printf, 1, 2))) command(const char *fmt, ...)
{
	char line[512];
	va_list arguments;

	va_start(arguments, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, arguments);
	va_end(arguments);
	if (system(line) != 0) /* NOLINT(cert-env33-c): ip(8), as an operator would */
		fail("%s", line);
}

/* A pair `name` -- `peer`, both up; what goes into the one comes out of the other. */
static void
make_pair(const char *name, const char *peer)
{
	command("ip link add %s type veth peer name %s && ip link set %s up && ip link set %s up",
		name, peer, name, peer);
}

/*
 * The sender.
 */

/* Ethernet, IPv4, UDP from 10.9.0.2 to 10.9.0.3, port 9 (even numbers) or 10, its number as payload. */
static void
write_frame(uint8_t frame[FRAME_BYTES], uint32_t number)
{
	static const uint8_t head[NUMBER_AT] = { 2, 0, 0, 0, 0, 3, 2, 0, 0, 0, 0, 2, 8, 0, /* IP: */
		0x45, 0, 0, 46, 0, 0, 0, 0, 64, 17, 0x66, 0xa8, 10, 9, 0, 2, 10, 9, 0, 3, /* UDP: */
		0x30, 0x39, 0, 9, 0, 26, 0, 0 };
	uint32_t big = htonl(number);

	memset(frame, 0, FRAME_BYTES);
	memcpy(frame, head, sizeof(head));
	frame[37] = (uint8_t)(9 + number % 2);
	memcpy(frame + NUMBER_AT, &big, sizeof(big));
}

static uint32_t
number_of(const struct frame *f, size_t at)
{
	uint32_t big;

	memcpy(&big, f->bytes + at, sizeof(big));
	return ntohl(big);
}

static int
sender_open(const char *name)
{
	const struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_ifindex = (int)if_nametoindex(name),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
		perror("sender");
		exit(1);
	}
	return fd;
}

/* Send one frame, whatever becomes of it. */
static void
send_one(int fd, const void *frame, size_t size)
{
	(void)!send(fd, frame, size, 0);
}

/* Send `count` numbered frames, each of them. */
static void
send_all(const char *name, uint32_t count)
{
	static uint8_t frames[BURST][FRAME_BYTES];
	struct iovec parts[BURST];
	struct mmsghdr messages[BURST] = { 0 };
	int fd = sender_open(name);

	for (uint32_t sent = 0; sent < count;) {
		uint32_t most = count - sent < BURST ? count - sent : BURST;
		for (uint32_t i = 0; i < most; i++) {
			write_frame(frames[i], sent + i);
			parts[i] = (struct iovec){ frames[i], FRAME_BYTES };
			messages[i].msg_hdr.msg_iov = &parts[i];
			messages[i].msg_hdr.msg_iovlen = 1;
		}
		int n = sendmmsg(fd, messages, most, 0);
		if (n < 0 && errno != ENOBUFS && errno != EINTR) {
			perror("sendmmsg");
			_exit(1);
		}
		sent += n > 0 ? (uint32_t)n : 0;
	}
	(void)close(fd);
}

static pid_t
send_in_background(const char *name, uint32_t count)
{
	(void)fflush(stdout);
	pid_t pid = fork();

	if (pid == 0) {
		send_all(name, count);
		_exit(0);
	}
	return pid;
}

/* Has it sent everything? A sender that failed is a failure here. */
static bool
is_sent(pid_t *pid)
{
	int status;

	if (*pid > 0 && waitpid(*pid, &status, WNOHANG) == *pid) {
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the sender failed");
		*pid = 0;
	}
	return *pid == 0;
}

/*
 * The loop.
 */

struct seen {
	uint64_t frames;
	uint32_t last_number;
	uint64_t disordered;
	uint64_t odd;
	uint64_t last_ns; /* packet time */
	uint64_t time_back;
	uint32_t longest;
	uint8_t last[128];
	uint16_t link;
};

struct bench {
	struct capture_set *set;
	int watch;
	struct seen seen[CAPTURE_SET_MAX];
	struct capture_set_gap gaps[GAPS_MAX];
	size_t gap_count;
	uint64_t turns;
	uint64_t ticked_ns;
	uint64_t idle_passed; /* packets older than the idle time told before */
	uint64_t idle_ns;
};

static void
take(void *context, const struct frame *f)
{
	struct bench *b = context;
	struct seen *s = &b->seen[f->interface];
	uint32_t number = f->captured >= NUMBER_AT + 4 ? number_of(f, NUMBER_AT) : 0;

	s->disordered += s->frames > 0 && number <= s->last_number;
	s->odd += number % 2;
	s->time_back += f->ts_ns + MS < s->last_ns; /* two CPUs may stamp out of order */
	s->last_ns = f->ts_ns;
	s->last_number = number;
	s->longest = f->captured > s->longest ? f->captured : s->longest;
	s->link = f->link;
	memcpy(s->last, f->bytes, f->captured < sizeof(s->last) ? f->captured : sizeof(s->last));
	s->frames++;
	b->idle_passed += f->ts_ns < b->idle_ns;
}

static int
try_open(struct bench *b, struct capture_set_plan *plan, const char *const *names, char *ret_error,
	size_t error_size)
{
	struct capture_interface_settings interfaces[CAPTURE_SET_MAX];

	*b = (struct bench){ .watch = link_watch_open(), .ticked_ns = now_monotonic_ns() };
	for (plan->count = 0; names[plan->count] != NULL; plan->count++)
		interfaces[plan->count] = (struct capture_interface_settings){
			.name = names[plan->count],
			.role = plan->count == 0 ? CAPTURE_ROLE_LAN : CAPTURE_ROLE_WAN,
		};
	plan->interfaces = interfaces;
	plan->ring_bytes = plan->ring_bytes > 0 ? plan->ring_bytes : 8 << 20;
	plan->snaplen = plan->snaplen > 0 ? plan->snaplen : 262144;
	plan->promiscuous = true;
	plan->take = take;
	plan->context = b;
	return capture_set_open(plan, &b->set, ret_error, error_size);
}

static void
bench_open(struct bench *b, struct capture_set_plan plan, const char *const *names)
{
	char error[512] = "";

	if (try_open(b, &plan, names, error, sizeof(error)) != 0 || b->watch < 0) {
		fail("open: %s", error);
		exit(1);
	}
}

static void
take_gaps(struct bench *b)
{
	while (b->gap_count < GAPS_MAX && capture_set_gap(b->set, &b->gaps[b->gap_count]))
		b->gap_count++;
}

static void
tick(struct bench *b)
{
	if (capture_set_tick(b->set))
		capture_set_reopen(b->set); /* the daemon raises its privilege here */
	b->ticked_ns = now_monotonic_ns();
	b->idle_ns = capture_set_idle_ns(b->set);
	take_gaps(b);
}

/* One turn of the loop, at most `most_ms` long. */
static void
turn(struct bench *b, int most_ms)
{
	struct pollfd polled[CAPTURE_SET_MAX + 1];
	size_t count = capture_set_count(b->set);
	uint64_t due_ms = (now_monotonic_ns() - b->ticked_ns) / MS;
	int left_ms = due_ms < 1000 ? (int)(1000 - due_ms) : 0;

	for (size_t i = 0; i < count; i++)
		polled[i] = (struct pollfd){ capture_set_fd(b->set, i), POLLIN, 0 };
	polled[count] = (struct pollfd){ b->watch, POLLIN, 0 };
	(void)poll(polled, count + 1, most_ms < left_ms ? most_ms : left_ms);
	b->turns++;
	for (size_t i = 0; i < count; i++)
		if (polled[i].revents != 0)
			(void)capture_set_dispatch(b->set, i, DISPATCH);
	if (polled[count].revents != 0) {
		(void)link_watch_dispatch(b->watch, capture_set_hear, b->set);
		tick(b);
	}
	if (now_monotonic_ns() - b->ticked_ns >= NS_PER_S)
		tick(b);
}

static void
turn_for(struct bench *b, uint64_t ms)
{
	uint64_t end = now_monotonic_ns() + ms * MS;
	uint64_t now = end - ms * MS;

	do /* once at least, however long that takes */
		turn(b, (int)((end - now) / MS) + 1);
	while ((now = now_monotonic_ns()) < end);
}

/* Send a frame now and then until one is captured. returns ms that took, or 5001 */
static uint64_t
until_captured(struct bench *b, const char *from, size_t place)
{
	uint8_t frame[FRAME_BYTES];
	uint64_t start = now_monotonic_ns();
	uint64_t had = b->seen[place].frames;
	int fd = sender_open(from);

	write_frame(frame, 2);
	while (b->seen[place].frames == had && now_monotonic_ns() - start < 5001 * MS) {
		send_one(fd, frame, sizeof(frame));
		turn(b, 20);
	}
	(void)close(fd);
	return (now_monotonic_ns() - start) / MS;
}

static void
check_equation(const struct capture_counters *c, const char *what)
{
	uint64_t sum = c->analysed + c->filtered + c->dropped_kernel + c->dropped_interface +
		       c->dropped_here;

	CHECK(c->offered == sum + c->waiting, "%s: %llu offered, %llu found again", what,
		(unsigned long long)c->offered, (unsigned long long)(sum + c->waiting));
	printf("%s: %llu offered = %llu analysed + %llu filtered + %llu dropped by the kernel + %llu "
	       "by the interface + %llu here\n",
		what, (unsigned long long)c->offered, (unsigned long long)c->analysed,
		(unsigned long long)c->filtered, (unsigned long long)c->dropped_kernel,
		(unsigned long long)c->dropped_interface, (unsigned long long)c->dropped_here);
}

static void
bench_close(struct bench *b, const char *what)
{
	struct capture_counters totals;

	capture_set_finish(b->set, 2000 * MS);
	capture_set_totals(b->set, &totals);
	check_equation(&totals, what);
	CHECK(totals.waiting == 0, "%s: %llu still wait", what, (unsigned long long)totals.waiting);
	CHECK(b->idle_passed == 0, "%s: %llu packets are older than the idle time", what,
		(unsigned long long)b->idle_passed);
	for (size_t i = 0; i < capture_set_count(b->set); i++)
		CHECK(b->seen[i].time_back == 0, "%s: time went back", what);
	capture_set_close(b->set);
	(void)close(b->watch);
}

/*
 * Scenarios.
 */

/* What came out of a receive queue that was full, before any socket saw it. */
static uint64_t
lost_before(const char *name)
{
	char path[128];
	unsigned long long lost = 0;

	(void)snprintf(
		path, sizeof(path), "ip -s -j link show %s | jq '.[0].stats64.rx.dropped'", name);
	FILE *f = popen(path, "r"); /* NOLINT(cert-env33-c): ip(8), as an operator would */
	if (f == NULL || fscanf(f, "%llu", &lost) != 1) /* NOLINT(cert-err34-c): a number or none */
		fail("%s", path);
	if (f != NULL)
		(void)pclose(f);
	return lost;
}

/* A million numbered frames, two interfaces that see them, rings that are too small, a slow reader. */
static void
million(void)
{
	enum { COUNT = 1000000 };
	struct bench b;
	struct capture_counters c[2];

	make_pair("v0", "v1");
	bench_open(&b,
		(struct capture_set_plan){ .ring_bytes = 1 << 20, .filter = "udp dst port 9" },
		(const char *[]){ "v0", "v1", NULL });
	pid_t sender = send_in_background("v0", COUNT);
	while (!is_sent(&sender)) {
		turn(&b, 1);
		(void)poll(NULL, 0, 10);
	}
	capture_set_finish(b.set, 2000 * MS);
	for (size_t i = 0; i < 2; i++) {
		capture_set_counters(b.set, i, &c[i]);
		check_equation(&c[i], capture_set_name(b.set, i));
		CHECK(c[i].dropped_kernel > 0, "the reader was not slow enough: nothing was lost");
		CHECK(c[i].dropped_here == 0 && c[i].waiting == 0, "something was left");
		CHECK(c[i].filtered > 0 && c[i].analysed > 0, "the filter sorted nothing");
		CHECK(b.seen[i].frames == c[i].analysed, "%llu frames came, %llu were counted",
			(unsigned long long)b.seen[i].frames, (unsigned long long)c[i].analysed);
		CHECK(b.seen[i].odd == 0, "what the filter refuses came through");
		CHECK(b.seen[i].disordered == 0, "frames came twice or in disorder");
	}
	CHECK(c[0].offered == COUNT, "%llu offered, %d sent", (unsigned long long)c[0].offered,
		COUNT);
	uint64_t lost = lost_before("v1");
	CHECK(c[1].offered + lost == COUNT, "%llu offered and %llu lost before, %d sent",
		(unsigned long long)c[1].offered, (unsigned long long)lost, COUNT);
	bench_close(&b, "million");
}

static void
check_gaps(const struct bench *b, size_t expected, const char *reason)
{
	CHECK(b->gap_count == expected, "%zu gaps, expected %zu", b->gap_count, expected);
	for (size_t i = 0; i < b->gap_count; i++) {
		const struct capture_set_gap *g = &b->gaps[i];
		CHECK(strcmp(g->reason, reason) == 0, "gap %zu: %s", i, g->reason);
		CHECK(g->from_ns < g->to_ns && g->to_ns - g->from_ns < 5 * NS_PER_S,
			"gap %zu lasts %.3f s", i, (double)(int64_t)(g->to_ns - g->from_ns) / 1e9);
		CHECK(i == 0 || b->gaps[i - 1].to_ns <= g->from_ns, "gap %zu overlaps", i);
	}
}

/* Down and up 50 times: no privilege, no new descriptor, one gap each. */
static void
flap(void)
{
	struct bench b;
	uint64_t slowest = 0;

	make_pair("v0", "v1");
	bench_open(&b, (struct capture_set_plan){ 0 }, (const char *[]){ "v1", NULL });
	(void)until_captured(&b, "v0", 0);
	for (unsigned i = 0; i < 50; i++) {
		command("ip link set v1 down");
		if (i % 2 == 0) { /* the other times it is up again before anyone looks */
			turn_for(&b, 5);
			CHECK(capture_set_state(b.set, 0) == CAPTURE_DOWN, "down %u is not seen",
				i);
		}
		command("ip link set v1 up");
		uint64_t ms = until_captured(&b, "v0", 0);
		slowest = ms > slowest ? ms : slowest;
		CHECK(capture_set_state(b.set, 0) == CAPTURE_OPEN, "not open after down %u", i);
	}
	printf("flap: captured again after at most %llu ms\n", (unsigned long long)slowest);
	CHECK(slowest <= 5000, "an interface took %llu ms", (unsigned long long)slowest);
	check_gaps(&b, 50, "down");
	CHECK(capture_set_opened(b.set, 0) == 1, "it was opened %llu times",
		(unsigned long long)capture_set_opened(b.set, 0));
	bench_close(&b, "flap");
}

static double
cpu_seconds(void)
{
	struct rusage r;

	(void)getrusage(RUSAGE_SELF, &r);
	return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
	       (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

/* Nothing spins while an interface is away. */
static void
check_rest(struct bench *b, const char *what)
{
	uint64_t turns = b->turns;
	double cpu = cpu_seconds();

	turn_for(b, 2000);
	turns = b->turns - turns;
	cpu = cpu_seconds() - cpu;
	printf("%s: %llu turns and %.1f ms of CPU in 2 s\n", what, (unsigned long long)turns,
		cpu * 1e3);
	CHECK(turns <= 20, "%s: %llu turns", what, (unsigned long long)turns);
	CHECK(cpu < 0.04, "%s: %.3f s of CPU", what, cpu);
}

/* Removed, made again, renamed, the name back, another MTU, not there at the start. */
static void
come_and_go(void)
{
	struct bench b;
	uint64_t ms;

	make_pair("v0", "v1");
	bench_open(&b, (struct capture_set_plan){ .wait = true },
		(const char *[]){ "v1", "late", NULL });
	CHECK(capture_set_state(b.set, 1) == CAPTURE_GONE, "what is not there is open");
	ms = until_captured(&b, "v0", 0);
	CHECK(ms <= 5000, "the first frame took %llu ms", (unsigned long long)ms);

	command("ip link set v1 down");
	turn_for(&b, 10);
	check_rest(&b, "down");
	command("ip link set v1 up");
	(void)until_captured(&b, "v0", 0);

	command("ip link del v0");
	turn_for(&b, 10);
	CHECK(capture_set_state(b.set, 0) == CAPTURE_GONE, "removed is not seen");
	CHECK(capture_set_fd(b.set, 0) == -1, "removed is still open");
	check_rest(&b, "gone");
	make_pair("v0", "v1");
	ms = until_captured(&b, "v0", 0);
	printf("made again: captured after %llu ms\n", (unsigned long long)ms);
	CHECK(ms <= 5000, "made again: %llu ms", (unsigned long long)ms);
	CHECK(b.gap_count == 2 && strcmp(b.gaps[1].reason, "gone") == 0, "no gap for it");

	command("ip link set v1 down; ip link set v1 name other; ip link set other up");
	ms = until_captured(&b, "v0", 0);
	CHECK(ms <= 5000, "renamed: %llu ms", (unsigned long long)ms);
	command("ip link set other down");
	turn_for(&b, 10);
	command("ip link set other up");
	ms = until_captured(&b, "v0", 0);
	CHECK(ms <= 5000, "renamed, down and up: %llu ms", (unsigned long long)ms);
	make_pair("v2", "v1");
	ms = until_captured(&b, "v2", 0);
	CHECK(ms <= 5000, "the name is back: %llu ms", (unsigned long long)ms);

	command("ip link set v1 mtu 9000; ip link set v2 mtu 9000");
	uint8_t large[9000] = { 0 };
	write_frame(large, 2);
	int fd = sender_open("v2");
	send_one(fd, large, sizeof(large));
	(void)close(fd);
	turn_for(&b, 300);
	CHECK(b.seen[0].longest == sizeof(large), "a frame of 9000 bytes came as %u",
		b.seen[0].longest);

	make_pair("v3", "late");
	ms = until_captured(&b, "v3", 1);
	CHECK(ms <= 5000, "not there at the start: %llu ms", (unsigned long long)ms);
	CHECK(b.seen[1].frames > 0 && capture_set_state(b.set, 1) == CAPTURE_OPEN,
		"late is not open");
	for (size_t i = 0; i < b.gap_count; i++) {
		const struct capture_set_gap *g = &b.gaps[i];
		printf("gap of %s: %.3f s, %s\n", g->interface,
			(double)(int64_t)(g->to_ns - g->from_ns) / 1e9, g->reason);
		CHECK(g->from_ns < g->to_ns, "a gap ends before it begins");
	}
	bench_close(&b, "come_and_go");
}

/* Loopback, a VLAN tag, a cut, `any`, home networks. */
static void
kinds(void)
{
	struct bench b;
	struct capture_counters c;
	struct cidr nets[8];
	uint8_t frame[FRAME_BYTES];
	uint8_t tagged[FRAME_BYTES + 4];

	command("ip link set lo up");
	bench_open(&b, (struct capture_set_plan){ 0 }, (const char *[]){ "lo", NULL });
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(4949) };
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	CHECK(bind(fd, (const struct sockaddr *)&to, sizeof(to)) == 0, "bind");
	for (unsigned i = 0; i < 500; i++)
		(void)sendto(fd, "x", 1, 0, (const struct sockaddr *)&to, sizeof(to));
	(void)close(fd);
	turn_for(&b, 300);
	capture_set_counters(b.set, 0, &c);
	CHECK(c.offered == 500 && c.waiting == 0, "loopback: %llu offered of 500, %llu wait",
		(unsigned long long)c.offered, (unsigned long long)c.waiting);
	bench_close(&b, "loopback");

	make_pair("v0", "v1");
	command("ip addr add 10.9.0.1/24 dev v1; ip addr add 169.254.1.1/16 dev v1");
	bench_open(&b, (struct capture_set_plan){ .snaplen = 128 },
		(const char *[]){ "v1", "v0", NULL });
	CHECK(capture_set_home(b.set, nets, 8) == 1, "one network is behind v1");
	char text[ADDR_TEXT_MAX];
	CHECK(strcmp(addr_format(&nets[0].base, text), "10.9.0.0") == 0 &&
			nets[0].prefix_len == 120,
		"it is %s/%u", text, nets[0].prefix_len);
	write_frame(frame, 2);
	memcpy(tagged, frame, 12);
	memcpy(tagged + 12, "\x81\x00\x20\x07", 4);
	memcpy(tagged + 16, frame + 12, sizeof(frame) - 12);
	fd = sender_open("v0");
	send_one(fd, tagged, sizeof(tagged));
	turn_for(&b, 300);
	for (size_t i = 0; i < 2; i++)
		CHECK(memcmp(b.seen[i].last, tagged, sizeof(tagged)) == 0, "the tag is lost on %s",
			capture_set_name(b.set, i));
	uint8_t longer[200] = { 0 };
	write_frame(longer, 4);
	send_one(fd, longer, sizeof(longer));
	turn_for(&b, 300);
	for (size_t i = 0; i < 2; i++)
		CHECK(b.seen[i].longest == 128, "cut to %u", b.seen[i].longest);
	bench_close(&b, "tag and cut");

	bench_open(&b, (struct capture_set_plan){ 0 }, (const char *[]){ "any", NULL });
	send_one(fd, frame, sizeof(frame));
	turn_for(&b, 300);
	CHECK(b.seen[0].frames == 2, "any: %llu frames, expected it on v0 and on v1",
		(unsigned long long)b.seen[0].frames);
	(void)close(fd);
	bench_close(&b, "any");
}

static void
expect_refused(const char *const *names, const char *filter, int error, const char *line)
{
	struct bench b;
	char said[512] = "";
	int rc = try_open(
		&b, &(struct capture_set_plan){ .filter = filter }, names, said, sizeof(said));

	CHECK(rc == error, "%s: %d, expected %d", names[0], rc, error);
	CHECK(strstr(said, line) != NULL, "%s: said '%s'", names[0], said);
	if (rc == 0)
		capture_set_close(b.set);
	(void)close(b.watch);
}

/* What cannot be captured on says why. */
static void
refusals(void)
{
	make_pair("v0", "v1");
	command("ip link set v1 down");
	expect_refused(
		(const char *[]){ "v0", "none", NULL }, NULL, -ENODEV, "none: no such interface");
	expect_refused(
		(const char *[]){ "v1", NULL }, NULL, -ENETDOWN, "v1: the interface is down");
	expect_refused((const char *[]){ "v0", NULL }, "no filter", -EINVAL, "filter 'no filter':");
	(void)fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		if (setuid(65534) != 0) {
			puts("refusals: there is no other user here: permission not tried");
			exit(0);
		}
		failures = 0;
		expect_refused((const char *[]){ "v0", NULL }, NULL, -EPERM,
			"v0: no permission to capture");
		(void)fflush(stdout);
		_exit(failures > 0);
	}
	int status;
	CHECK(waitpid(pid, &status, 0) == pid && status == 0, "without permission");
}

/* More is told than the watch can keep. */
static void
lost_events(void)
{
	struct bench b;

	make_pair("v0", "v1");
	bench_open(&b, (struct capture_set_plan){ 0 }, (const char *[]){ "v1", NULL });
	(void)until_captured(&b, "v0", 0);
	command("for i in $(seq 400); do echo link set v0 alias a$i; done | ip -batch -; "
		"ip link del v0; ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up");
	uint64_t ms = until_captured(&b, "v0", 0);
	CHECK(ms <= 5000, "after lost events: %llu ms", (unsigned long long)ms);
	CHECK(b.gap_count == 1 && strcmp(b.gaps[0].reason, "gone") == 0, "no gap");
	bench_close(&b, "lost_events");
}

/* Not a test: how many packets a second come through. */
static void
rate(void)
{
	enum { COUNT = 4000000 };
	struct bench b;
	struct capture_counters c;

	make_pair("v0", "v1");
	bench_open(&b, (struct capture_set_plan){ .ring_bytes = 64 << 20 },
		(const char *[]){ "v1", NULL });
	uint64_t start = now_monotonic_ns();
	double cpu = cpu_seconds();
	pid_t sender = send_in_background("v0", COUNT);
	while (!is_sent(&sender))
		turn(&b, 10);
	turn_for(&b, 200);
	double seconds = (double)(now_monotonic_ns() - start - 200 * MS) / 1e9;
	capture_set_counters(b.set, 0, &c);
	printf("rate: %.0f frames/s offered, %llu dropped of %llu, %.0f ns of CPU a frame\n",
		(double)c.offered / seconds, (unsigned long long)c.dropped_kernel,
		(unsigned long long)c.offered,
		(cpu_seconds() - cpu) * 1e9 / (double)(c.analysed > 0 ? c.analysed : 1));
	bench_close(&b, "rate");
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} scenarios[] = {
		{ "million", million }, { "flap", flap }, { "come_and_go", come_and_go },
		{ "kinds", kinds }, { "refusals", refusals }, { "lost_events", lost_events },
		{ "rate", rate }, /* by hand */
	};

	log_level_set(LOG_LEVEL_ERR);
	for (size_t i = 0; argc == 2 && i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
		if (strcmp(scenarios[i].name, argv[1]) != 0)
			continue;
		scenarios[i].run();
		return failures > 0;
	}
	(void)fputs("usage: live_capture SCENARIO, see live_capture.sh\n", stderr);
	return 2;
}
