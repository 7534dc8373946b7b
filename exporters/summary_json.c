/*
 * `evidence_by_type` and `lost` are objects from name to count; `alerted` lists each host with an
 * alert with the numbers of its windows and its score, the highest sum of a window. Times are those
 * of the first and last packet, null when there was none. Only `elapsed_s` differs from run to run.
 */
#include "exporters/summary_json.h"

#include "daemon/base/json.h"
#include "daemon/base/time_text.h"
#include "exporters/summary.h"

enum { PART_MAX_BYTES = 64 * 1024 };

/* The document leaves in parts, so that no list of hosts is too long for it. */
struct parts {
	FILE *out;
	struct strbuf b;
	struct json j;
	char text[PART_MAX_BYTES];
};

static void
part_out(struct parts *p)
{
	(void)fwrite(p->text, 1, p->b.length, p->out);
	strbuf_reset(&p->b);
}

static void
put_time(struct parts *p, const char *key, uint64_t ns)
{
	char text[48];
	struct strbuf time;

	strbuf_init(&time, text, sizeof(text));
	time_text_iso(&time, ns, "Z");
	json_key_text(&p->j, key, ns == 0 ? NULL : text);
}

static void
put_inputs(struct parts *p, const struct run_info *run)
{
	json_key(&p->j, "inputs");
	json_array_begin(&p->j);
	for (size_t i = 0; i < run->input_count; i++) {
		json_text(&p->j, run->inputs[i]);
		part_out(p);
	}
	json_array_end(&p->j);
}

static void
put_types(struct parts *p, const struct summary_hosts *hosts)
{
	const struct summary_type *ranked[SUMMARY_TYPES_MAX];

	summary_types_rank(hosts, ranked);
	json_key(&p->j, "evidence_by_type");
	json_object_begin(&p->j);
	for (uint32_t i = 0; i < hosts->type_count; i++)
		json_key_u64(&p->j, ranked[i]->name, ranked[i]->count);
	if (hosts->other_types > 0)
		json_key_u64(&p->j, "other", hosts->other_types);
	json_object_end(&p->j);
}

static void
put_alerted(struct parts *p, const struct summary *s)
{
	json_key(&p->j, "alerted");
	json_array_begin(&p->j);
	for (size_t i = 0; i < s->alerted; i++) {
		const struct summary_host *h = s->ranked[i];

		json_object_begin(&p->j);
		json_key_addr(&p->j, "host", &h->addr);
		json_key(&p->j, "windows");
		json_array_begin(&p->j);
		for (uint32_t w = 0; w < h->window_count; w++)
			json_i64(&p->j, h->windows[w]);
		json_array_end(&p->j);
		json_key_double(&p->j, "score", h->score, 3);
		json_object_end(&p->j);
		part_out(p);
	}
	json_array_end(&p->j);
}

static void
put_lost(struct parts *p, const struct record_totals *t)
{
	json_key(&p->j, "lost");
	json_object_begin(&p->j);
	for (size_t i = 0; i < t->lost_count; i++)
		json_key_u64(&p->j, t->lost[i].reason, t->lost[i].count);
	json_object_end(&p->j);
}

void
summary_json_print(const struct summary *s, FILE *out)
{
	const struct record_totals *t = s->totals;
	struct parts p = { .out = out };

	strbuf_init(&p.b, p.text, sizeof(p.text));
	json_init(&p.j, &p.b);
	json_object_begin(&p.j);
	json_key_text(&p.j, "version", s->run->version);
	put_inputs(&p, s->run);
	json_key_u64(&p.j, "packets", t->packets);
	json_key_u64(&p.j, "bytes", t->bytes);
	json_key_u64(&p.j, "flows", t->flows);
	json_key_u64(&p.j, "hosts", t->hosts);
	json_key_u64(&p.j, "windows", t->windows);
	json_key_u64(&p.j, "evidence", t->evidence);
	put_types(&p, s->hosts);
	json_key_u64(&p.j, "alerts", t->alerts);
	put_alerted(&p, s);
	put_lost(&p, t);
	put_time(&p, "first_ts", t->first_ns);
	put_time(&p, "last_ts", t->last_ns);
	json_key_double(&p.j, "elapsed_s", (double)s->elapsed_ns / (double)NS_PER_S, 3);
	json_object_end(&p.j);
	strbuf_char(&p.b, '\n');
	part_out(&p);
}
