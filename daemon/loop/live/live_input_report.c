/* live_input_report.c -- how the inputs are: for Prometheus, for naiadctl, for the last record of a run. */
#include "daemon/base/time_text.h"
#include "daemon/loop/control/control_sensor.h"
#include "daemon/loop/live/live.h"
#include "daemon/loop/live/live_input_state.h"
#include "daemon/loop/now.h"

enum { COUNTS_AT_ONCE = 16 };

#define COUNTER(name_, label_, member_, help_) \
	METRIC_ROW(name_, METRIC_COUNTER, label_, struct live_input_counters, member_, help_)

static const char lines[] = "Lines of flow logs, by what came of them.";

const struct metric live_input_metric_rows[] = {
	COUNTER("input_observations_total", NULL, observations,
		"Conversations and what was said in them, as other programs tell it."),
	COUNTER("input_ahead_total", NULL, ahead,
		"Observations that were dropped: their time is more than a minute ahead of our clock."),
	COUNTER("input_lines_total", "result=\"read\"", read, lines),
	COUNTER("input_lines_total", "result=\"skipped\"", skipped, lines),
	COUNTER("input_lines_total", "result=\"bad\"", bad, lines),
	COUNTER("input_lines_total", "result=\"long\"", long_lines, lines),
	COUNTER("input_cut_texts_total", NULL, cut_texts,
		"Texts of lines for which there was no room."),
	METRIC_ROW_IN(METRIC_NS, "input_last_timestamp_seconds", METRIC_GAUGE, NULL,
		struct live_input_counters, last_ns, "Time of what was told last."),
	METRIC_ROW_IN(METRIC_NS, "input_lag_seconds", METRIC_GAUGE, NULL,
		struct live_input_counters, lag_ns,
		"How far behind the clock lines are read; 0: all that is there was read."),
	METRIC_END,
};

static void
add_count(struct live_input_counters *c, const struct input_count *of_file)
{
	c->lines += of_file->lines;
	c->read += of_file->read;
	c->skipped += of_file->skipped;
	c->bad += of_file->bad;
}

static void
count_files(struct live_input *i)
{
	struct input_count counts[COUNTS_AT_ONCE];
	size_t from = 0;
	size_t n;

	while ((n = input_counts(i->files, from, counts, COUNTS_AT_ONCE)) > 0) {
		for (size_t k = 0; k < n; k++)
			add_count(&i->counters, &counts[k]);
		from += n;
	}
}

static void
count_lost_lines(struct live_input *i)
{
	struct record_loss lost[INPUT_LOSSES];

	input_losses(i->files, lost);
	i->counters.long_lines = lost[INPUT_LOSS_LONG_LINES].count;
	i->counters.cut_texts = lost[INPUT_LOSS_CUT_TEXTS].count;
}

/* Bring the counters up to date. */
static const struct live_input_counters *
count(struct live_input *i)
{
	uint64_t now_ns = now_wall_ns();

	i->counters.lag_ns = i->counters.lines = i->counters.read = 0;
	i->counters.skipped = i->counters.bad = 0;
	if (i->files != NULL) {
		count_files(i);
		count_lost_lines(i);
		if (!i->is_at_end && i->counters.last_ns > 0 && now_ns > i->counters.last_ns)
			i->counters.lag_ns = now_ns - i->counters.last_ns;
	} else if (i->socket != NULL) {
		add_count(&i->counters, &i->lines.count);
		i->counters.cut_texts = i->stream.cut_texts;
		i->counters.long_lines = input_socket_counters(i->socket)->long_lines;
	}
	return &i->counters;
}

static void
add(struct metric_source *ret, size_t room, size_t *count_at, const struct metric *rows,
	const void *owner, const char *label)
{
	if (*count_at < room)
		ret[(*count_at)++] =
			(struct metric_source){ .rows = rows, .owner = owner, .label = label };
}

size_t
live_input_metrics(struct live *l, struct metric_source *ret, size_t room)
{
	size_t n = 0;

	for (size_t k = 0; k < l->inputs->count; k++) {
		struct live_input *i = &l->inputs->of[k];

		add(ret, room, &n, live_input_metric_rows, count(i), i->label);
		if (i->socket != NULL)
			add(ret, room, &n, input_socket_metrics, input_socket_counters(i->socket),
				i->label);
		if (i->udp == NULL)
			continue;
		add(ret, room, &n, input_udp_metrics, input_udp_counters(i->udp), i->label);
		add(ret, room, &n, input_exporter_metrics, input_exporter_counters(i->exporter),
			i->label);
	}
	return n;
}

/* What never reached the engine, and was no line that makes no sense. */
static uint64_t
dropped(struct live_input *i)
{
	uint64_t all = i->counters.ahead + i->counters.long_lines;

	if (i->socket != NULL)
		all += input_socket_counters(i->socket)->torn_lines;
	if (i->udp == NULL)
		return all;
	const struct input_udp_counters *u = input_udp_counters(i->udp);
	const struct input_exporter_counters *x = input_exporter_counters(i->exporter);
	return all + u->refused + u->cut + u->dropped + x->lost + x->without_template +
	       x->refused_exporters + x->refused_templates + x->refused;
}

size_t
live_input_status(struct live *l, struct control_input *ret, size_t room)
{
	size_t n = 0;

	for (; n < l->inputs->count && n < room; n++) {
		struct live_input *i = &l->inputs->of[n];
		const struct live_input_counters *c = count(i);

		ret[n] = (struct control_input){
			.name = i->path,
			.type = input_type_name(i->type),
			.state = i->files != NULL && !i->is_at_end ? "reading" : "waiting",
			.told = c->observations,
			.bad = c->bad,
			.dropped = dropped(i),
			.lag_ns = c->lag_ns,
			.last_ns = c->last_ns,
		};
		if (i->exporter != NULL)
			ret[n].bad = input_exporter_counters(i->exporter)->bad;
	}
	return n;
}

void
live_input_losses(struct live *l, struct record_loss ret[LIVE_INPUT_LOSSES])
{
	struct control_input inputs[LIVE_INPUTS_MAX];
	size_t count_of = live_input_status(l, inputs, LIVE_INPUTS_MAX);
	uint64_t bad = 0;
	uint64_t lost = 0;
	uint64_t ahead = 0;

	for (size_t n = 0; n < count_of; n++) {
		bad += inputs[n].bad;
		lost += inputs[n].dropped;
		ahead += l->inputs->of[n].counters.ahead;
	}
	ret[0] = (struct record_loss){ "input_bad", bad };
	ret[1] = (struct record_loss){ "input_dropped", lost - ahead };
	ret[2] = (struct record_loss){ "input_ahead", ahead };
}

void
live_input_say(const struct live *l, struct strbuf *out)
{
	for (size_t n = 0; n < l->inputs->count; n++)
		strbuf_printf(out, "%s %s %s",
			n > 0                    ? ","
			: l->interface_count > 0 ? " and reads"
						 : " reads",
			input_type_name(l->inputs->of[n].type),
			l->told.text[l->inputs->of[n].interface]);
}
