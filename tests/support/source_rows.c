/*
 * source_rows -- all that a source says, to be compared: a fact a line, "KIND<tab>WHERE<tab>FACT<tab>VALUE".
 *
 *     source_rows WHAT [CACHE]
 */
#include "viewer/source/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY_MAX = 256 * 1024 * 1024, PLACE_MAX = 128 };

static struct source *source;
static const char *kind;
static char place[PLACE_MAX];

static void
text(const char *fact, const char *value)
{
	(void)printf("%s\t%s\t%s\t%s\n", kind, place, fact, value);
}

static void
count(const char *fact, uint64_t value)
{
	(void)printf("%s\t%s\t%s\t%" PRIu64 "\n", kind, place, fact, value);
}

/* Numbers of a Redis have three decimals. */
static void
number(const char *fact, double value)
{
	(void)printf("%s\t%s\t%s\t%.2f\n", kind, place, fact, value);
}

static void
time_us(const char *fact, uint64_t ns)
{
	count(fact, ns / 1000);
}

static void
at(const char *what, const struct source_window_id *w, size_t i)
{
	kind = what;
	(void)snprintf(place, sizeof(place), "%s %" PRId64 " %zu", w->host, w->number, i);
}

static void
texts(const char *fact, const char *const *values, size_t value_count)
{
	for (size_t i = 0; i < value_count; i++)
		text(fact, values[i]);
}

static void
trouble(void)
{
	if (*source_trouble(source) == '\0')
		return;
	(void)fprintf(stderr, "%s\n", source_trouble(source));
	exit(1);
}

static void
address(const struct source_address *a)
{
	text("org", a->org);
	count("asn", a->asn);
	text("country", a->country);
	count("private", a->is_private);
	text("reverse", a->reverse);
	texts("name", a->names, a->name_count);
	texts("sni", a->server_names, a->server_name_count);
}

static void
entries(const struct source_window_id *w, struct arena *m)
{
	const struct source_entry *e = NULL;
	size_t n = source_entries(source, w, 0, SIZE_MAX, m, &e);

	trouble();
	at("entries", w, 0);
	count("count", source_entry_count(source, w));
	count("rows", n);
	for (size_t i = 0; i < n; i++) {
		at("entry", w, i);
		time_us("time", e[i].ts_ns);
		text("service", e[i].service);
		count("from", e[i].is_from);
		text("names", e[i].names);
		text("peer", e[i].peer);
		text("port", e[i].port);
		count("state", e[i].has_state + e[i].established);
		count("sized", e[i].has_sizes);
		count("sent", e[i].sent);
		count("received", e[i].received);
		number("duration", e[i].duration_s);
		text("warning", e[i].warning);
		text("critical", e[i].critical);
		text("uid", e[i].uid);
		for (size_t k = 0; k < e[i].pair_count; k++)
			text(e[i].pairs[k].label, e[i].pairs[k].value);
	}
}

static void
tables(const struct source_window_id *w, struct arena *m)
{
	for (int t = 0; t < 2 * SOURCE_TABLE_COUNT; t++) {
		const struct source_row *r = NULL;
		size_t n = source_rows(source, w, (enum source_table)(t / 2), t % 2 != 0, m, &r);

		trouble();
		for (size_t i = 0; i < n; i++) {
			at("table", w, i);
			count("table", (uint64_t)t);
			text(r[i].proto, r[i].key);
			count("flows", r[i].flows);
			count("packets", r[i].packets);
			count("bytes", r[i].bytes);
			for (size_t k = 0; k < r[i].part_count; k++)
				count(r[i].parts[k].key, r[i].parts[k].packets);
		}
	}
}

static void
tuples(const struct source_window_id *w, struct arena *m)
{
	for (int out = 0; out < 2; out++) {
		const struct source_tuple *t = NULL;
		size_t n = source_tuples(source, w, out != 0, m, &t);

		trouble();
		for (size_t i = 0; i < n; i++) {
			at(out != 0 ? "out" : "in", w, i);
			text(t[i].proto, t[i].port);
			text("peer", t[i].peer);
			text("letters", t[i].letters);
			address(&t[i].address);
		}
	}
}

static void
evidences(const struct source_window_id *w, struct arena *m)
{
	const struct source_evidence *e = NULL;
	size_t n = source_evidences(source, w, true, m, &e);

	trouble();
	for (size_t i = 0; i < n; i++) {
		at("evidence", w, i);
		text("id", e[i].id);
		time_us("time", e[i].ts_ns);
		text("kind", e[i].kind);
		text("title", e[i].title);
		text("threat", e[i].threat);
		number("confidence", e[i].confidence);
		text("text", e[i].text);
		text("about", e[i].about);
		text("about_place", e[i].about_place);
		text("port", e[i].port);
		text("technique", e[i].technique);
		text("detector", e[i].detector);
		text("role", e[i].role);
		text("source", e[i].source);
		text("twin", e[i].twin);
		text("silenced_by", e[i].silenced_by);
		count("observed", e[i].observed);
		count("threshold", e[i].threshold);
		text("unit", e[i].unit);
		count("counted", e[i].counted);
		count("decisive", e[i].decisive);
		number("sum", e[i].sum);
		texts("uid", e[i].uids, e[i].uid_count);
	}
}

static void
window(const struct source_window *w)
{
	struct arena m;

	arena_init(&m, MEMORY_MAX, NULL);
	at("window", &w->id, 0);
	time_us("start", w->start_ns);
	time_us("end", w->end_ns);
	count("infected", w->infected);
	count("closed", w->closed);
	count("evidence", w->evidence);
	count("alerts", w->alerts);
	count("flows", w->flows);
	count("packets", w->packets);
	count("bytes", w->bytes);
	number("threat", w->threat);
	entries(&w->id, &m);
	tables(&w->id, &m);
	tuples(&w->id, &m);
	evidences(&w->id, &m);
	arena_done(&m);
}

static void
profile(const struct source_profile *p)
{
	kind = "profile";
	(void)snprintf(place, sizeof(place), "%s", p->host);
	text("name", p->name);
	text("vendor", p->vendor);
	text("country", p->country);
	count("own", p->is_own);
	count("infected", p->infected);
	count("evidence", p->evidence);
	count("alerts", p->alerts);
	count("windows", p->window_count);
	for (size_t i = 0; i < p->window_count; i++)
		window(&p->windows[i]);
}

static void
alerts(struct arena *m)
{
	const struct source_alert *a = NULL;
	size_t n = source_alerts(source, m, &a);

	trouble();
	for (size_t i = 0; i < n; i++) {
		at("alert", &a[i].window, i);
		text("id", a[i].id);
		time_us("time", a[i].ts_ns);
		number("sum", a[i].sum);
		number("threshold", a[i].threshold);
		count("decisive", a[i].decisive);
		text("reason", a[i].reason);
		text("strongest", a[i].strongest);
		text("highest", a[i].highest);
		texts("evidence", a[i].evidence, a[i].evidence_count);
		count("total", a[i].evidence_total);
	}
}

static void
all_evidence(struct arena *m)
{
	const struct source_evidence *e = NULL;
	size_t n = source_evidences(source, NULL, false, m, &e);

	trouble();
	for (size_t i = 0; i < n; i++) {
		at("all_evidence", &e[i].window, i);
		text("id", e[i].id);
	}
}

int
main(int argc, char **argv)
{
	const struct source_profile *profiles = NULL;
	char error[SOURCE_ERROR_MAX];
	struct arena m;

	if (argc < 2)
		return 2;
	source = source_open(argv[1], argc > 2 ? argv[2] : NULL, error);
	if (source == NULL) {
		(void)fprintf(stderr, "%s\n", error);
		return 1;
	}
	arena_init(&m, MEMORY_MAX, NULL);
	size_t n = source_profiles(source, &m, &profiles);
	trouble();
	for (size_t i = 0; i < n; i++)
		profile(&profiles[i]);
	alerts(&m);
	all_evidence(&m);
	arena_done(&m);
	source_close(source);
	return 0;
}
