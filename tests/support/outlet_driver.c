/*
 * outlet_driver -- the outlets of a live sensor without the sensor: for tests of what becomes of records.
 *
 *	outlet_driver SETTINGS OUTPUT_DIR FIRST COUNT RATE LINGER_MS [PROGRESS [MORE]]
 *
 * Opens what the settings ask for and feeds evidence number FIRST, FIRST + 1 ... at RATE a second, a
 * flow with each and an alert with every tenth. Each line of the fifo MORE is how many it feeds
 * besides, so that who drives it may be as slow as the machine is. When nobody has that open for
 * writing any more, it waits until no outlet has anything queued, LINGER_MS at most, closes, and says
 * what each outlet did. The number of an evidence is in its id and, before it is fed, in the file
 * PROGRESS. SIGUSR1 reopens, SIGTERM ends.
 */
#include "daemon/config/config.h"
#include "exporters/outlets.h"
#include "tests/support/record_sample.h"

#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FEED_MS = 2, ALERT_EVERY = 10 };

struct driver {
	struct event_base *base;
	struct outlets *outlets;
	uint64_t first, count, rate, linger_ns;
	uint64_t fed;
	uint64_t began_ns;
	uint64_t idle_ns; /* since when there is nothing to feed */
	int progress;     /* -1: none is kept */
	int more;         /* -1: that is all */
};

static uint64_t
now_ns(clockid_t clock)
{
	struct timespec t;

	(void)clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static void
give(struct driver *d, struct record r)
{
	struct record_sink sink = outlets_sink(d->outlets);

	r.ts_ns = now_ns(CLOCK_REALTIME);
	sink.write(sink.context, &r);
}

static void
progress_keep(const struct driver *d, uint64_t number)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "%020llu\n", (unsigned long long)number);

	if (d->progress >= 0 && pwrite(d->progress, text, (size_t)length, 0) != length)
		exit(3);
}

static void
feed_one(struct driver *d, uint64_t number)
{
	struct record_evidence e = sample_evidence();
	struct record_alert a = sample_alert();
	struct obs_flow f = sample_flow();

	progress_keep(d, number);
	(void)snprintf(
		e.id, sizeof(e.id), "00000000-0000-8000-8000-%012llx", (unsigned long long)number);
	(void)snprintf(
		a.id, sizeof(a.id), "00000000-0000-8000-9000-%012llx", (unsigned long long)number);
	give(d, (struct record){ .kind = RECORD_FLOW, .flow = &f });
	give(d, (struct record){ .kind = RECORD_EVIDENCE, .evidence = &e });
	if (number % ALERT_EVERY == 0)
		give(d, (struct record){ .kind = RECORD_ALERT, .alert = &a });
}

static uint64_t
queued(const struct driver *d)
{
	struct outlet_stats stats[32];
	size_t count = outlets_stats(d->outlets, stats, 32);
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += stats[i].queued_records;
	return sum;
}

/* What is to be fed besides, if it has been said by now; at RATE from now on. */
static void
more_read(struct driver *d, uint64_t now)
{
	char text[256];
	char *rest = NULL;
	ssize_t length = read(d->more, text, sizeof(text) - 1);

	if (length < 0)
		return;
	if (length == 0) {
		(void)close(d->more);
		d->more = -1;
	}
	text[length] = '\0';
	if (d->fed == d->count)
		d->began_ns = now - d->fed * NS_PER_S / d->rate;
	for (char *line = strtok_r(text, "\n", &rest); line != NULL;
		line = strtok_r(NULL, "\n", &rest))
		d->count += strtoull(line, NULL, 10);
	d->idle_ns = now;
}

static void
on_time(evutil_socket_t fd, short what, void *context)
{
	struct driver *d = context;
	uint64_t now = now_ns(CLOCK_MONOTONIC);

	(void)fd;
	(void)what;
	if (d->more >= 0)
		more_read(d, now);
	while (d->fed < d->count && d->fed * NS_PER_S < (now - d->began_ns) * d->rate) {
		feed_one(d, d->first + d->fed);
		d->fed++;
		d->idle_ns = now;
	}
	if (d->more < 0 && d->fed == d->count && now - d->idle_ns > NS_PER_S / 5 &&
		(queued(d) == 0 || now - d->idle_ns >= d->linger_ns))
		(void)event_base_loopbreak(d->base);
}

static void
on_term(evutil_socket_t fd, short what, void *context)
{
	const struct driver *d = context;

	(void)fd;
	(void)what;
	(void)event_base_loopbreak(d->base);
}

static void
on_usr1(evutil_socket_t fd, short what, void *context)
{
	const struct driver *d = context;

	(void)fd;
	(void)what;
	outlets_reopen(d->outlets);
}

static void
tell(const struct driver *d)
{
	struct outlet_stats stats[32];
	size_t count = outlets_stats(d->outlets, stats, 32);

	for (size_t i = 0; i < count; i++) {
		const struct outlet_stats *s = &stats[i];

		printf("%s written=%llu too_long=%llu full=%llu reserved=%llu failed=%llu "
		       "queued=%llu\n",
			s->name, (unsigned long long)s->written,
			(unsigned long long)s->dropped[OUTLET_DROP_TOO_LONG],
			(unsigned long long)s->dropped[OUTLET_DROP_FULL],
			(unsigned long long)s->dropped[OUTLET_DROP_RESERVED],
			(unsigned long long)s->dropped[OUTLET_DROP_FAILED],
			(unsigned long long)s->queued_records);
	}
}

static void
complain(void *context, const char *text)
{
	(void)context;
	(void)fprintf(stderr, "outlet_driver: %s\n", text);
}

static int
drive(struct driver *d)
{
	const struct timeval every = { .tv_usec = FEED_MS * 1000L };
	struct event *time = event_new(d->base, -1, EV_PERSIST, on_time, d);
	struct event *term = evsignal_new(d->base, SIGTERM, on_term, d);
	struct event *usr1 = evsignal_new(d->base, SIGUSR1, on_usr1, d);

	if (time == NULL || term == NULL || usr1 == NULL || event_add(time, &every) < 0 ||
		event_add(term, NULL) < 0 || event_add(usr1, NULL) < 0)
		return 1;
	d->began_ns = now_ns(CLOCK_MONOTONIC);
	d->idle_ns = d->began_ns;
	(void)event_base_dispatch(d->base);
	event_free(time);
	event_free(term);
	event_free(usr1);
	return 0;
}

int
main(int argc, char **argv)
{
	struct config_report report = { .line = complain };
	struct run_info info = { .version = "0", .sensor = "driver", .live = true };
	struct driver d = { .progress = -1, .more = -1 };
	struct config *config = NULL;

	(void)signal(SIGUSR1,
		SIG_IGN); /* one that comes when all is fed is too late, and does no harm */
	if (argc < 7 || config_load(argv[1], NULL, &report, &config) < 0)
		return 2;
	info.output_dir = argv[2];
	info.state_dir = config->shell->service.state;
	d.first = strtoull(argv[3], NULL, 10);
	d.count = strtoull(argv[4], NULL, 10);
	d.rate = strtoull(argv[5], NULL, 10);
	d.linger_ns = strtoull(argv[6], NULL, 10) * NS_PER_MS;
	if (argc > 7)
		d.progress = open(argv[7], O_WRONLY | O_CREAT, 0640);
	if (argc > 8)
		d.more = open(argv[8], O_RDONLY | O_NONBLOCK);
	d.base = event_base_new();
	int status = 1;
	if (d.base != NULL &&
		outlets_open(config->exporter_configs, &info, d.base, &d.outlets) == 0) {
		status = drive(&d);
		tell(&d);
		if (outlets_close(d.outlets) < 0)
			status = 1;
	}
	if (d.base != NULL)
		event_base_free(d.base);
	config_free(config);
	return status;
}
