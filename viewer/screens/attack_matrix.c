#include "viewer/screens/attack_matrix.h"

#include "daemon/base/attack.h"
#include "viewer/filter.h"

#include <stdlib.h>
#include <string.h>

enum { TACTICS = 14 };

/* In the order of the matrix. */
static const char *const tactics[TACTICS] = { "TA0043", "TA0042", "TA0001", "TA0002", "TA0003",
	"TA0004", "TA0005", "TA0006", "TA0007", "TA0008", "TA0009", "TA0011", "TA0010", "TA0040" };

/* What has no row is behind all that have one. */
static size_t
tactic_place(const struct attack *attack)
{
	size_t at = 0;

	while (at < TACTICS && (attack == NULL || strcmp(attack->tactic, tactics[at]) != 0))
		at++;
	return at;
}

static int
by_technique(const void *left, const void *right)
{
	const struct source_evidence *a = *(const struct source_evidence *const *)left;
	const struct source_evidence *b = *(const struct source_evidence *const *)right;
	int order = strcmp(a->technique, b->technique);

	if (order == 0)
		order = strcmp(a->window.host, b->window.host);
	if (order == 0)
		order = (a->ts_ns > b->ts_ns) - (a->ts_ns < b->ts_ns);
	return order != 0 ? order : strcmp(a->id, b->id);
}

/* `column` is still the tactic's place among all. */
static int
by_column(const void *left, const void *right)
{
	const struct attack_technique *a = left;
	const struct attack_technique *b = right;

	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return strcmp(a->id, b->id);
}

static int
by_count(const void *left, const void *right)
{
	const struct attack_host *a = left;
	const struct attack_host *b = right;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return strcmp(a->last->window.host, b->last->window.host);
}

/* Evidence that counts, in order. returns how much */
static size_t
evidence_take(struct attack_matrix *x, const struct source_evidence *all, size_t count)
{
	size_t taken = 0;

	for (size_t i = 0; i < count; i++) {
		if (all[i].technique[0] == '\0')
			continue;
		if (all[i].silenced_by[0] == '\0')
			x->evidence[taken++] = &all[i];
		else
			x->silenced++;
	}
	if (taken > 1)
		qsort(x->evidence, taken, sizeof(void *), by_technique);
	return taken;
}

/* The evidence of one technique, from `from` on. returns where the next one begins */
static size_t
technique_add(struct attack_matrix *x, const struct model *m, size_t from, size_t count)
{
	const struct attack *attack = attack_find(x->evidence[from]->technique);
	struct attack_technique t = {
		.id = x->evidence[from]->technique,
		.name = attack == NULL ? "" : attack->technique_name,
		.tactic = attack == NULL ? "Other" : attack->tactic_name,
		.column = tactic_place(attack),
		.first = from,
	};
	size_t at = from;

	for (; at < count && strcmp(x->evidence[at]->technique, t.id) == 0; at++) {
		const struct source_evidence *e = x->evidence[at];

		t.hosts +=
			at == from || strcmp(e->window.host, x->evidence[at - 1]->window.host) != 0;
		t.count++;
		if (t.last == NULL || e->ts_ns >= t.last->ts_ns)
			t.last = e;
	}
	if (passes(m, t.id, t.name, t.tactic, NULL))
		x->techniques[x->count++] = t;
	return at;
}

/* From places among all tactics to those among the ones that were seen. */
static void
columns_number(struct attack_matrix *x)
{
	size_t before = TACTICS + 1;
	size_t row = 0;

	for (size_t i = 0; i < x->count; i++) {
		struct attack_technique *t = &x->techniques[i];
		bool is_new = t->column != before;

		x->columns += is_new;
		row = is_new ? 0 : row + 1;
		before = t->column;
		t->column = x->columns - 1;
		t->row = row;
	}
}

struct attack_matrix
attack_matrix_of(struct model *m)
{
	struct attack_matrix x = { .count = 0 };
	const struct source_evidence *all = NULL;
	size_t count = source_evidences(
		m->source, &(struct source_window_id){ NULL, 0 }, false, &m->memory, &all);

	if (count == 0)
		return x;
	x.evidence = arena_alloc(&m->memory, count * sizeof(void *));
	x.techniques = arena_alloc(&m->memory, count * sizeof(*x.techniques));
	x.is_full = x.evidence == NULL || x.techniques == NULL;
	if (x.is_full)
		return x;
	count = evidence_take(&x, all, count);
	for (size_t at = 0; at < count;)
		at = technique_add(&x, m, at, count);
	if (x.count > 1)
		qsort(x.techniques, x.count, sizeof(*x.techniques), by_column);
	columns_number(&x);
	return x;
}

size_t
attack_matrix_hosts(const struct attack_matrix *x, const struct attack_technique *t,
	struct arena *memory, struct attack_host **ret)
{
	struct attack_host *hosts = arena_alloc(memory, t->hosts * sizeof(*hosts));
	size_t count = 0;

	*ret = hosts;
	for (size_t i = t->first; hosts != NULL && i < t->first + t->count; i++) {
		const struct source_evidence *e = x->evidence[i];

		if (i == t->first || strcmp(e->window.host, x->evidence[i - 1]->window.host) != 0)
			count++;
		hosts[count - 1].count++;
		hosts[count - 1].last = e;
	}
	if (count > 1)
		qsort(hosts, count, sizeof(*hosts), by_count);
	return count;
}
