/*
 * What is given becomes files (input_given.c), files become series, and each series is one stream (input_reader.h). The
 * streams are merged by key with one item of look-ahead: of those that have an item at hand, the earliest
 * key is told, and of equal ones the stream that was opened first. Inside a stream the reader says the order.
 *
 * Bounds: 64 streams, 4096 files.
 */
#include "daemon/input/input.h"

#include "daemon/input/input_state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SORT_MEMORY (UINT64_C(64) << 20)

enum { PATHS_MAX = 1024 };

int
input_refuse(char ret_error[INPUT_ERROR_MAX], const char *path, const char *what, int error)
{
	(void)snprintf(ret_error, INPUT_ERROR_MAX, "%s: %s", path, what);
	return error;
}

static bool
is_same_series(const struct input_file *a, const struct input_file *b)
{
	return a->log != NULL && b->log != NULL && a->given == b->given &&
	       strcmp(a->log, b->log) == 0 && a->count.kind == b->count.kind;
}

/* By the times of their first items; what has none is last, and names say the rest. */
static int
by_first(const void *a, const void *b)
{
	const struct input_file *x = *(struct input_file *const *)a;
	const struct input_file *y = *(struct input_file *const *)b;

	if (x->first_ns != y->first_ns)
		return x->first_ns < y->first_ns ? -1 : 1;
	return strcmp(x->count.path, y->count.path);
}

/* Give a stream what the streams of its format have in common. */
static int
stream_share(struct input *in, struct input_stream *s, char ret_error[INPUT_ERROR_MAX])
{
	void **shared = &in->shared[s->format->kind];

	if (s->format->shared_size > 0 && *shared == NULL) {
		*shared = calloc(1, s->format->shared_size);
		if (*shared == NULL)
			return input_refuse(ret_error, s->path, "out of memory", -ENOMEM);
	}
	s->shared = *shared;
	return 0;
}

int
input_stream_add(struct input *in, size_t first, char ret_error[INPUT_ERROR_MAX])
{
	struct input_file **series = calloc(in->file_count - first, sizeof(struct input_file *));
	size_t count = 0;

	if (series == NULL)
		return input_refuse(
			ret_error, in->files[first]->count.path, "out of memory", -ENOMEM);
	for (size_t i = first; i < in->file_count; i++)
		if (i == first || is_same_series(in->files[first], in->files[i]))
			series[count++] = in->files[i];
	qsort(series, count, sizeof(struct input_file *), by_first);
	struct input_merged *s = &in->streams[in->stream_count++];
	int rc = input_reader_start(&s->reader, &in->plan, series, count, ret_error);
	free(series);
	return rc == 0 ? stream_share(in, &s->reader.s, ret_error) : rc;
}

static bool
is_in_a_stream(const struct input *in, size_t file)
{
	for (size_t i = 0; i < file; i++)
		if (is_same_series(in->files[i], in->files[file]))
			return true;
	return false;
}

/* returns how many streams the files will be */
static size_t
streams_count(const struct input *in)
{
	size_t count = 0;

	for (size_t i = 0; i < in->file_count; i++)
		count += !is_in_a_stream(in, i);
	return count;
}

static int
streams_start(struct input *in, char ret_error[INPUT_ERROR_MAX])
{
	size_t count = streams_count(in);
	int rc = 0;

	if (count > INPUT_STREAMS_MAX)
		return input_refuse(ret_error, in->plan.paths[0],
			"with all others more than 64 logs at once; give fewer at a time", -EINVAL);
	if (in->plan.memory == 0)
		in->plan.memory = SORT_MEMORY;
	in->plan.memory /= count > 0 ? count : 1; /* each may be putting its lines in order */
	for (size_t i = 0; rc == 0 && i < in->file_count; i++)
		if (!is_in_a_stream(in, i))
			rc = input_stream_add(in, i, ret_error);
	return rc;
}

static int
plan_refuse(const struct input_plan *plan, char ret_error[INPUT_ERROR_MAX])
{
	size_t standard_inputs = 0;

	if (plan->count < 1 || plan->count > PATHS_MAX)
		return input_refuse(ret_error, "inputs", "expected 1 to 1024", -EINVAL);
	for (size_t i = 0; i < plan->count; i++)
		standard_inputs += strcmp(plan->paths[i], "-") == 0;
	return standard_inputs > 1 ? input_refuse(ret_error, "-",
					     "standard input can be read once only", -EINVAL)
				   : 0;
}

int
input_open(const struct input_plan *plan, struct input **ret_input, char ret_error[INPUT_ERROR_MAX])
{
	int rc = plan_refuse(plan, ret_error);
	if (rc != 0)
		return rc;
	struct input *in = calloc(1, sizeof(*in));
	if (in == NULL)
		return input_refuse(ret_error, plan->paths[0], "out of memory", -ENOMEM);
	*in = (struct input){ .plan = *plan };
	in->files = calloc(INPUT_FILES_MAX, sizeof(struct input_file *));
	in->streams = calloc(INPUT_STREAMS_MAX, sizeof(*in->streams));
	if (in->files == NULL || in->streams == NULL)
		rc = input_refuse(ret_error, plan->paths[0], "out of memory", -ENOMEM);
	for (size_t i = 0; rc == 0 && i < plan->count; i++)
		rc = input_path_add(in, i, ret_error);
	if (rc == 0)
		rc = streams_start(in, ret_error);
	if (rc != 0) {
		input_close(in);
		return rc;
	}
	in->looks_again = true;
	in->plan.positions = NULL; /* what comes from now on was never read */
	in->plan.position_count = 0;
	*ret_input = in;
	return 0;
}

static void
advance(struct input_merged *s)
{
	static const enum input_stream_state states[] = {
		[INPUT_ITEM] = STREAM_HAS_ITEM,
		[INPUT_WAIT] = STREAM_WAITS,
		[INPUT_END] = STREAM_IS_OVER,
	};

	s->state = states[input_reader_next(&s->reader)];
}

/* The stream with the earliest item; NULL: none has one. */
static struct input_merged *
earliest(struct input *in, bool *ret_waits)
{
	struct input_merged *first = NULL;

	*ret_waits = false;
	for (size_t i = 0; i < in->stream_count; i++) {
		struct input_merged *s = &in->streams[i];
		if (s->state == STREAM_WAITS && in->looks_again)
			advance(s);
		*ret_waits = *ret_waits || s->state == STREAM_WAITS;
		if (s->state == STREAM_HAS_ITEM &&
			(first == NULL || s->reader.key_ns < first->reader.key_ns))
			first = s;
	}
	in->looks_again = false;
	return first;
}

bool
input_begins(struct input *in, uint64_t *ret_ns)
{
	bool waits;

	(void)earliest(in, &waits); /* each stream has its first item at hand */
	*ret_ns = UINT64_MAX;
	for (size_t i = 0; i < in->stream_count; i++) {
		uint64_t ns = input_reader_earliest(&in->streams[i].reader);
		if (ns < *ret_ns)
			*ret_ns = ns;
	}
	in->looks_again = true;
	return !waits || in->plan.follow;
}

enum input_step
input_next(struct input *in, const struct observation **ret_o, uint64_t *ret_key_ns)
{
	bool waits;

	if (in->told != NULL)
		advance(in->told);
	in->told = earliest(in, &waits);
	if (waits && !in->plan.follow)
		in->told = NULL; /* what is being put in order may be earlier */
	if (in->told == NULL) {
		in->looks_again = true;
		return waits || in->plan.follow ? INPUT_WAIT : INPUT_END;
	}
	if (in->told->reader.key_ns > in->key_ns)
		in->key_ns = in->told->reader.key_ns;
	struct input_reader *r = &in->told->reader;
	if (r->s.format->telling != NULL)
		r->s.format->telling(&r->s, &r->s.items[r->item]);
	*ret_o = &input_reader_item(r)->o;
	*ret_key_ns = in->key_ns;
	return INPUT_ITEM;
}

uint64_t
input_memory(const struct input *in)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < in->stream_count; i++)
		bytes += input_reader_memory(&in->streams[i].reader);
	return bytes;
}

void
input_progress(const struct input *in, struct input_progress *ret)
{
	bool is_known = true;

	*ret = (struct input_progress){ 0 };
	for (size_t i = 0; i < in->file_count; i++) {
		ret->bytes_total += in->files[i]->bytes_total;
		ret->lines += in->files[i]->count.lines;
		is_known = is_known && in->files[i]->bytes_total > 0;
	}
	for (size_t i = 0; i < in->stream_count; i++)
		ret->bytes_read += input_reader_bytes(&in->streams[i].reader);
	if (!is_known)
		ret->bytes_total = 0;
}

size_t
input_counts(const struct input *in, size_t from, struct input_count *ret, size_t room)
{
	size_t n = 0;

	for (size_t i = from; i < in->file_count && n < room; i++)
		ret[n++] = in->files[i]->count;
	return n;
}

void
input_losses(const struct input *in, struct record_loss ret[INPUT_LOSSES])
{
	static const char *const reasons[INPUT_LOSSES] = {
		[INPUT_LOSS_BAD_LINES] = "input_bad_lines",
		[INPUT_LOSS_LONG_LINES] = "input_long_lines",
		[INPUT_LOSS_CUT_TEXTS] = "input_cut_texts",
		[INPUT_LOSS_CUT_FILES] = "input_cut_files",
		[INPUT_LOSS_UNKNOWN] = "input_unknown",
		[INPUT_LOSS_LATE] = "input_late",
		[INPUT_LOSS_EVICTED] = "input_evicted",
		[INPUT_LOSS_REFUSED] = "input_refused",
	};

	for (size_t i = 0; i < INPUT_LOSSES; i++)
		ret[i] = (struct record_loss){ .reason = reasons[i] };
	for (size_t i = 0; i < in->file_count; i++)
		ret[INPUT_LOSS_BAD_LINES].count += in->files[i]->count.bad;
	for (size_t i = 0; i < in->stream_count; i++) {
		const struct input_reader *r = &in->streams[i].reader;
		ret[INPUT_LOSS_LONG_LINES].count += input_reader_long(r);
		ret[INPUT_LOSS_CUT_TEXTS].count += r->s.cut_texts;
		ret[INPUT_LOSS_CUT_FILES].count += r->cut_files;
		ret[INPUT_LOSS_UNKNOWN].count += r->s.unknown;
		ret[INPUT_LOSS_LATE].count += r->late;
		ret[INPUT_LOSS_EVICTED].count += r->s.evicted;
		ret[INPUT_LOSS_REFUSED].count += r->s.refused;
	}
	ret[INPUT_LOSS_UNKNOWN].count += in->passed_over;
}

void
input_close(struct input *in)
{
	if (in == NULL)
		return;
	for (size_t i = 0; i < in->stream_count; i++)
		input_reader_end(&in->streams[i].reader);
	for (size_t i = 0; i < in->file_count; i++)
		input_file_free(in->files[i]);
	for (size_t i = 0; i < INPUT_KIND_COUNT; i++)
		free(in->shared[i]);
	free(in->streams);
	free(in->files);
	free(in);
}
