#include "ctl/report/report_model.h"

#include "ctl/report/report.h"
#include "ctl/report/report_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t memory_most = (size_t)1 << 30;
static const uint64_t ns_per_day = UINT64_C(86400) * 1000000000;

static void
span(uint64_t *from, uint64_t *to, uint64_t first, uint64_t last)
{
	if (first != 0 && (*from == 0 || first < *from))
		*from = first;
	if (last > *to)
		*to = last;
}

static void
sum_up(struct report *r)
{
	for (size_t i = 0; i < r->profile_count; i++) {
		const struct source_profile *p = &r->profiles[i];

		r->infected_count += p->infected ? 1 : 0;
		r->window_count += p->window_count;
		r->evidence_count += p->evidence;
		r->alert_count += p->alerts;
		for (size_t w = 0; w < p->window_count; w++)
			r->flow_count += p->windows[w].flows;
	}
	if (r->has_run)
		span(&r->from_ns, &r->to_ns, r->run.first_ns, r->run.last_ns);
	for (size_t i = 0; i < r->evidence_read; i++)
		span(&r->from_ns, &r->to_ns, r->evidence[i].ts_ns, r->evidence[i].ts_ns);
	r->has_days = r->from_ns / ns_per_day != r->to_ns / ns_per_day;
}

/* Reasons with nothing behind them say nothing. */
static void
read_losses(struct report *r, struct source *s)
{
	struct report_list kept = { .memory = &r->memory, .row_size = sizeof(struct source_loss) };
	const struct source_loss *all = NULL;
	size_t count = source_losses(s, &r->memory, &all);

	for (size_t i = 0; i < count; i++)
		if (all[i].count > 0) {
			struct source_loss *loss = report_list_add(&kept);

			if (loss != NULL)
				*loss = all[i];
		}
	r->losses = kept.rows;
	r->loss_count = kept.count;
	r->loss_span_count = source_loss_spans(s, &r->memory, &r->loss_spans);
	r->loss_spans_told =
		r->loss_span_count < REPORT_ROWS_MAX ? r->loss_span_count : REPORT_ROWS_MAX;
}

/* Those of an alert that are known, the first. returns false when memory is out */
static bool
read_steps(struct report *r, const struct source_alert *a, struct report_alert *ret)
{
	size_t kept = 0;

	*ret = (struct report_alert){ .alert = a };
	if (a->evidence_count == 0)
		return true;
	struct source_step *steps = arena_alloc(&r->memory, a->evidence_count * sizeof(*steps));
	if (steps == NULL)
		return false;
	source_sum_steps(a, r->evidence, r->evidence_read, steps);
	for (size_t i = 0; i < a->evidence_count && kept < REPORT_ALERT_EVIDENCE_MAX; i++)
		if (steps[i].evidence != NULL)
			steps[kept++] = steps[i];
	ret->steps = steps;
	ret->step_count = kept;
	return true;
}

static bool
read_alerts(struct report *r, struct source *s)
{
	const struct source_alert *all = NULL;

	r->alerts_read = source_alerts(s, &r->memory, &all);
	r->alerts_told = r->alerts_read < REPORT_ALERTS_MAX ? r->alerts_read : REPORT_ALERTS_MAX;
	if (r->alerts_told == 0)
		return true;
	struct report_alert *told = arena_alloc(&r->memory, r->alerts_told * sizeof(*told));
	if (told == NULL)
		return false;
	for (size_t i = 0; i < r->alerts_told; i++)
		if (!read_steps(r, &all[i], &told[i]))
			return false;
	r->alerts = told;
	return true;
}

static void
pick_evidence(struct report_host *h, const struct report *r, struct arena *keep)
{
	struct report_list kept = { .memory = keep,
		.row_size = sizeof(const struct source_evidence *) };
	struct report_list alerts = { .memory = keep,
		.row_size = sizeof(const struct source_alert *) };

	for (size_t i = 0; i < r->evidence_read; i++) {
		if (strcmp(r->evidence[i].window.host, h->profile->host) != 0)
			continue;
		h->evidence_total++;
		const struct source_evidence **row =
			kept.count < REPORT_EVIDENCE_MAX ? report_list_add(&kept) : NULL;
		if (row != NULL)
			*row = &r->evidence[i];
	}
	for (size_t i = 0; i < r->alerts_told; i++) {
		if (strcmp(r->alerts[i].alert->window.host, h->profile->host) != 0)
			continue;
		const struct source_alert **row = report_list_add(&alerts);
		if (row != NULL)
			*row = r->alerts[i].alert;
	}
	h->evidence = kept.rows;
	h->evidence_count = kept.count;
	h->alerts = alerts.rows;
	h->alert_count = alerts.count;
}

/* All that a host's section needs; its conversations are gone after it. */
static void
read_host(struct report *r, struct source *s, struct report_host *h)
{
	struct arena scratch;
	struct report_talks talks;

	arena_init(&scratch, memory_most, NULL);
	pick_evidence(h, r, &r->memory);
	h->has_address = source_address(s, h->profile->host, &r->memory, &h->address);
	report_why_fill(h);
	report_entries_fill(h, s, &r->memory, &scratch);
	report_talks_read(s, h->profile, r->has_flows, &scratch, &talks);
	h->talks_used = talks.count;
	h->talks_total = talks.total;
	report_buckets_fill(h, &talks);
	report_buckets_blind(h, r->loss_spans, r->loss_span_count);
	report_peers_fill(h, s, &talks, &r->memory);
	report_scan_fill(h, &talks, &r->memory, &scratch);
	report_beacons_fill(h, s, &talks, &r->memory, &scratch);
	arena_done(&scratch);
}

/* A host that did nothing of note has a row, and no section. */
static bool
deserves_section(const struct source_profile *p)
{
	return p->infected || p->evidence > 0;
}

/* Of two pointers into one list. */
static int
by_weight(const void *a, const void *b)
{
	const struct source_profile *one = *(const struct source_profile *const *)a;
	const struct source_profile *other = *(const struct source_profile *const *)b;

	if (one->infected != other->infected)
		return one->infected ? -1 : 1;
	if (one->alerts != other->alerts)
		return one->alerts > other->alerts ? -1 : 1;
	if (one->evidence != other->evidence)
		return one->evidence > other->evidence ? -1 : 1;
	return (one > other) - (one < other);
}

const struct source_profile *
report_profiles_sort(const struct source_profile *rows, size_t count, struct arena *memory)
{
	const struct source_profile **order =
		arena_alloc(memory, (count + 1) * sizeof(const struct source_profile *));
	struct source_profile *sorted = arena_alloc(memory, (count + 1) * sizeof(*sorted));

	if (order == NULL || sorted == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++)
		order[i] = &rows[i];
	qsort(order, count, sizeof(const struct source_profile *), by_weight);
	for (size_t i = 0; i < count; i++)
		sorted[i] = *order[i];
	return sorted;
}

static bool
read_hosts(struct report *r, struct source *s)
{
	const struct source_profile *asked = NULL;
	size_t count = source_profiles(s, &r->memory, &asked);

	r->profiles = report_profiles_sort(asked, count, &r->memory);
	if (r->profiles == NULL)
		return false;
	r->profile_count = count;
	return true;
}

static bool
read_sections(struct report *r, struct source *s)
{
	size_t most = r->profile_count < REPORT_HOSTS_MAX ? r->profile_count : REPORT_HOSTS_MAX;
	size_t told = 0;

	while (told < most && deserves_section(&r->profiles[told]))
		told++;
	if (told == 0)
		return true;
	struct report_host *hosts = arena_alloc(&r->memory, told * sizeof(*hosts));
	if (hosts == NULL)
		return false;
	for (size_t i = 0; i < told; i++) {
		hosts[i].profile = &r->profiles[i];
		read_host(r, s, &hosts[i]);
	}
	r->hosts = hosts;
	r->hosts_told = told;
	return true;
}

bool
report_gather(struct report *r, struct source *s, uint64_t now_ns)
{
	*r = (struct report){ .source = source_name(s), .now_ns = now_ns };
	arena_init(&r->memory, memory_most, NULL);
	source_trouble_forget(s);
	r->has_flows = source_can(s, SOURCE_HAS_FLOWS);
	r->has_devices = source_can(s, SOURCE_HAS_DEVICES);
	r->has_alerts = source_can(s, SOURCE_HAS_ALERTS);
	r->has_run = source_can(s, SOURCE_HAS_RUN) && source_run(s, &r->memory, &r->run);
	r->evidence_read = source_evidences(
		s, &(struct source_window_id){ .host = NULL }, false, &r->memory, &r->evidence);
	read_losses(r, s);
	if (!read_hosts(r, s) || !read_alerts(r, s) || !read_sections(r, s))
		return false;
	if (r->has_devices) {
		r->device_count = source_devices(s, &r->memory, &r->devices);
	}
	r->devices_told = r->device_count < REPORT_ROWS_MAX ? r->device_count : REPORT_ROWS_MAX;
	sum_up(r);
	report_indicators_fill(r, s);
	report_techniques_fill(r);
	report_countries_fill(r);
	/* Of all questions: one without an answer is told, whatever the next ones had. */
	(void)snprintf(r->trouble, sizeof(r->trouble), "%s", source_trouble_first(s));
	return r->memory.refused == 0;
}

void
report_done(struct report *r)
{
	arena_done(&r->memory);
}
