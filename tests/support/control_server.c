/*
 * control_server PATH [IDLE_S [STORE]] -- the control socket of a sensor that is not there.
 *
 * Says "ready" when it listens, runs until SIGTERM, and then says what its descriptors and its memory
 * came to, so that a test can compare.
 */
#include "daemon/loop/control/control.h"
#include "daemon/loop/control/control_commands.h"
#include "tests/support/control_fake.h"

#include <dirent.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static void
on_stop(evutil_socket_t number, short what, void *context)
{
	(void)number;
	(void)what;
	(void)event_base_loopbreak(context);
}

static unsigned
descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		(void)closedir(d);
	return n;
}

int
main(int argc, char *argv[])
{
	struct control_fake fake;
	struct control *control = NULL;
	struct event_base *base = event_base_new();
	char error[512];

	if (argc < 2 || base == NULL)
		return 2;
	(void)signal(SIGPIPE, SIG_IGN);
	control_fake_init(&fake);
	fake.store = argc > 3 ? argv[3] : NULL;
	const struct control_plan plan = {
		.path = argv[1],
		.commands = control_commands,
		.context = &fake.sensor,
		.idle_s = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0,
	};
	if (control_open(base, &plan, &control, error, sizeof(error)) < 0) {
		(void)fprintf(stderr, "%s\n", error);
		control_fake_done(&fake);
		event_base_free(base);
		return 1;
	}
	struct event *stop = evsignal_new(base, SIGTERM, on_stop, base);
	(void)event_add(stop, NULL);
	unsigned before = descriptors();
	(void)printf("ready\n");
	(void)fflush(stdout);
	(void)event_base_dispatch(base);
	(void)event_base_loop(
		base, EVLOOP_NONBLOCK); /* a connection that was let go is closed a turn later */
	struct control_counters c = control_counters(control);
	unsigned after = descriptors();
	(void)printf("descriptors %+d clients %llu accepted %llu full %llu peer %llu change %llu "
		     "idle %llu long %llu reloads %u\n",
		(int)(after - before) - (int)c.clients, (unsigned long long)c.clients,
		(unsigned long long)c.accepted, (unsigned long long)c.refused_full,
		(unsigned long long)c.refused_peer, (unsigned long long)c.refused_change,
		(unsigned long long)c.closed_idle, (unsigned long long)c.closed_long, fake.reloads);
	event_free(stop);
	control_close(control);
	control_fake_done(&fake);
	event_base_free(base);
	return 0;
}
