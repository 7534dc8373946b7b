/*
 * Outlets that carry the same encoding share its lines: a record is encoded when the first of them
 * wants it, and not at all when none does. There is one scratch line, so that encodings cannot hold
 * memory and a line has one bound; what is longer is dropped by all who cannot do without, and counted.
 */
#include "exporters/outlets.h"

#include "daemon/base/log.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	LINE_MAX_BYTES = 32 * 1024, /* an alert with 64 pieces of evidence takes 8 KiB */
	FRAME_MAX_BYTES = 4 * 1024, /* header and footer */
	NS_PER_SECOND = 1000000000,
};

/* An encoding in use. */
struct encoder {
	const struct encoding *encoding;
	void *state;
	uint32_t wanted; /* RECORD_BIT()s that any outlet wants a line for */
	char header[FRAME_MAX_BYTES];
	char footer[FRAME_MAX_BYTES];
};

struct running {
	const struct exporter *exporter; /* NULL: the settings do not ask for it */
	struct outlet outlet;
	struct encoder *encoder; /* NULL: it reads records */
	uint32_t wanted;
};

struct outlets {
	const struct run_info *run;
	struct running *running;  /* exporter_count of them, in their order */
	struct encoder *encoders; /* encoder_count of them, in order of first use */
	size_t encoder_count;
	struct event *timer; /* NULL over files */
	bool alerted;
	enum threat highest; /* of all alerts' evidence, if alerted */
	char line[LINE_MAX_BYTES];
};

static const char *
frame_text(void (*write)(void *, const struct run_info *, struct strbuf *), void *state,
	const struct run_info *run, char text[FRAME_MAX_BYTES])
{
	struct strbuf b;

	strbuf_init(&b, text, FRAME_MAX_BYTES);
	if (write != NULL)
		write(state, run, &b);
	assert(!b.truncated);
	return text;
}

static int
encoder_open(struct outlets *o, const struct encoding *encoding, struct encoder **ret_encoder)
{
	for (size_t i = 0; i < o->encoder_count; i++)
		if (o->encoders[i].encoding == encoding) {
			*ret_encoder = &o->encoders[i];
			return 0;
		}

	struct encoder *e = &o->encoders[o->encoder_count];
	e->state = calloc(1, encoding->state_size > 0 ? encoding->state_size : 1);
	if (e->state == NULL)
		return -ENOMEM;
	if (encoding->open != NULL) {
		int result = encoding->open(e->state, o->run);

		if (result < 0) {
			free(e->state);
			e->state = NULL;
			return result;
		}
	}
	e->encoding = encoding;
	o->encoder_count++;
	(void)frame_text(encoding->header, e->state, o->run, e->header);
	*ret_encoder = e;
	return 0;
}

static int
running_encoder(struct outlets *o, struct running *r, const void *config)
{
	if (r->exporter->encoding == NULL)
		return 0;

	const struct encoding *encoding = encoding_find(r->exporter->encoding(config));
	assert(encoding != NULL);
	int result = encoder_open(o, encoding, &r->encoder);
	if (result < 0) {
		errno = -result;
		log_warn("output", "cannot prepare %s for %s, not starting", encoding->name,
			r->exporter->name);
		return result;
	}
	r->encoder->wanted |= r->wanted & encoding->encodes;
	return 0;
}

static uint64_t
clock_ns(clockid_t clock)
{
	struct timespec t;

	(void)clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * NS_PER_SECOND + (uint64_t)t.tv_nsec;
}

static struct outlet_time
time_now(void)
{
	return (struct outlet_time){
		.monotonic_ns = clock_ns(CLOCK_MONOTONIC),
		.wall_ns = clock_ns(CLOCK_REALTIME),
	};
}

static int
running_open(struct outlets *o, size_t index, const void *config, struct event_base *base)
{
	const struct exporter *x = exporters[index];
	struct running *r = &o->running[index];
	int result;

	r->wanted = x->accepts(config, o->run);
	if (r->wanted == 0)
		return 0;
	r->outlet = (struct outlet){ .base = base, .run = o->run, .config = config };
	if (base != NULL)
		r->outlet.now = time_now();
	r->outlet.state = calloc(1, x->state_size > 0 ? x->state_size : 1);
	if (r->outlet.state == NULL)
		return -ENOMEM;
	r->exporter = x; /* from here on it is closed, even half-opened */
	result = running_encoder(o, r, config);
	if (result < 0)
		return result;
	return x->open(&r->outlet, r->encoder != NULL ? r->encoder->header : "");
}

static void
on_timer(evutil_socket_t fd, short what, void *context)
{
	(void)fd;
	(void)what;
	outlets_tick(context, time_now());
}

static int
timer_start(struct outlets *o, struct event_base *base)
{
	const struct timeval every = { .tv_usec = OUTLETS_TICK_MS * 1000L };

	if (base == NULL)
		return 0;
	o->timer = event_new(base, -1, EV_PERSIST, on_timer, o);
	return o->timer != NULL && event_add(o->timer, &every) == 0 ? 0 : -ENOMEM;
}

static int
no_memory(void)
{
	log_warnx("output", "no memory left for what is written, not starting");
	return -ENOMEM;
}

int
outlets_open(const void *const *configs, const struct run_info *run, struct event_base *base,
	struct outlets **ret_outlets)
{
	struct outlets *o = calloc(1, sizeof(*o));
	int result = -ENOMEM;

	if (o == NULL)
		return no_memory();
	o->run = run;
	o->running = calloc(exporter_count > 0 ? exporter_count : 1, sizeof(*o->running));
	o->encoders = calloc(encoding_count > 0 ? encoding_count : 1, sizeof(*o->encoders));
	if (o->running == NULL || o->encoders == NULL)
		goto refuse;
	for (size_t i = 0; i < exporter_count; i++) {
		result = running_open(o, i, configs[i], base);
		if (result < 0)
			goto refuse;
	}
	result = timer_start(o, base);
	if (result < 0)
		goto refuse;
	*ret_outlets = o;
	return 0;
refuse:
	if (result == -ENOMEM)
		(void)no_memory();
	(void)outlets_close(o);
	return result;
}

static bool
has_lines(const struct running *out, enum record_kind kind)
{
	return out->encoder != NULL && (out->encoder->encoding->encodes & RECORD_BIT(kind)) != 0;
}

static void
records_write(struct outlets *o, const struct record *r)
{
	for (size_t i = 0; i < exporter_count; i++) {
		struct running *out = &o->running[i];

		if ((out->wanted & RECORD_BIT(r->kind)) != 0 && !has_lines(out, r->kind))
			out->exporter->write(&out->outlet, r, NULL, 0);
	}
}

static void
lines_write(struct outlets *o, const struct encoder *e, const struct record *r)
{
	struct strbuf line;

	strbuf_init(&line, o->line, sizeof(o->line));
	e->encoding->encode(e->state, o->run, r, &line);
	if (line.length == 0 && !line.truncated)
		return;
	for (size_t i = 0; i < exporter_count; i++) {
		struct running *out = &o->running[i];

		if (out->encoder != e || (out->wanted & RECORD_BIT(r->kind)) == 0)
			continue;
		if (line.truncated && out->exporter->does_without)
			out->exporter->write(&out->outlet, r, NULL, 0);
		else if (line.truncated)
			out->outlet.dropped[OUTLET_DROP_TOO_LONG]++;
		else
			out->exporter->write(&out->outlet, r, line.text, line.length);
	}
}

static void
sink_write(void *context, const struct record *r)
{
	struct outlets *o = context;

	if (r->kind == RECORD_ALERT) {
		if (!o->alerted || r->alert->highest > o->highest)
			o->highest = r->alert->highest;
		o->alerted = true;
	}
	/* First: among them are those that put a finding where a crash does not reach it. */
	records_write(o, r);
	for (size_t i = 0; i < o->encoder_count; i++)
		if ((o->encoders[i].wanted & RECORD_BIT(r->kind)) != 0)
			lines_write(o, &o->encoders[i], r);
}

uint64_t
outlets_memory(const void *const *configs, const struct run_info *run)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < exporter_count; i++)
		if (exporters[i]->memory != NULL && exporters[i]->accepts(configs[i], run) != 0)
			bytes += exporters[i]->memory(configs[i], run);
	return bytes;
}

struct record_sink
outlets_sink(struct outlets *o)
{
	uint32_t wanted = RECORD_BIT(RECORD_ALERT); /* outlets_alert_reached() */

	for (size_t i = 0; i < exporter_count; i++)
		wanted |= o->running[i].wanted;
	return (struct record_sink){ .wanted = wanted, .context = o, .write = sink_write };
}

void
outlets_reopen(struct outlets *o)
{
	for (size_t i = 0; i < exporter_count; i++) {
		struct running *r = &o->running[i];

		if (r->exporter != NULL && r->exporter->reopen != NULL)
			r->exporter->reopen(&r->outlet);
	}
}

void
outlets_tick(struct outlets *o, struct outlet_time now)
{
	for (size_t i = 0; i < exporter_count; i++) {
		struct running *r = &o->running[i];

		r->outlet.now = now;
		if (r->exporter != NULL && r->exporter->tick != NULL)
			r->exporter->tick(&r->outlet);
	}
}

void
outlets_show(struct outlets *o)
{
	for (size_t i = 0; i < exporter_count; i++) {
		struct running *r = &o->running[i];

		if (r->exporter != NULL && r->exporter->show != NULL)
			r->exporter->show(&r->outlet);
	}
}

size_t
outlets_stats(const struct outlets *o, struct outlet_stats ret[], size_t room)
{
	size_t count = 0;

	for (size_t i = 0; i < exporter_count && count < room; i++) {
		const struct running *r = &o->running[i];

		if (r->exporter == NULL)
			continue;
		struct outlet_stats *s = &ret[count++];
		*s = (struct outlet_stats){
			.written = r->outlet.written,
			.left_out = r->outlet.left_out,
			.queued_records = r->outlet.queued_records,
			.queued_bytes = r->outlet.queued_bytes,
			.last_success_s = r->outlet.last_success_ns / NS_PER_SECOND,
		};
		memcpy(s->dropped, r->outlet.dropped, sizeof(s->dropped));
		memcpy(s->forgotten, r->outlet.forgotten, sizeof(s->forgotten));
		(void)snprintf(s->name, sizeof(s->name), "%s", r->exporter->name);
	}
	return count;
}

bool
outlets_alert_reached(const struct outlets *o, enum threat level)
{
	return o->alerted && o->highest >= level;
}

static void
dropped_tell(const struct running *r)
{
	uint64_t dropped = 0;

	for (size_t i = 0; i < OUTLET_DROP_COUNT; i++)
		dropped += r->outlet.dropped[i];
	uint64_t offered = dropped + r->outlet.written;
	if (dropped > 0)
		log_warnx("output", "%s: %llu of %llu records were dropped", r->exporter->name,
			(unsigned long long)dropped, (unsigned long long)offered);
}

static int
running_close(const struct outlets *o, struct running *r)
{
	const char *footer = "";
	int result;

	if (r->exporter == NULL)
		return 0;
	if (r->encoder != NULL)
		footer = frame_text(r->encoder->encoding->footer, r->encoder->state, o->run,
			r->encoder->footer);
	result = r->exporter->close(&r->outlet, footer);
	dropped_tell(r);
	free(r->outlet.state);
	return result;
}

int
outlets_close(struct outlets *o)
{
	int result = 0;

	if (o == NULL)
		return 0;
	if (o->timer != NULL)
		event_free(o->timer);
	for (size_t i = 0; o->running != NULL && i < exporter_count; i++) {
		int closed = running_close(o, &o->running[i]);

		if (result == 0)
			result = closed;
	}
	for (size_t i = 0; i < o->encoder_count; i++) {
		if (o->encoders[i].encoding->close != NULL)
			o->encoders[i].encoding->close(o->encoders[i].state);
		free(o->encoders[i].state);
	}
	free(o->encoders);
	free(o->running);
	free(o);
	return result;
}
