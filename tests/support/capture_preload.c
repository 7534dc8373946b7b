/*
 * capture_preload.c -- libpcap as a test wants it to be, below a daemon that runs.
 *
 * Loaded with LD_PRELOAD. After SIGRTMIN nothing is read any more: packets wait, the loop turns, and a
 * daemon that looks at nothing must not say that it is well. And where libfaketime is loaded too, the
 * packets' stamps, which the kernel makes and libfaketime does not reach, are moved as far as the wall
 * clock is: as if the system's clock had been set, without setting it.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include <dlfcn.h>
#include <pcap/pcap.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t is_stuck;

/* Whom the packets are for, and by how many seconds they are moved. */
struct moving {
	pcap_handler handler;
	u_char *user;
	int64_t shift_s;
};

static void
stick(int number)
{
	(void)number;
	is_stuck = 1;
}

__attribute__((constructor)) static void
prepare(void)
{
	struct sigaction action = { .sa_handler = stick, .sa_flags = SA_RESTART };

	(void)sigaction(SIGRTMIN, &action, NULL);
}

/* What the program is told of the time, less what the kernel says. */
static int64_t
shift_s(void)
{
	struct timespec told = { 0 };
	struct timespec real = { 0 };

	(void)clock_gettime(CLOCK_REALTIME, &told);
	(void)syscall(SYS_clock_gettime, CLOCK_REALTIME, &real);
	int64_t ns =
		(int64_t)(told.tv_sec - real.tv_sec) * 1000000000 + told.tv_nsec - real.tv_nsec;
	return (ns + (ns < 0 ? -500000000 : 500000000)) / 1000000000;
}

/* These are libpcap's signatures. NOLINTBEGIN(readability-non-const-parameter) */
static void
move(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	const struct moving *m = (const void *)user;
	struct pcap_pkthdr moved = *header;

	moved.ts.tv_sec += m->shift_s;
	m->handler(m->user, &moved, bytes);
}

int
pcap_dispatch(pcap_t *p, int most, pcap_handler handler, u_char *user)
{
	static int (*real)(pcap_t *, int, pcap_handler, u_char *);
	struct moving m = { .handler = handler, .user = user, .shift_s = shift_s() };

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "pcap_dispatch");
	return is_stuck ? 0 : real(p, most, move, (u_char *)&m);
}
/* NOLINTEND(readability-non-const-parameter) */
