#include "viewer/source/source_store_part.h"

#include "daemon/base/strbuf.h"
#include "viewer/source/source_order.h"

int64_t
source_store_profile(struct source *s, const char *host)
{
	struct question q = question_begin(s, ASK_PROFILE);

	question_put_text(&q, host);
	int64_t id = question_next(&q) ? question_i64(&q, 0) : 0;
	question_end(&q);
	return id;
}

struct store_anchor
source_store_anchor(struct source *s, int64_t profile)
{
	struct store_anchor a = { .width_ns = 1 };
	struct question q = question_begin(s, ASK_ANCHOR);

	question_put(&q, profile);
	if (question_next(&q))
		a = source_store_anchor_of(profile, question_i64(&q, 0), question_i64(&q, 1),
			question_i64(&q, 2), question_i64(&q, 3));
	question_end(&q);
	return a;
}

struct store_anchor
source_store_anchor_of(
	int64_t profile, int64_t run, int64_t number, int64_t start_ns, int64_t end_ns)
{
	struct store_anchor a = { profile, run, number, start_ns, 1 };

	/* Of numbers that are no windows only their own run's are known. */
	if (__builtin_sub_overflow(end_ns, start_ns, &a.width_ns) || a.width_ns < 1)
		a.width_ns = INT64_MAX;
	return a;
}

int64_t
source_store_number(const struct store_anchor *a, int64_t run, int64_t number, int64_t start_ns)
{
	int64_t later = 0;
	int64_t here = 0;

	if (run == a->run || __builtin_sub_overflow(start_ns, a->start_ns, &later))
		return number;
	int64_t windows = later / a->width_ns - (later % a->width_ns < 0);
	return __builtin_add_overflow(a->number, windows, &here) ? number : here;
}

/* From when to before when a window of that number is; nothing where time does not reach. */
static void
put_time_of(struct question *q, const struct store_anchor *a, int64_t number)
{
	int64_t windows = 0;
	int64_t later = 0;
	int64_t from = 0;
	int64_t to = 0;

	if (__builtin_sub_overflow(number, a->number, &windows) ||
		__builtin_mul_overflow(windows, a->width_ns, &later) ||
		__builtin_add_overflow(a->start_ns, later, &from))
		from = to = 0;
	else if (__builtin_add_overflow(from, a->width_ns, &to))
		to = INT64_MAX;
	question_put(q, from);
	question_put(q, to);
}

static const char *
list_of(struct source *s, const int64_t *ids, size_t count, struct arena *m)
{
	enum { ID_TEXT_MAX = 21 };
	size_t size = count * ID_TEXT_MAX + sizeof("[]");
	char *text = arena_alloc(m, size);
	struct strbuf b;

	if (text == NULL) {
		source_fail(s, "%s: there is no memory left for a window", s->name);
		return "[]";
	}
	strbuf_init(&b, text, size);
	for (size_t i = 0; i < count; i++) {
		strbuf_char(&b, i > 0 ? ',' : '[');
		strbuf_i64(&b, ids[i]);
	}
	strbuf_text(&b, count > 0 ? "]" : "[]");
	return text;
}

struct store_window_rows
source_store_window(struct source *s, const struct source_window_id *w, struct arena *m)
{
	struct source_rows_of ids = { .memory = m, .row_size = sizeof(int64_t) };
	struct store_anchor a = source_store_anchor(s, source_store_profile(s, w->host));
	struct question q = question_begin(s, ASK_WINDOW_ROWS);

	question_put(&q, a.profile);
	question_put(&q, a.run);
	question_put(&q, w->number);
	put_time_of(&q, &a, w->number);
	while (question_next(&q)) {
		int64_t *id = source_row_add(&ids);
		if (id == NULL)
			break;
		*id = question_i64(&q, 0);
	}
	question_end(&q);
	return (struct store_window_rows){ ids.rows, ids.count,
		list_of(s, ids.rows, ids.count, m) };
}
