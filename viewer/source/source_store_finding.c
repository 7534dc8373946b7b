#include "viewer/source/source_order.h"
#include "viewer/source/source_store_part.h"
#include "viewer/source/source_text.h"

/* ---- whose it is: columns 1 to 5 of both ---- */

static struct source_window_id
window_of(const struct question *q, struct store_anchor *anchor, struct arena *m)
{
	int64_t profile = question_i64(q, 1);

	/* Mostly the same host as of the row before. */
	if (anchor->profile != profile)
		*anchor = source_store_anchor(q->source, profile);
	return (struct source_window_id){
		.host = question_text(q, 2, m),
		.number = source_store_number(
			anchor, question_i64(q, 3), question_i64(q, 4), question_i64(q, 5)),
	};
}

/* Texts of the rows that belong to one: its id is in column 0. */
static const char *const *
texts_of(const struct question *q, enum store_question which, struct arena *m, size_t *ret_count)
{
	struct source_rows_of rows = { .memory = m, .row_size = sizeof(const char *) };
	struct question of = question_begin(q->source, which);

	question_put(&of, question_i64(q, 0));
	while (question_next(&of)) {
		const char **text = source_row_add(&rows);
		if (text == NULL)
			break;
		*text = question_text(&of, 0, m);
	}
	question_end(&of);
	*ret_count = rows.count;
	return rows.rows;
}

/* ---- evidence ---- */

/* "NL, AS64496 Example BV" */
static const char *
place_text(const struct question *q, struct arena *m)
{
	struct source_line line = { .length = 0 };
	unsigned long long asn = question_u64(q, 15);
	const char *org = question_text(q, 16, m);

	source_line_add(&line, question_text(q, 14, m));
	if (asn > 0)
		source_line_add(&line,
			source_text_format(m, "AS%llu%s%s", asn, *org != '\0' ? " " : "", org));
	else
		source_line_add(&line, org);
	return source_line_done(&line, m);
}

static const char *
port_text(const struct question *q, struct arena *m)
{
	int64_t port = question_i64(q, 17);

	return port > 0 ? source_text_format(m, "%lld/%s", (long long)port,
				  source_proto_loud((unsigned)question_i64(q, 18), m))
			: "";
}

static void
evidence_read(const struct question *q, struct store_anchor *anchor, struct arena *m,
	struct source_evidence *e)
{
	*e = (struct source_evidence){
		.window = window_of(q, anchor, m),
		.id = question_text(q, 6, m),
		.ts_ns = question_u64(q, 7),
		.kind = question_text(q, 8, m),
		.title = question_text(q, 9, m),
		.threat = question_text(q, 10, m),
		.confidence = question_double(q, 11),
		.text = question_text(q, 12, m),
		.about = question_text(q, 13, m),
		.about_place = place_text(q, m),
		.port = port_text(q, m),
		.technique = question_text(q, 19, m),
		.detector = question_text(q, 20, m),
		.role = question_text(q, 21, m),
		.source = question_text(q, 22, m),
		.twin = question_text(q, 23, m),
		.silenced_by = question_text(q, 24, m),
		.observed = question_u64(q, 25),
		.threshold = question_u64(q, 26),
		.unit = question_text(q, 27, m),
		.counted = question_i64(q, 28) != 0,
		.decisive = question_i64(q, 29) != 0,
		.sum = question_double(q, 30),
	};
	e->uids = texts_of(q, ASK_EVIDENCE_UIDS, m, &e->uid_count);
}

static struct question
evidence_ask(struct source *s, const struct source_window_id *w, bool one_window, struct arena *m)
{
	struct question q;

	if (w == NULL || w->host == NULL)
		return question_begin(s, ASK_EVIDENCE);
	if (one_window) {
		const char *list = source_store_window(s, w, m).list;
		q = question_begin(s, ASK_EVIDENCE_OF_WINDOW);
		question_put_text(&q, list);
	} else {
		int64_t profile = source_store_profile(s, w->host);
		q = question_begin(s, ASK_EVIDENCE_OF_HOST);
		question_put(&q, profile);
	}
	return q;
}

size_t
source_store_evidences(struct source *s, const struct source_window_id *w, bool one_window,
	struct arena *m, const struct source_evidence **ret)
{
	struct source_rows_of rows = { .memory = m, .row_size = sizeof(struct source_evidence) };
	struct store_anchor anchor = { .profile = 0 };
	unsigned refused = m->refused;
	struct question q = evidence_ask(s, w, one_window, m);

	while (question_next(&q)) {
		struct source_evidence *e = source_row_add(&rows);
		if (e == NULL)
			break;
		evidence_read(&q, &anchor, m, e);
	}
	question_end(&q);
	source_store_full(s, m, refused);
	source_evidence_order(rows.rows, rows.count);
	*ret = rows.rows;
	return rows.count;
}

/* ---- alerts ---- */

static void
alert_read(const struct question *q, struct store_anchor *anchor, struct arena *m,
	struct source_alert *a)
{
	*a = (struct source_alert){
		.window = window_of(q, anchor, m),
		.id = question_text(q, 6, m),
		.ts_ns = question_u64(q, 7),
		.sum = question_double(q, 8),
		.threshold = question_double(q, 9),
		.decisive = question_i64(q, 10) != 0,
		.reason = question_text(q, 11, m),
		.strongest = question_text(q, 12, m),
		.highest = question_text(q, 13, m),
		.evidence_total = (size_t)question_u64(q, 14),
	};
	a->evidence = texts_of(q, ASK_ALERT_EVIDENCE, m, &a->evidence_count);
}

size_t
source_store_alerts(struct source *s, struct arena *m, const struct source_alert **ret)
{
	struct source_rows_of rows = { .memory = m, .row_size = sizeof(struct source_alert) };
	struct store_anchor anchor = { .profile = 0 };
	unsigned refused = m->refused;
	struct question q = question_begin(s, ASK_ALERTS);

	while (question_next(&q)) {
		struct source_alert *a = source_row_add(&rows);
		if (a == NULL)
			break;
		alert_read(&q, &anchor, m, a);
	}
	question_end(&q);
	source_store_full(s, m, refused);
	source_alerts_order(rows.rows, rows.count);
	*ret = rows.rows;
	return rows.count;
}
