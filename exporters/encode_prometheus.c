/*
 * encode_prometheus -- one walk a family: it writes the samples of one name and finds the next name.
 *
 * So sources may share names (two interfaces have the same rows) without a table to group them in.
 * A row is written whole, its family's heading with the first: what does not fit is cut off before
 * it and everything after it is left out, since a scraper takes a page that ends, and refuses one
 * that is torn.
 *
 * The formats differ in two places: OpenMetrics names a family without _total or _info, and closes
 * with "# EOF".
 */
#include "exporters/encode_prometheus.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define END_OF_PAGE "# EOF\n"

static const char *const type_names[PROMETHEUS_FORMAT_COUNT][METRIC_HISTOGRAM + 1] = {
	[PROMETHEUS_TEXT] = {
		[METRIC_COUNTER] = "counter",
		[METRIC_GAUGE] = "gauge",
		[METRIC_INFO] = "gauge",
		[METRIC_HISTOGRAM] = "histogram",
	},
	[PROMETHEUS_OPENMETRICS] = {
		[METRIC_COUNTER] = "counter",
		[METRIC_GAUGE] = "gauge",
		[METRIC_INFO] = "info",
		[METRIC_HISTOGRAM] = "histogram",
	},
};

/* One walk under way. */
struct walk {
	struct strbuf *out;
	enum prometheus_format format;
	const struct metric_source *source; /* whose rows are walked now */
	const struct metric *family;        /* the row that named it; NULL on the first walk */
	const struct metric *next;          /* with the least name after the family's, so far */
	bool headed;                        /* the family's heading is written */
	size_t left_out;
};

const char *
prometheus_content_type(enum prometheus_format format)
{
	return format == PROMETHEUS_OPENMETRICS
		       ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
		       : "text/plain; version=0.0.4; charset=utf-8";
}

static bool
ends_in(const char *text, size_t length, const char *end)
{
	size_t end_length = strlen(end);

	return length > end_length && memcmp(text + length - end_length, end, end_length) == 0;
}

static void
put_family_line(const struct walk *w, const char *keyword, const char *text)
{
	const char *name = w->family->name;
	size_t length = strlen(name);

	if (w->format == PROMETHEUS_OPENMETRICS && w->family->type == METRIC_COUNTER &&
		ends_in(name, length, "_total"))
		length -= strlen("_total");
	if (w->format == PROMETHEUS_OPENMETRICS && w->family->type == METRIC_INFO &&
		ends_in(name, length, "_info"))
		length -= strlen("_info");
	strbuf_text(w->out, keyword);
	strbuf_text(w->out, metric_prefix(w->family));
	strbuf_bytes(w->out, name, length);
	strbuf_char(w->out, ' ');
	strbuf_text(w->out, text);
	strbuf_char(w->out, '\n');
}

/* `value` / 10^decimals, without zeros at the end. */
static void
put_fraction(struct strbuf *out, uint64_t value, unsigned decimals)
{
	uint64_t one = 1;

	for (unsigned i = 0; i < decimals; i++)
		one *= 10;
	strbuf_u64(out, value / one);
	uint64_t rest = value % one;
	if (rest == 0)
		return;
	for (; rest % 10 == 0; rest /= 10)
		decimals--;
	strbuf_char(out, '.');
	strbuf_u64_padded(out, rest, decimals);
}

static void
put_double(struct strbuf *out, double value)
{
	if (isnan(value))
		strbuf_text(out, "NaN");
	else if (isinf(value))
		strbuf_text(out, value > 0 ? "+Inf" : "-Inf");
	else
		strbuf_double(out, value, 9);
}

static void
put_value(struct strbuf *out, enum metric_unit unit, uint64_t value)
{
	double real;

	switch (unit) {
	case METRIC_NS:
		put_fraction(out, value, 9);
		break;
	case METRIC_MILLIONTHS:
		put_fraction(out, value, 6);
		break;
	case METRIC_DOUBLE:
		memcpy(&real, &value, sizeof(real));
		put_double(out, real);
		break;
	case METRIC_PLAIN:
	default:
		strbuf_u64(out, value);
	}
}

/* `naiad_name_suffix{of the source, of the row` up to where a last label may follow. */
static void
put_name(const struct walk *w, const struct metric *row, const char *suffix, bool more)
{
	const char *of_source = w->source->label;

	strbuf_text(w->out, metric_prefix(row));
	strbuf_text(w->out, row->name);
	strbuf_text(w->out, suffix);
	if (of_source == NULL && row->label == NULL && !more)
		return;
	strbuf_char(w->out, '{');
	if (of_source != NULL)
		strbuf_text(w->out, of_source);
	if (of_source != NULL && row->label != NULL)
		strbuf_char(w->out, ',');
	if (row->label != NULL)
		strbuf_text(w->out, row->label);
	if (more && (of_source != NULL || row->label != NULL))
		strbuf_char(w->out, ',');
	if (!more)
		strbuf_char(w->out, '}');
}

static void
put_sample(const struct walk *w, const struct metric *row, const char *suffix,
	enum metric_unit unit, uint64_t value)
{
	put_name(w, row, suffix, false);
	strbuf_char(w->out, ' ');
	put_value(w->out, unit, value);
	strbuf_char(w->out, '\n');
}

/* Buckets count all that is below their end. */
static void
put_histogram(const struct walk *w, const struct metric *row)
{
	struct metric_histogram h;
	uint64_t below = 0;

	memcpy(&h, (const char *)w->source->owner + row->offset, sizeof(h));
	for (unsigned i = 0; i < METRIC_BUCKET_COUNT; i++) {
		below += h.buckets[i];
		put_name(w, row, "_bucket", true);
		strbuf_text(w->out, "le=\"");
		put_fraction(w->out, metric_bucket_ends_ns[i], 9);
		strbuf_text(w->out, "\"} ");
		strbuf_u64(w->out, below);
		strbuf_char(w->out, '\n');
	}
	put_name(w, row, "_bucket", true);
	strbuf_text(w->out, "le=\"+Inf\"} ");
	strbuf_u64(w->out, h.count);
	strbuf_char(w->out, '\n');
	put_sample(w, row, "_sum", METRIC_NS, h.sum_ns);
	put_sample(w, row, "_count", METRIC_PLAIN, h.count);
}

static void
put_row(struct walk *w, const struct metric *row, uint64_t value)
{
	size_t start = w->out->length;

	assert(row->type == w->family->type);
	if (!w->headed) {
		put_family_line(w, "# HELP ", w->family->help);
		put_family_line(w, "# TYPE ", type_names[w->format][w->family->type]);
	}
	if (row->type == METRIC_HISTOGRAM)
		put_histogram(w, row);
	else
		put_sample(w, row, "", row->unit, value);
	w->headed = true;
	if (w->out->truncated) {
		w->out->length = start;
		w->out->text[start] = '\0';
		w->left_out++;
	}
}

static void
on_row(void *context, const struct metric *row, uint64_t value)
{
	struct walk *w = context;
	int order = w->family == NULL ? 1 : strcmp(row->name, w->family->name);

	if (order == 0)
		put_row(w, row, value);
	else if (order > 0 && (w->next == NULL || strcmp(row->name, w->next->name) < 0))
		w->next = row;
}

size_t
encode_prometheus(const struct metric_source *sources, size_t count, enum prometheus_format format,
	struct strbuf *out)
{
	struct walk w = { .out = out, .format = format };
	size_t end_length = format == PROMETHEUS_OPENMETRICS ? strlen(END_OF_PAGE) : 0;

	assert(out->capacity - out->length > end_length);
	out->capacity -= end_length;
	do {
		w.family = w.next;
		w.next = NULL;
		w.headed = false;
		for (size_t i = 0; i < count; i++) {
			w.source = &sources[i];
			metric_walk(w.source->rows, w.source->owner, on_row, &w);
		}
	} while (w.next != NULL);
	out->capacity += end_length;
	if (format == PROMETHEUS_OPENMETRICS) {
		out->truncated = false;
		strbuf_text(out, END_OF_PAGE);
	}
	return w.left_out;
}
