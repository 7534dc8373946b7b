/*
 * feed [OPTION...] PROGRAM [ARGUMENT...] -- hours of a network in minutes, and what a program becomes over them.
 *
 * PROGRAM is given a capture on its standard input: HOSTS of 10.0.0.0/8 that browse, ask, ping and keep
 * a conversation open each; one in fifty knocks where nobody answers. CHURN percent of them leave every
 * hour, and others that were never seen take their places. Everything follows from the options.
 *
 * Four times in each hour of packet time a line tells of the program: hours, KiB in memory, open
 * descriptors. The last line has its peak in memory, in KiB, and its exit status.
 */
#include "tests/support/packet_build.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	START_S = 1700000000,
	HOUR_S = 3600,
	SAMPLES_AN_HOUR = 4,
	HOSTS_MAX = 100000,
	PAUSE_S = 30,     /* between two conversations of a host, on average */
	KEEPALIVE_S = 60, /* between two words of the one that stays open */
	KNOCKERS = 50,    /* one host in so many */
	SERVERS = 1 << 17,
	PCAP_MAGIC_NS = (int)0xa1b23c4d,
	LINKTYPE_ETHERNET = 1,
};

/* A host's place: who holds it now, and the conversation that it keeps open. */
struct seat {
	uint32_t host;
	uint32_t seq;
	uint16_t next_port;
};

struct feed {
	uint64_t hours, hosts, churn;
	FILE *out;
	pid_t reader;
	struct seat *seats;
	uint32_t hosts_made;
	uint64_t now_ns, step_ns;
	uint64_t packets;
	uint64_t state; /* of random_below() */
};

/* splitmix64 */
static uint32_t
random_below(struct feed *f, uint32_t bound)
{
	uint64_t x = f->state += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((x ^ (x >> 31)) % bound);
}

static void
put32(struct feed *f, uint32_t v)
{
	if (fwrite(&v, sizeof(v), 1, f->out) != 1) {
		perror("feed: the program does not read on");
		exit(EXIT_FAILURE);
	}
}

static void
put(struct feed *f, const uint8_t *bytes, size_t length)
{
	f->now_ns += f->step_ns;
	put32(f, (uint32_t)(f->now_ns / 1000000000));
	put32(f, (uint32_t)(f->now_ns % 1000000000));
	put32(f, (uint32_t)length);
	put32(f, (uint32_t)length);
	(void)fwrite(bytes, 1, length, f->out);
	f->packets++;
}

static void
tcp(struct feed *f, struct build *b, uint8_t flags, size_t payload_bytes)
{
	uint8_t bytes[BUILD_MAX];

	b->flags = flags;
	b->payload_bytes = payload_bytes;
	put(f, bytes, build_tcp(bytes, b));
}

static struct build
between(struct feed *f, struct seat *s, uint16_t port)
{
	uint32_t server = random_below(f, SERVERS);

	return (struct build){
		.src = addr_v4(
			10, (uint8_t)(s->host >> 16), (uint8_t)(s->host >> 8), (uint8_t)s->host),
		.dst = addr_v4(198, (uint8_t)(18 + (server >> 16)), (uint8_t)(server >> 8),
			(uint8_t)server),
		.src_port = s->next_port++ | 0x8000,
		.dst_port = port,
		.seq = 1000,
	};
}

static void
browse(struct feed *f, struct seat *s)
{
	struct build there = between(f, s, 443);

	tcp(f, &there, TCP_SYN, 0);
	struct build back = build_answer(&there);
	back.seq = 5000;
	back.ack = 1001;
	tcp(f, &back, TCP_SYN | TCP_ACK, 0);
	there.seq = 1001;
	there.ack = 5001;
	tcp(f, &there, TCP_ACK, 0);
	tcp(f, &there, TCP_PSH | TCP_ACK, 200);
	back.seq = 5001;
	back.ack = 1201;
	tcp(f, &back, TCP_PSH | TCP_ACK, 600);
	there.seq = 1201;
	there.ack = 5601;
	tcp(f, &there, TCP_FIN | TCP_ACK, 0);
	back.seq = 5601;
	back.ack = 1202;
	tcp(f, &back, TCP_FIN | TCP_ACK, 0);
	there.seq = 1202;
	there.ack = 5602;
	tcp(f, &there, TCP_ACK, 0);
}

static void
ask(struct feed *f, struct seat *s)
{
	struct build question = between(f, s, 123);
	uint8_t bytes[BUILD_MAX];

	question.payload_bytes = 48;
	put(f, bytes, build_udp(bytes, &question));
	struct build answer = build_answer(&question);
	answer.payload_bytes = 48;
	put(f, bytes, build_udp(bytes, &answer));
}

static void
ping(struct feed *f, struct seat *s)
{
	struct build b = between(f, s, 0);
	uint8_t bytes[BUILD_MAX];

	b.icmp_type = 8;
	b.icmp_id = s->next_port;
	put(f, bytes, build_icmp(bytes, &b));
	b = build_answer(&b);
	b.icmp_type = 0;
	put(f, bytes, build_icmp(bytes, &b));
}

static void
knock(struct feed *f, struct seat *s)
{
	struct build b = between(f, s, 23);

	tcp(f, &b, TCP_SYN, 0);
}

/* The conversation that stays open: its server is the host's own, so that nothing need be kept. */
static void
keep(struct feed *f, struct seat *s, uint8_t flags)
{
	struct build b = between(f, s, 5223);

	b.dst = addr_v4(198, 19, (uint8_t)(s->host >> 8), (uint8_t)s->host);
	b.src_port = 4000;
	b.seq = s->seq;
	tcp(f, &b, flags, flags == TCP_SYN ? 0 : 10);
	s->seq += flags == TCP_SYN ? 1 : 10;
	struct build back = build_answer(&b);
	back.seq = 5000;
	back.ack = s->seq;
	if (flags == TCP_SYN)
		tcp(f, &back, TCP_SYN | TCP_ACK, 0);
	else
		tcp(f, &back, TCP_ACK, 0);
}

static void
sit_down(struct feed *f, struct seat *s)
{
	*s = (struct seat){ .host = ++f->hosts_made, .seq = 1000 };
	keep(f, s, TCP_SYN);
}

static void
act(struct feed *f, struct seat *s)
{
	uint32_t dice = random_below(f, 10);

	if (s->host % KNOCKERS == 0)
		knock(f, s);
	else if (dice < 6)
		browse(f, s);
	else if (dice < 9)
		ask(f, s);
	else
		ping(f, s);
}

static unsigned
descriptors_of(pid_t pid)
{
	char path[64];
	unsigned count = 0;

	(void)snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	DIR *d = opendir(path);
	if (d == NULL)
		return 0;
	while (readdir(d) != NULL)
		count++;
	(void)closedir(d);
	return count - 2; /* "." and ".." */
}

static void
tell(struct feed *f, uint64_t second)
{
	char path[64];
	char line[128] = "";
	uint64_t resident = 0;

	(void)fflush(f->out);
	(void)snprintf(path, sizeof(path), "/proc/%d/statm", (int)f->reader);
	FILE *statm = fopen(path, "re");
	if (statm != NULL && fgets(line, sizeof(line), statm) != NULL && strchr(line, ' ') != NULL)
		resident = strtoull(strchr(line, ' '), NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
	if (statm != NULL)
		(void)fclose(statm);
	(void)printf("%.2f %" PRIu64 " %u\n", (double)second / HOUR_S, resident / 1024,
		descriptors_of(f->reader));
	(void)fflush(stdout);
}

static void
header(struct feed *f)
{
	put32(f, (uint32_t)PCAP_MAGIC_NS);
	put32(f, 4u << 16 | 2);
	put32(f, 0);
	put32(f, 0);
	put32(f, 262144);
	put32(f, LINKTYPE_ETHERNET);
}

/* What happens to `hosts` in a second, at a rate of one a `period_s` each: whole ones, and chance. */
static uint64_t
due(struct feed *f, uint64_t numerator, uint64_t period_s)
{
	return numerator / period_s +
	       (random_below(f, (uint32_t)period_s) < numerator % period_s ? 1 : 0);
}

static void
run(struct feed *f)
{
	header(f);
	for (uint64_t i = 0; i < f->hosts; i++)
		sit_down(f, &f->seats[i]);
	for (uint64_t second = 1; second <= f->hours * HOUR_S; second++) {
		f->now_ns = (START_S + second) * UINT64_C(1000000000);
		for (uint64_t n = due(f, f->hosts * f->churn, UINT64_C(100) * HOUR_S); n > 0; n--)
			sit_down(f, &f->seats[random_below(f, (uint32_t)f->hosts)]);
		for (uint64_t n = due(f, f->hosts, PAUSE_S); n > 0; n--)
			act(f, &f->seats[random_below(f, (uint32_t)f->hosts)]);
		for (uint64_t i = second % KEEPALIVE_S; i < f->hosts; i += KEEPALIVE_S)
			keep(f, &f->seats[i], TCP_PSH | TCP_ACK);
		if (second % (HOUR_S / SAMPLES_AN_HOUR) == 0)
			tell(f, second);
	}
}

/* returns where its standard input begins */
static FILE *
start(char **program, pid_t *ret_pid)
{
	int ends[2];

	if (pipe(ends) != 0 || (*ret_pid = fork()) < 0) {
		perror("feed");
		exit(EXIT_FAILURE);
	}
	if (*ret_pid == 0) {
		(void)dup2(ends[0], STDIN_FILENO);
		(void)close(ends[0]);
		(void)close(ends[1]);
		(void)execvp(program[0], program);
		perror(program[0]);
		_exit(127);
	}
	(void)close(ends[0]);
	return fdopen(ends[1], "wb");
}

/* returns false when the options make no sense */
static bool
options(int argc, char **argv, struct feed *f)
{
	int option = 0;

	while ((option = getopt(argc, argv, "+t:H:c:")) != -1) {
		uint64_t n = option == '?' ? 0 : strtoull(optarg, NULL, 10);

		if (option == 't')
			f->hours = n;
		else if (option == 'H')
			f->hosts = n;
		else if (option == 'c')
			f->churn = n;
		else
			return false;
	}
	return f->hours > 0 && f->hosts > 0 && f->hosts <= HOSTS_MAX && optind < argc;
}

int
main(int argc, char **argv)
{
	struct feed f = { .hours = 24, .hosts = 2000, .churn = 20 };
	struct rusage used = { 0 };
	int status = 0;

	if (!options(argc, argv, &f)) {
		(void)fputs("usage: feed [-t HOURS] [-H HOSTS] [-c CHURN] PROGRAM [ARGUMENT...]\n",
			stderr);
		return 2;
	}
	f.seats = calloc(f.hosts, sizeof(*f.seats));
	f.out = start(argv + optind, &f.reader);
	if (f.seats == NULL || f.out == NULL) {
		perror("feed");
		free(f.seats);
		return EXIT_FAILURE;
	}
	f.now_ns = START_S * UINT64_C(1000000000);
	f.step_ns = UINT64_C(900000000) / (f.hosts / 2 + 100);
	run(&f);
	if (fclose(f.out) != 0 || wait4(f.reader, &status, 0, &used) != f.reader) {
		perror("feed");
		return EXIT_FAILURE;
	}
	(void)printf("packets %" PRIu64 " hosts %" PRIu32 " peak_kib %ld status %d\n", f.packets,
		f.hosts_made, used.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128);
	free(f.seats);
	return EXIT_SUCCESS;
}
