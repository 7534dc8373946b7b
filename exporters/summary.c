/*
 * summary -- the end of a run over files on stdout: a table, or one JSON object with --json.
 *
 * Findings are gathered in a bounded ledger (summary_hosts.h) and told when the run is closed; a run
 * that did not come to its totals tells nothing. The only exporter that knows how long it took.
 */
#include "exporters/summary.h"

#include "daemon/base/log.h"
#include "exporters/exporter.h"
#include "exporters/summary_json.h"
#include "exporters/summary_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOST_MAX = 128 };

struct config {
	bool enabled;
	uint32_t hosts;
};

static const struct config_item config_items[] = {
	CONFIG_BOOL(struct config, enabled, true,
		"Tell at the end of a run over files what was found."),
	CONFIG_U32(struct config, hosts, 1, SUMMARY_HOSTS_MAX, 20, "hosts",
		"Hosts shown in each part of the table; --json has all that raised an alert."),
	CONFIG_END,
};

struct state {
	struct summary_hosts hosts;
	struct record_totals totals; /* `lost` points below */
	struct record_loss lost[LOST_MAX];
	bool ended;
};

static uint32_t
accepts(const void *config, const struct run_info *run)
{
	const struct config *c = config;

	if (run->live || (!c->enabled && !run->json_summary))
		return 0;
	return RECORD_BIT(RECORD_EVIDENCE) | RECORD_BIT(RECORD_ALERT) | RECORD_BIT(RECORD_TOTALS);
}

static int
summary_open(struct outlet *o, const char *header)
{
	struct state *s = o->state;
	int result = summary_hosts_init(&s->hosts, SUMMARY_HOSTS_MAX);

	(void)header;
	if (result < 0)
		log_err("output", "out of memory for the summary");
	return result;
}

/* The reasons are constants of the engine and the reader; the list is the record's. */
static void
totals_keep(struct state *s, const struct record_totals *t)
{
	size_t count = t->lost_count < LOST_MAX ? t->lost_count : LOST_MAX;

	s->totals = *t;
	if (count > 0)
		memcpy(s->lost, t->lost, count * sizeof(s->lost[0]));
	s->totals.lost = s->lost;
	s->totals.lost_count = count;
	s->ended = true;
}

static void
summary_write(struct outlet *o, const struct record *r, const char *line, size_t length)
{
	struct state *s = o->state;

	(void)line;
	(void)length;
	if (r->kind == RECORD_EVIDENCE)
		summary_hosts_evidence(&s->hosts, r->evidence, r->ts_ns);
	else if (r->kind == RECORD_ALERT)
		summary_hosts_alert(&s->hosts, r->alert, r->ts_ns);
	else
		totals_keep(s, r->totals);
	outlet_left(o, 1);
}

static int
summary_tell(const struct outlet *o, const struct state *s)
{
	const struct config *c = o->config;
	struct summary told = {
		.run = o->run,
		.hosts = &s->hosts,
		.totals = &s->totals,
		.most = c->hosts,
		.elapsed_ns = o->run->elapsed_ns != NULL ? o->run->elapsed_ns() : 0,
	};

	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	told.ranked = calloc((size_t)s->hosts.count + 1, sizeof(*told.ranked));
	if (told.ranked == NULL)
		return -ENOMEM;
	told.alerted = summary_hosts_rank(&s->hosts, told.ranked);
	if (o->run->json_summary)
		summary_json_print(&told, stdout);
	else
		summary_text_print(&told, stdout);
	free(told.ranked);
	errno = EIO;
	return fflush(stdout) == 0 && ferror(stdout) == 0 ? 0 : -errno;
}

static int
summary_close(struct outlet *o, const char *footer)
{
	struct state *s = o->state;
	int result = s->ended ? summary_tell(o, s) : 0;

	(void)footer;
	if (result < 0) {
		errno = -result;
		log_warn("output", "cannot write the summary, its findings are in alerts.log");
	}
	summary_hosts_done(&s->hosts);
	return result;
}

const struct exporter exporter_summary = {
	.name = "summary",
	.summary = "What was found, on stdout, at the end of a run over files.",
	.config_size = sizeof(struct config),
	.config = config_items,
	.state_size = sizeof(struct state),
	.accepts = accepts,
	.open = summary_open,
	.write = summary_write,
	.close = summary_close,
};
