/*
 * Frames point straight into their input's block: nothing is copied, so a block may be filled
 * again only when the batch that shows parts of it is over. A single input reads into the
 * caller's batch, which therefore ends where a block does. Several inputs read ahead into a queue
 * each, a heap tells whose first frame is the oldest (ties: the earlier input), and the batch ends
 * as soon as an input has to be filled that is part of it.
 *
 * Time inside one input is never put in order: a frame that is older than the one before it in its
 * file comes as early as its place there allows, as any reader of that file would see it.
 */
#include "daemon/loop/capture/capture_file.h"

#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"
#include "daemon/loop/capture/capture_filter.h"
#include "daemon/loop/capture/capture_source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUTS_MAX = 64 };

struct capture_file {
	size_t count;
	struct capture_source *sources;
	struct capture_filter filter;
	struct capture_progress
		told; /* of it, what is counted here: all but bytes and unknown_link */
	struct capture_names names;
	size_t heap_count;
	size_t heap[INPUTS_MAX]; /* inputs with a frame queued; the oldest first */
	size_t hungry_count;
	size_t hungry[INPUTS_MAX]; /* inputs whose queue is empty and whose file is not */
};

/* An input is over: cleanly, or tell what is lost. */
static void
source_end(struct capture_file *r, struct capture_source *s)
{
	const struct capture_input *in = &s->input;
	uint64_t offset = s->pcapng.skip_bytes > 0 ? s->record_offset : capture_input_offset(in);
	uint64_t left = in->end_offset - offset;
	const char *unpacked = in->packing == CAPTURE_PLAIN ? "" : " of the unpacked bytes";

	s->ended = true;
	if (in->end == CAPTURE_END_STOPPED)
		return;
	if (s->complaint != NULL || in->end == CAPTURE_END_CORRUPT) {
		r->told.corrupt++;
		log_warnx("capture",
			"%s: corrupt at offset %llu%s: %s; reading of this file ends here",
			in->name, (unsigned long long)offset, unpacked,
			s->complaint != NULL ? s->complaint : in->end_cause);
	} else if (in->end == CAPTURE_END_CUT || left > 0) {
		r->told.cut_files++;
		r->told.cut_bytes += left;
		log_warnx("capture",
			"%s: cut short at offset %llu%s: %s; the last %llu bytes are no whole "
			"record and are lost",
			in->name, (unsigned long long)offset, unpacked,
			in->end == CAPTURE_END_CUT ? in->end_cause : "it ends inside a record",
			(unsigned long long)left);
	}
}

/* Keep the frames that pass. returns how many. */
static size_t
filter_frames(struct capture_file *r, struct frame *frames, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (capture_filter_match(&r->filter, &frames[i]))
			frames[kept++] = frames[i];
	r->told.filtered += count - kept;
	return kept;
}

/*
 * Read frames of one input. returns how many; 0 if it ended, or, unless `may_fill`, if its block
 * is used up.
 */
static size_t
source_read(struct capture_file *r, struct capture_source *s, struct frame *frames, bool may_fill)
{
	while (!s->ended) {
		size_t n = s->read(s, frames, CAPTURE_BATCH_MAX);
		s->used_up = n < CAPTURE_BATCH_MAX;
		if (r->filter.text != NULL)
			n = filter_frames(r, frames, n);
		if (n > 0)
			return n;
		if (!s->used_up)
			continue;
		if (s->complaint == NULL && !may_fill)
			return 0;
		if (s->complaint != NULL || !capture_input_fill(&s->input))
			source_end(r, s);
	}
	return 0;
}

static bool
older(const struct capture_file *r, size_t a, size_t b)
{
	const struct capture_source *x = &r->sources[a];
	const struct capture_source *y = &r->sources[b];
	uint64_t x_ns = x->queue[x->queue_at].ts_ns;
	uint64_t y_ns = y->queue[y->queue_at].ts_ns;

	return x_ns != y_ns ? x_ns < y_ns : a < b;
}

static void
heap_swap(struct capture_file *r, size_t i, size_t j)
{
	size_t was = r->heap[i];

	r->heap[i] = r->heap[j];
	r->heap[j] = was;
}

static void
heap_sink(struct capture_file *r, size_t i)
{
	for (;;) {
		size_t oldest = i;
		for (size_t child = 2 * i + 1; child <= 2 * i + 2; child++)
			if (child < r->heap_count && older(r, r->heap[child], r->heap[oldest]))
				oldest = child;
		if (oldest == i)
			return;
		heap_swap(r, i, oldest);
		i = oldest;
	}
}

static void
heap_add(struct capture_file *r, size_t input)
{
	size_t i = r->heap_count++;

	r->heap[i] = input;
	for (; i > 0 && older(r, r->heap[i], r->heap[(i - 1) / 2]); i = (i - 1) / 2)
		heap_swap(r, i, (i - 1) / 2);
}

/* Fill the queue of every hungry input; the batch is empty, so no block is on show. */
static void
feed(struct capture_file *r)
{
	for (size_t i = 0; i < r->hungry_count; i++) {
		struct capture_source *s = &r->sources[r->hungry[i]];
		s->queue_at = 0;
		s->queue_count = (uint32_t)source_read(r, s, s->queue, /* may_fill= */ true);
		if (s->queue_count > 0)
			heap_add(r, r->hungry[i]);
	}
	r->hungry_count = 0;
}

/* The first frame of the heap was taken. returns false if it must be filled before going on. */
static bool
heap_advance(struct capture_file *r)
{
	size_t input = r->heap[0];
	struct capture_source *s = &r->sources[input];

	if (++s->queue_at == s->queue_count) {
		s->queue_at = 0;
		s->queue_count = (uint32_t)source_read(r, s, s->queue, /* may_fill= */ false);
	}
	if (s->queue_count == 0) {
		r->heap[0] = r->heap[--r->heap_count];
		if (!s->ended)
			r->hungry[r->hungry_count++] = input;
	}
	heap_sink(r, 0);
	return s->queue_count > 0 || s->ended;
}

static size_t
merge(struct capture_file *r, struct frame *frames)
{
	size_t n = 0;
	bool going = true;

	feed(r);
	while (going && n < CAPTURE_BATCH_MAX && r->heap_count > 0) {
		const struct capture_source *s = &r->sources[r->heap[0]];
		frames[n++] = s->queue[s->queue_at];
		going = heap_advance(r);
	}
	return n;
}

size_t
capture_file_next(struct capture_file *r, struct frame ret_frames[CAPTURE_BATCH_MAX])
{
	size_t n = r->count == 1 ? source_read(r, &r->sources[0], ret_frames, /* may_fill= */ true)
				 : merge(r, ret_frames);

	r->told.frames += n;
	for (size_t i = 0; i < n; i++)
		r->told.frame_bytes += ret_frames[i].wire;
	return n;
}

/* Of a single input, too, it is the hungry that are read. */
void
capture_file_wait(const struct capture_file *r, int most_ms)
{
	for (size_t i = 0; i < r->hungry_count; i++) {
		const struct capture_source *s = &r->sources[r->hungry[i]];
		if (s->used_up && capture_input_is_silent(&s->input, most_ms))
			return;
	}
}

void
capture_file_progress(const struct capture_file *r, struct capture_progress *ret_progress)
{
	bool is_known = true;

	*ret_progress = r->told;
	for (size_t i = 0; i < r->count; i++) {
		const struct capture_source *s = &r->sources[i];
		ret_progress->bytes_read += s->input.bytes_read;
		ret_progress->bytes_total += s->input.bytes_total;
		ret_progress->unknown_link += s->unknown_link;
		is_known = is_known && s->input.bytes_total > 0;
	}
	if (!is_known)
		ret_progress->bytes_total = 0;
}

/* Say how a file begins that is none of ours, for whoever mistook one for a capture. */
static void
refuse_kind(const struct capture_input *in, char ret_error[CAPTURE_ERROR_MAX])
{
	struct cursor c = in->bytes;
	struct strbuf b;

	strbuf_init(&b, ret_error, CAPTURE_ERROR_MAX);
	strbuf_printf(&b, "%s: not a capture: ", in->name);
	if (cursor_left(&c) == 0)
		strbuf_text(&b, in->end_cause != NULL ? in->end_cause : "it is empty");
	else
		strbuf_text(&b, in->packing == CAPTURE_PLAIN ? "starts with"
							     : "what is packed in it starts with");
	for (unsigned i = 0; i < 4 && cursor_left(&c) > 0; i++)
		strbuf_printf(&b, " %02x", cursor_u8(&c));
	strbuf_text(&b, "; expected pcap or pcapng (or either in gzip or zstd)");
}

static void
take(struct capture_input *from, struct capture_input *to)
{
	*to = *from;
	*from = (struct capture_input){ .fd = -1 };
}

static int
source_open(struct capture_file *r, struct capture_source *s, const char *path,
	char ret_error[CAPTURE_ERROR_MAX])
{
	const struct capture_how how = {
		.record_bytes = CAPTURE_RECORD_MAX,
		.block_bytes = CAPTURE_BLOCK_BYTES,
	};

	s->names = &r->names;
	int rc = s->input.is_open
			 ? 0
			 : capture_input_open(&s->input, path, how, ret_error, CAPTURE_ERROR_MAX);
	if (rc != 0)
		return rc;
	while (cursor_left(&s->input.bytes) < sizeof(uint32_t) && capture_input_fill(&s->input))
		;
	if (capture_pcap_recognise(s->input.bytes)) {
		rc = capture_pcap_open(s, ret_error, CAPTURE_ERROR_MAX);
		return rc != 0 ? rc
			       : capture_filter_add(
					 &r->filter, s->pcap.link, ret_error, CAPTURE_ERROR_MAX);
	}
	if (!capture_pcapng_recognise(s->input.bytes)) {
		refuse_kind(&s->input, ret_error);
		return -EINVAL;
	}
	rc = capture_pcapng_open(s, ret_error, CAPTURE_ERROR_MAX);
	for (uint32_t i = 0; rc == 0 && i < s->pcapng.interface_count; i++)
		if (s->pcapng.interfaces[i].followed)
			rc = capture_filter_add(&r->filter, s->pcapng.interfaces[i].link, ret_error,
				CAPTURE_ERROR_MAX);
	return rc;
}

static int
refuse_inputs(const char *const *paths, size_t count, char ret_error[CAPTURE_ERROR_MAX])
{
	size_t standard_inputs = 0;

	for (size_t i = 0; i < count; i++)
		standard_inputs += strcmp(paths[i], "-") == 0;
	if (count >= 1 && count <= INPUTS_MAX && standard_inputs <= 1)
		return 0;
	(void)snprintf(ret_error, CAPTURE_ERROR_MAX,
		standard_inputs > 1 ? "-: standard input can be read once only"
				    : "expected 1 to 64 capture files");
	return -EINVAL;
}

int
capture_file_open(const char *const *paths, size_t count, const char *filter,
	struct capture_file **ret_reader, char ret_error[CAPTURE_ERROR_MAX])
{
	return capture_file_open_with(NULL, paths, count, filter, ret_reader, ret_error);
}

int
capture_file_open_with(struct capture_input *opened, const char *const *paths, size_t count,
	const char *filter, struct capture_file **ret_reader, char ret_error[CAPTURE_ERROR_MAX])
{
	int rc = refuse_inputs(paths, count, ret_error);
	if (rc != 0)
		return rc;
	struct capture_file *r = calloc(1, sizeof(*r));
	struct capture_source *sources = calloc(count, sizeof(*sources));
	if (r == NULL || sources == NULL) {
		free(r);
		free(sources);
		(void)snprintf(ret_error, CAPTURE_ERROR_MAX, "%s: out of memory", paths[0]);
		return -ENOMEM;
	}
	*r = (struct capture_file){ .sources = sources, .filter.text = filter };
	for (; rc == 0 && r->count < count; r->count++) {
		if (opened != NULL && opened[r->count].is_open)
			take(&opened[r->count], &sources[r->count].input);
		rc = source_open(r, &sources[r->count], paths[r->count], ret_error);
		r->hungry[r->hungry_count++] = r->count;
	}
	if (rc != 0) {
		capture_file_close(r);
		return rc;
	}
	*ret_reader = r;
	return 0;
}

const struct interface_names *
capture_file_interfaces(const struct capture_file *r)
{
	return &r->names.names;
}

void
capture_file_close(struct capture_file *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->count; i++) {
		capture_pcapng_done(&r->sources[i]);
		capture_input_close(&r->sources[i].input);
	}
	capture_filter_done(&r->filter);
	free(r->sources);
	free(r);
}
