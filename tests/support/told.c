#include "tests/support/told.h"

#include "daemon/config/config_rows.h"
#include "tests/support/said_text.h"

#include <assert.h>
#include <stdlib.h>

enum { TOLD_MEMORY = 64 << 20 };

static void
write_ends(struct strbuf *out, const struct addr *orig, uint16_t orig_port, const struct addr *resp,
	uint16_t resp_port)
{
	char text[ADDR_TEXT_MAX];

	strbuf_printf(out, "%s:%u ", addr_format(orig, text), orig_port);
	strbuf_printf(out, "%s:%u ", addr_format(resp, text), resp_port);
}

static void
keep(void *context, const struct record *r)
{
	struct told *t = context;
	const struct observation *said = r->transaction;
	const struct obs_flow *f = r->flow;

	switch (r->kind) {
	case RECORD_TRANSACTION:
		write_ends(&t->out, &said->talk->orig, said->talk->orig_port, &said->talk->resp,
			said->talk->resp_port);
		said_text(&t->out, said);
		break;
	case RECORD_WEIRD:
		strbuf_printf(&t->out, "weird %s", weird_name(r->weird->weird.kind));
		break;
	case RECORD_FLOW:
		write_ends(&t->out, &f->orig, f->orig_port, &f->resp, f->resp_port);
		strbuf_printf(&t->out, "flow %s", f->service[0] != '\0' ? f->service : "-");
		break;
	default:
		return;
	}
	strbuf_char(&t->out, '\n');
}

struct told *
told_new(void)
{
	struct told *t = calloc(1, sizeof(*t));

	assert(t != NULL);
	config_rows_default(settings_rows, &t->settings);
	t->settings.sensor.name = "told";
	t->settings.flow.checksums = false; /* captured where the card makes them */
	t->settings.memory.limit = TOLD_MEMORY;
	t->engine = NULL;
	return t;
}

void
told_begin(struct told *t)
{
	strbuf_init(&t->out, t->text[0], sizeof(t->text[0]));
	t->half = false;
	t->engine = engine_new(&(struct engine_plan){
		.settings = &t->settings,
		.hash_key = { { 1, 2 } },
		.sink = { .wanted = RECORD_BIT(RECORD_TRANSACTION) | RECORD_BIT(RECORD_WEIRD) |
				    RECORD_BIT(RECORD_FLOW),
			.context = t,
			.write = keep },
	});
	assert(t->engine != NULL);
}

void
told_frames(struct told *t, const struct frame *frames, size_t count)
{
	while (count > 0) {
		size_t batch = count < ENGINE_BATCH_MAX ? count : ENGINE_BATCH_MAX;
		engine_packets(t->engine, frames, batch);
		frames += batch;
		count -= batch;
	}
}

const char *
told_until(struct told *t, uint64_t now_ns)
{
	engine_tick(t->engine, now_ns);
	assert(!t->out.truncated);
	const char *text = t->out.text;
	t->half = !t->half;
	strbuf_init(&t->out, t->text[t->half], sizeof(t->text[0]));
	return text;
}

const char *
told_end(struct told *t)
{
	engine_finish(t->engine, NULL, 0);
	engine_free(t->engine);
	t->engine = NULL;
	assert(!t->out.truncated);
	return t->out.text;
}

void
told_free(struct told *t)
{
	if (t->engine != NULL)
		engine_free(t->engine);
	free(t);
}
