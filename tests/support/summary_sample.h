/* summary_sample.h -- a run to tell of: two hosts with alerts, two with evidence, some losses. */
#pragma once

#include "exporters/summary.h"
#include "tests/support/record_sample.h"

#include <stdio.h>
#include <stdlib.h>

struct summary_sample {
	struct summary_hosts hosts;
	struct run_info run;
	struct record_totals totals;
	struct record_loss lost[3];
	struct summary summary;
	const struct summary_host *ranked[SUMMARY_HOSTS_MAX];
	char *text; /* what was printed */
	size_t length;
};

static inline void
summary_sample_evidence(struct summary_sample *s, struct addr host, double sum, const char *text)
{
	struct record_evidence e = sample_evidence();

	e.host = host;
	e.sum = sum;
	e.text = text;
	summary_hosts_evidence(&s->hosts, &e, SAMPLE_NS);
}

static inline void
summary_sample_alert(struct summary_sample *s, struct addr host, double sum, int64_t window)
{
	struct record_alert a = sample_alert();

	a.host = host;
	a.sum = sum;
	a.window.number = window;
	summary_hosts_alert(&s->hosts, &a, SAMPLE_NS + (uint64_t)window * 3600 * NS_PER_S);
}

/* An empty run, to be filled. */
static inline struct summary_sample *
summary_sample_new(void)
{
	static const char *const inputs[] = { "case42.pcap", "case43.pcap" };
	struct summary_sample *s = calloc(1, sizeof(*s));

	if (s == NULL || summary_hosts_init(&s->hosts, SUMMARY_HOSTS_MAX) != 0)
		abort();
	s->run = (struct run_info){ .version = "0.1.0", .inputs = inputs, .input_count = 1 };
	s->summary = (struct summary){ .run = &s->run,
		.hosts = &s->hosts,
		.totals = &s->totals,
		.ranked = s->ranked,
		.most = 20,
		.elapsed_ns = 2149 * (uint64_t)NS_PER_MS };
	return s;
}

static inline void
summary_sample_fill(struct summary_sample *s)
{
	summary_sample_evidence(s, addr_v4(10, 0, 0, 3), 0.24, "scanned port 23/tcp on 10 hosts");
	summary_sample_evidence(s, addr_v4(10, 0, 0, 4), 0.24, "scanned port 22/tcp on 10 hosts");
	summary_sample_evidence(s, addr_v4(10, 0, 0, 5), 0.48, "scanned port 21/tcp on 10 hosts");
	summary_sample_alert(s, addr_v4(10, 0, 0, 3), 3.04, 1);
	summary_sample_alert(s, addr_v4(10, 0, 0, 3), 3.5, 3);
	summary_sample_alert(s, addr_v4(10, 0, 0, 9), 0.8, 2);
	s->lost[0] = (struct record_loss){ "flows_evicted", 0 };
	s->lost[1] = (struct record_loss){ "ip_short", 12 };
	s->lost[2] = (struct record_loss){ "evidence_suppressed", 3 };
	s->totals = (struct record_totals){ .packets = 1200340,
		.bytes = 851443712,
		.flows = 3400,
		.hosts = 812,
		.windows = 1400,
		.evidence = 3,
		.alerts = 3,
		.first_ns = SAMPLE_NS,
		.last_ns = SAMPLE_NS + 12000 * NS_PER_S,
		.lost = s->lost,
		.lost_count = 3 };
}

static inline const char *
summary_sample_print(struct summary_sample *s, void (*print)(const struct summary *, FILE *))
{
	free(s->text);
	s->text = NULL;
	FILE *out = open_memstream(&s->text, &s->length);
	if (out == NULL)
		abort();
	s->summary.alerted = summary_hosts_rank(&s->hosts, s->ranked);
	print(&s->summary, out);
	(void)fclose(out);
	return s->text;
}

static inline void
summary_sample_free(struct summary_sample *s)
{
	summary_hosts_done(&s->hosts);
	free(s->text);
	free(s);
}
