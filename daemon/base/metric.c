#include "daemon/base/metric.h"

#include "daemon/base/utf8.h"

#include <string.h>

const uint64_t metric_bucket_ends_ns[METRIC_BUCKET_COUNT] = {
	100,
	250,
	500,
	1000,
	2500,
	5000,
	10000,
	25000,
	50000,
	100000,
	250000,
	500000,
	1000000,
	2500000,
	5000000,
	10000000,
};

void
metric_histogram_add(struct metric_histogram *h, uint64_t ns)
{
	unsigned i = 0;

	while (i < METRIC_BUCKET_COUNT && ns > metric_bucket_ends_ns[i])
		i++;
	if (i < METRIC_BUCKET_COUNT)
		h->buckets[i]++;
	h->sum_ns += ns;
	h->count++;
}

void
metric_walk(const struct metric *rows, const void *owner,
	void (*each)(void *context, const struct metric *row, uint64_t value), void *context)
{
	for (const struct metric *row = rows; row->name != NULL; row++) {
		uint64_t value = 1;

		if (row->type != METRIC_INFO)
			memcpy(&value, (const char *)owner + row->offset, sizeof(value));
		each(context, row, value);
	}
}

const char *
metric_prefix(const struct metric *row)
{
	static const char standard[] = "process_";

	return strncmp(row->name, standard, sizeof(standard) - 1) == 0 ? "" : "naiad_";
}

static void
escaped_append(struct strbuf *out, const char *value)
{
	size_t left = strlen(value);

	while (left > 0) {
		size_t step = utf8_sequence(value, left);
		unsigned char byte = (unsigned char)*value;

		if (byte == '"' || byte == '\\')
			strbuf_char(out, '\\');
		if (step == 0 || byte < 0x20 || byte == 0x7f)
			strbuf_text(out, "\xef\xbf\xbd");
		else
			strbuf_bytes(out, value, step);
		step += step == 0;
		value += step;
		left -= step;
	}
}

bool
metric_label_append(struct strbuf *out, const char *key, const char *value)
{
	size_t start = out->length;

	if (start > 0)
		strbuf_char(out, ',');
	strbuf_text(out, key);
	strbuf_text(out, "=\"");
	escaped_append(out, value);
	strbuf_char(out, '"');
	if (!out->truncated)
		return true;
	out->length = start;
	out->text[start] = '\0';
	return false;
}
