#include "ctl/report/report_md.h"

#include "ctl/report/report_text.h"
#include "ctl/report/tactic.h"
#include "daemon/base/strbuf.h"
#include "daemon/base/text_safe.h"
#include "naiad_version.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

enum { TEXT_MAX = 400, INPUTS_MAX = 10, NAMED_MAX = 10 };

/* "://" and "www." are made links of, without any markup. */
static bool
would_link(const char *text, const char *at)
{
	return (at[0] == ':' && at[1] == '/') ||
	       (at[0] == '.' && at >= text + 3 && strncasecmp(at - 3, "www", 3) == 0);
}

/* Behind a backslash, whatever could be markup (CommonMark 2.4); HTML is nothing but characters then. */
static void
put(FILE *out, const char *text)
{
	char memory[sizeof("...") + (size_t)TEXT_MAX * 4];
	struct strbuf safe;

	strbuf_init(&safe, memory, sizeof(memory));
	text_safe(&safe, text, TEXT_MAX);
	for (const char *at = memory; *at != '\0'; at++) {
		if (strchr("\\`*_{}[]<>()#+!|~&$@", *at) != NULL || would_link(memory, at))
			(void)fputc('\\', out);
		(void)fputc(*at, out);
	}
}

static void put_format(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void
put_format(FILE *out, const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	put(out, text);
}

static void
cell(FILE *out, const char *text)
{
	(void)fputs(" ", out);
	put(out, text);
	(void)fputs(" |", out);
}

static void
row_end(FILE *out)
{
	(void)fputs("\n", out);
}

static void
left_out(FILE *out, uint64_t shown, uint64_t total, const char *what)
{
	if (total > shown)
		(void)fprintf(out, "\nThe first %llu of %llu %s are shown.\n",
			(unsigned long long)shown, (unsigned long long)total, what);
}

/* Infected hosts come first. */
static void
put_named(FILE *out, const struct report *r)
{
	size_t count = 0;

	while (count < r->hosts_told && count < NAMED_MAX && r->hosts[count].profile->infected) {
		const struct report_host *host = &r->hosts[count++];

		(void)fputs("* **", out);
		put(out, host->profile->host);
		(void)fputs(host->profile->name[0] != '\0' ? "** " : "**", out);
		put(out, host->profile->name);
		(void)fputs(": ", out);
		put(out, host->why);
		row_end(out);
	}
	if (r->infected_count > count)
		(void)fprintf(out, "* and %s more, in the table of hosts\n",
			report_count(r->infected_count - count).text);
	(void)fputs(count > 0 ? "\n" : "", out);
}

static void
put_loss_spans(FILE *out, const struct report *r)
{
	if (r->loss_span_count > 0)
		(void)fputs(
			"\n| From | To | Count | Reason | Interface |\n|---|---|---:|---|---|\n",
			out);
	for (size_t i = 0; i < r->loss_spans_told; i++) {
		const struct source_loss_span *span = &r->loss_spans[i];

		(void)fputs("|", out);
		cell(out, report_time(span->from_ns).text);
		cell(out, report_time(span->to_ns).text);
		cell(out, report_count(span->count).text);
		cell(out, span->reason);
		cell(out, span->interface);
		row_end(out);
	}
	left_out(out, r->loss_spans_told, r->loss_span_count, "times");
}

static void
put_summary(FILE *out, const struct report *r)
{
	(void)fputs("# What was found in the network\n\n", out);
	(void)fputs(r->infected_count > 0 ? "**" : "", out);
	if (r->profile_count == 0)
		(void)fputs("No host was seen: there is nothing to judge.", out);
	else
		put_format(out, "%s of %s infected or attacking, %s.",
			report_count(r->infected_count).text,
			report_plural(r->profile_count, "host", "hosts").text,
			report_plural(r->alert_count, "alert", "alerts").text);
	(void)fputs(r->infected_count > 0 ? "**\n\n" : "\n\n", out);
	put_named(out, r);
	(void)fputs("* Source: ", out);
	put(out, r->source);
	for (size_t i = 0; i < r->run.input_count && i < INPUTS_MAX; i++) {
		(void)fputs("\n* Input: ", out);
		put(out, r->run.inputs[i]);
	}
	if (r->run.input_count > INPUTS_MAX)
		(void)fprintf(
			out, "\n* and %s more", report_count(r->run.input_count - INPUTS_MAX).text);
	if (r->from_ns != 0)
		(void)fprintf(out, "\n* Time: %s to %s", report_time(r->from_ns).text,
			report_time(r->to_ns).text);
	(void)fputs("\n* Seen: ", out);
	put_format(out, "%s, %s, %s", report_plural(r->profile_count, "host", "hosts").text,
		report_plural(r->window_count, "time window", "time windows").text,
		report_plural(r->evidence_count, "finding", "findings").text);
	if (r->has_run && r->run.ended)
		put_format(out, "; %s", report_plural(r->run.flows, "flow", "flows").text);
	if (r->has_run && r->run.packets > 0) /* logs have none */
		put_format(out, ", %s, %s", report_plural(r->run.packets, "packet", "packets").text,
			report_bytes(r->run.bytes).text);
	if (r->trouble[0] != '\0') {
		(void)fputs("\n* **Not complete:** ", out);
		put(out, r->trouble);
	}
	(void)fputs("\n\n## What was not seen\n\n", out);
	if (r->loss_count + r->loss_span_count == 0)
		(void)fputs(r->has_run ? "Nothing is known to be missing.\n"
				       : "This source does not tell what was lost.\n",
			out);
	if (r->loss_count > 0)
		(void)fputs("| Reason | Count | What it means |\n|---|---:|---|\n", out);
	for (size_t i = 0; i < r->loss_count; i++) {
		(void)fputs("|", out);
		cell(out, r->losses[i].reason);
		cell(out, report_count(r->losses[i].count).text);
		cell(out, report_loss_meaning(r->losses[i].reason));
		row_end(out);
	}
	put_loss_spans(out, r);
}

static void
put_alert(FILE *out, const struct report *r, const struct report_alert *told)
{
	const struct source_alert *a = told->alert;

	(void)fputs("\n### ", out);
	put(out, a->window.host);
	(void)fputs(": ", out);
	put(out, a->reason);
	(void)fputs("\n\n", out);
	put_format(out, "Raised at %s in window %lld. Sum %.2f, threshold %.2f%s.",
		report_time(a->ts_ns).text, (long long)a->window.number, a->sum, a->threshold,
		a->decisive ? "; one finding is decisive" : "");
	(void)fputs(
		"\n\n| Time | Evidence | Level | Confidence | Counts | Sum |\n|---|---|---|---:|---:|---:|\n",
		out);
	for (size_t i = 0; i < told->step_count; i++) {
		const struct source_evidence *e = told->steps[i].evidence;

		(void)fputs("|", out);
		cell(out, report_clock(e->ts_ns, r->has_days).text);
		cell(out, e->text);
		cell(out, e->threat);
		(void)fprintf(out, " %.2f |", e->confidence);
		if (e->counted)
			(void)fprintf(out, " %.2f |", told->steps[i].added);
		else
			(void)fputs(" - |", out);
		(void)fprintf(out, e->sum >= 0.0 ? " %.2f |" : " - |", e->sum);
		row_end(out);
	}
	left_out(out, told->step_count, a->evidence_total, "findings of this alert");
}

static void
put_host(FILE *out, const struct report_host *host)
{
	(void)fputs("\n### ", out);
	put(out, host->profile->host);
	(void)fputs(host->profile->infected ? " (infected)\n\n" : "\n\n", out);
	if (host->profile->name[0] != '\0' || host->profile->vendor[0] != '\0') {
		put(out, host->profile->name);
		(void)fputs(" ", out);
		put(out, host->profile->vendor);
		(void)fputs("\n\n", out);
	}
	if (host->scan != NULL) {
		put_format(out, "Attempts without an answer: %s of %s, on %s of %s.",
			report_count(host->scan->unanswered).text,
			report_count(host->scan->attempts).text,
			report_plural(host->scan->ports, "port", "ports").text,
			report_plural(host->scan->targets, "target", "targets").text);
		(void)fputs("\n\n", out);
	}
	for (size_t i = 0; i < host->beacon_count; i++) {
		const struct report_beacon *b = &host->beacons[i];

		(void)fputs("Steady rhythm: ", out);
		put(out, b->peer);
		put_format(out, " %s, %s, every %s, half of them within %s.", b->port,
			report_plural(b->talks, "conversation", "conversations").text,
			report_seconds(b->median_s).text, report_percent(b->spread).text);
		(void)fputs("\n\n", out);
	}
	(void)fputs(
		"| Time | Level | Confidence | Finding | ATT&CK |\n|---|---|---:|---|---|\n", out);
	for (size_t i = 0; i < host->evidence_count; i++) {
		const struct source_evidence *e = host->evidence[i];

		(void)fputs("|", out);
		cell(out, report_time(e->ts_ns).text);
		cell(out, e->threat);
		(void)fprintf(out, " %.2f |", e->confidence);
		cell(out, e->text);
		cell(out, e->technique);
		row_end(out);
	}
	left_out(out, host->evidence_count, host->evidence_total, "findings");
	if (host->peer_count == 0)
		return;
	(void)fputs("\n| Peer | Known as | Place | Conversations | Answered | Sent | Received |\n"
		    "|---|---|---|---:|---:|---:|---:|\n",
		out);
	for (size_t i = 0; i < host->peer_count; i++) {
		const struct report_peer *p = &host->peers[i];

		(void)fputs("|", out);
		cell(out, p->address);
		cell(out, p->name);
		cell(out, p->country);
		cell(out, report_count(p->talks).text);
		cell(out, report_count(p->answered).text);
		cell(out, report_bytes(p->sent).text);
		cell(out, report_bytes(p->received).text);
		row_end(out);
	}
	left_out(out, host->peer_count, host->peer_total, "peers");
}

static void
put_marks(FILE *out, const struct report *r)
{
	(void)fputs("\n## ATT&CK matrix\n\n", out);
	(void)fputs(
		r->technique_count == 0
			? "Nothing was seen.\n"
			: "| Tactic | Technique | Name | Findings | Hosts |\n|---|---|---|---:|---:|\n",
		out);
	for (size_t t = 0; t < TACTIC_COLUMNS; t++)
		for (size_t i = 0; i < r->technique_count; i++) {
			const char *name = NULL;

			if (tactic_of(r->techniques[i].id, &name) != t)
				continue;
			(void)fputs("|", out);
			cell(out, tactic_name(t));
			cell(out, r->techniques[i].id);
			cell(out, name);
			cell(out, report_count(r->techniques[i].evidence).text);
			cell(out, report_count(r->techniques[i].hosts).text);
			row_end(out);
		}
	(void)fputs("\n## Indicators\n\n", out);
	(void)fputs(
		r->indicators_told == 0
			? "None.\n"
			: "| Indicator | Known as | Why | Weight | Seen by | Findings | First | Last |\n|---|---|---|---:|---|---:|---|---|\n",
		out);
	for (size_t i = 0; i < r->indicators_told; i++) {
		const struct report_indicator *row = &r->indicators[i];
		char value[TEXT_MAX];
		char known[TEXT_MAX];

		report_defang(row->value, value, sizeof(value));
		report_defang(row->known_as, known, sizeof(known));
		(void)fprintf(
			out, "| `%s` |", value); /* has letters, digits and marks of names alone */
		cell(out, known);
		cell(out, row->why);
		(void)fprintf(out, " %.2f |", row->threat);
		cell(out, row->host);
		cell(out, report_count(row->evidence).text);
		cell(out, report_clock(row->first_ns, r->has_days).text);
		cell(out, report_clock(row->last_ns, r->has_days).text);
		row_end(out);
	}
	left_out(out, r->indicators_told, r->indicator_count, "indicators");
	(void)fputs("\n## Countries\n\n", out);
	(void)fputs(r->country_count == 0 ? "None is known.\n"
					  : "| Country | Findings | Peers |\n|---|---:|---:|\n",
		out);
	for (size_t i = 0; i < r->country_count; i++) {
		(void)fputs("|", out);
		cell(out, r->countries[i].code);
		cell(out, report_count(r->countries[i].evidence).text);
		cell(out, report_count(r->countries[i].peers).text);
		row_end(out);
	}
	(void)fputs("\n## Devices\n\n", out);
	(void)fputs(r->devices_told == 0
			    ? "None is known.\n"
			    : "| Network card | Maker | Addresses | Names |\n|---|---|---|---|\n",
		out);
	for (size_t i = 0; i < r->devices_told; i++) {
		(void)fputs("|", out);
		cell(out, r->devices[i].mac);
		cell(out, r->devices[i].vendor);
		cell(out, r->devices[i].addresses);
		cell(out, r->devices[i].names);
		row_end(out);
	}
	left_out(out, r->devices_told, r->device_count, "devices");
}

static void
put_hosts(FILE *out, const struct report *r)
{
	size_t most = r->profile_count < REPORT_ROWS_MAX ? r->profile_count : REPORT_ROWS_MAX;

	(void)fputs(
		most == 0
			? "\n## Hosts\n\nNone was seen.\n"
			: "\n## Hosts\n\n| Host | Name | Country | Windows | Alerts | Evidence |\n"
			  "|---|---|---|---:|---:|---:|\n",
		out);
	for (size_t i = 0; i < most; i++) {
		const struct source_profile *p = &r->profiles[i];

		(void)fputs("|", out);
		cell(out, p->host);
		cell(out, p->name);
		cell(out, p->country);
		cell(out, report_count(p->window_count).text);
		cell(out, report_count(p->alerts).text);
		cell(out, report_count(p->evidence).text);
		row_end(out);
	}
	left_out(out, most, r->profile_count, "hosts");
	for (size_t i = 0; i < r->hosts_told; i++)
		put_host(out, &r->hosts[i]);
}

void
report_md(const struct report *r, FILE *out)
{
	put_summary(out, r);
	(void)fputs("\n## Alerts\n", out);
	if (r->alerts_told == 0)
		(void)fputs("\nNone was raised.\n", out);
	for (size_t i = 0; i < r->alerts_told; i++)
		put_alert(out, r, &r->alerts[i]);
	left_out(out, r->alerts_told, r->alerts_read, "alerts");
	put_hosts(out, r);
	put_marks(out, r);
	(void)fputs("\nMade by naiad " NAIAD_VERSION, out);
	if (r->now_ns != 0)
		(void)fprintf(out, " at %s", report_time(r->now_ns).text);
	(void)fputs(".\n", out);
}
