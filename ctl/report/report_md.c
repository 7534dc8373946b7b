#include "ctl/report/report_md.h"

#include "ctl/report/md.h"
#include "ctl/report/report_md_marks.h"
#include "ctl/report/report_text.h"
#include "naiad_version.h"

/* Infected hosts come first. */
static void
put_named(FILE *out, const struct report *r)
{
	size_t count = 0;

	while (count < r->hosts_told && count < REPORT_NAMED_MAX &&
		r->hosts[count].profile->infected) {
		const struct report_host *host = &r->hosts[count++];

		(void)fputs("* **", out);
		md_text(out, host->profile->host);
		(void)fputs(host->profile->name[0] != '\0' ? "** " : "**", out);
		md_text(out, host->profile->name);
		(void)fputs(": ", out);
		md_text(out, host->why);
		md_row_end(out);
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
		md_cell(out, report_time(span->from_ns).text);
		md_cell(out, report_time(span->to_ns).text);
		md_cell(out, report_count(span->count).text);
		md_cell(out, span->reason);
		md_cell(out, span->interface);
		md_row_end(out);
	}
	md_left_out(out, r->loss_spans_told, r->loss_span_count, "times");
}

static void
put_summary(FILE *out, const struct report *r)
{
	(void)fputs("# What was found in the network\n\n", out);
	(void)fputs(r->infected_count > 0 ? "**" : "", out);
	if (r->profile_count == 0)
		(void)fputs("No host was seen: there is nothing to judge.", out);
	else
		md_format(out, "%s of %s infected or attacking, %s.",
			report_count(r->infected_count).text,
			report_plural(r->profile_count, "host", "hosts").text,
			report_plural(r->alert_count, "alert", "alerts").text);
	(void)fputs(r->infected_count > 0 ? "**\n\n" : "\n\n", out);
	put_named(out, r);
	(void)fputs("* Source: ", out);
	md_text(out, r->source);
	for (size_t i = 0; i < r->run.input_count && i < REPORT_INPUTS_MAX; i++) {
		(void)fputs("\n* Input: ", out);
		md_text(out, r->run.inputs[i]);
	}
	if (r->run.input_count > REPORT_INPUTS_MAX)
		(void)fprintf(out, "\n* and %s more",
			report_count(r->run.input_count - REPORT_INPUTS_MAX).text);
	if (r->from_ns != 0)
		(void)fprintf(out, "\n* Time: %s to %s", report_time(r->from_ns).text,
			report_time(r->to_ns).text);
	(void)fputs("\n* Seen: ", out);
	md_format(out, "%s, %s, %s", report_plural(r->profile_count, "host", "hosts").text,
		report_plural(r->window_count, "time window", "time windows").text,
		report_plural(r->evidence_count, "finding", "findings").text);
	if (r->has_run && r->run.ended)
		md_format(out, "; %s", report_plural(r->run.flows, "flow", "flows").text);
	if (r->has_run && r->run.packets > 0) /* logs have none */
		md_format(out, ", %s, %s", report_plural(r->run.packets, "packet", "packets").text,
			report_bytes(r->run.bytes).text);
	if (r->trouble[0] != '\0') {
		(void)fputs("\n* **Not complete:** ", out);
		md_text(out, r->trouble);
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
		md_cell(out, r->losses[i].reason);
		md_cell(out, report_count(r->losses[i].count).text);
		md_cell(out, report_loss_meaning(r->losses[i].reason));
		md_row_end(out);
	}
	put_loss_spans(out, r);
}

static void
put_alert(FILE *out, const struct report *r, const struct report_alert *told)
{
	const struct source_alert *a = told->alert;

	(void)fputs("\n### ", out);
	md_text(out, a->window.host);
	(void)fputs(": ", out);
	md_text(out, a->reason);
	(void)fputs("\n\n", out);
	md_format(out, "Raised at %s in window %lld. Sum %.2f, threshold %.2f%s.",
		report_time(a->ts_ns).text, (long long)a->window.number, a->sum, a->threshold,
		a->decisive ? "; one finding is decisive" : "");
	(void)fputs(
		"\n\n| Time | Evidence | Level | Confidence | Counts | Sum |\n|---|---|---|---:|---:|---:|\n",
		out);
	for (size_t i = 0; i < told->step_count; i++) {
		const struct source_evidence *e = told->steps[i].evidence;

		(void)fputs("|", out);
		md_cell(out, report_clock(e->ts_ns, r->has_days).text);
		md_cell(out, e->text);
		md_cell(out, e->threat);
		(void)fprintf(out, " %.2f |", e->confidence);
		if (e->counted)
			(void)fprintf(out, " %.2f |", told->steps[i].added);
		else
			(void)fputs(" - |", out);
		(void)fprintf(out, e->sum >= 0.0 ? " %.2f |" : " - |", e->sum);
		md_row_end(out);
	}
	md_left_out(out, told->step_count, a->evidence_total, "findings of this alert");
}

static void
put_peers(FILE *out, const struct report_host *host)
{
	if (host->peer_count == 0)
		return;
	(void)fputs("\n| Peer | Known as | Place | Conversations | Answered | Sent | Received |\n"
		    "|---|---|---|---:|---:|---:|---:|\n",
		out);
	for (size_t i = 0; i < host->peer_count; i++) {
		const struct report_peer *p = &host->peers[i];

		(void)fputs("|", out);
		md_cell(out, p->address);
		md_cell(out, p->name);
		md_cell(out, p->country);
		md_cell(out, report_count(p->talks).text);
		md_cell(out, report_count(p->answered).text);
		md_cell(out, report_bytes(p->sent).text);
		md_cell(out, report_bytes(p->received).text);
		md_row_end(out);
	}
	md_left_out(out, host->peer_count, host->peer_total, "peers");
}

static void
put_host(FILE *out, const struct report_host *host)
{
	(void)fputs("\n### ", out);
	md_text(out, host->profile->host);
	(void)fputs(host->profile->infected ? " (infected)\n\n" : "\n\n", out);
	if (host->profile->name[0] != '\0' || host->profile->vendor[0] != '\0') {
		md_text(out, host->profile->name);
		(void)fputs(" ", out);
		md_text(out, host->profile->vendor);
		(void)fputs("\n\n", out);
	}
	if (host->scan != NULL) {
		md_format(out, "Attempts without an answer: %s of %s, on %s of %s.",
			report_count(host->scan->unanswered).text,
			report_count(host->scan->attempts).text,
			report_plural(host->scan->ports, "port", "ports").text,
			report_plural(host->scan->targets, "target", "targets").text);
		(void)fputs("\n\n", out);
	}
	for (size_t i = 0; i < host->beacon_count; i++) {
		const struct report_beacon *b = &host->beacons[i];

		(void)fputs("Steady rhythm: ", out);
		md_text(out, b->peer);
		md_format(out, " %s, %s, every %s, half of them within %s.", b->port,
			report_plural(b->talks, "conversation", "conversations").text,
			report_seconds(b->median_s).text, report_percent(b->spread).text);
		(void)fputs("\n\n", out);
	}
	(void)fputs(
		"| Time | Level | Confidence | Finding | ATT&CK |\n|---|---|---:|---|---|\n", out);
	for (size_t i = 0; i < host->evidence_count; i++) {
		const struct source_evidence *e = host->evidence[i];

		(void)fputs("|", out);
		md_cell(out, report_time(e->ts_ns).text);
		md_cell(out, e->threat);
		(void)fprintf(out, " %.2f |", e->confidence);
		md_cell(out, e->text);
		md_cell(out, e->technique);
		md_row_end(out);
	}
	md_left_out(out, host->evidence_count, host->evidence_total, "findings");
	put_peers(out, host);
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
		md_cell(out, p->host);
		md_cell(out, p->name);
		md_cell(out, p->country);
		md_cell(out, report_count(p->window_count).text);
		md_cell(out, report_count(p->alerts).text);
		md_cell(out, report_count(p->evidence).text);
		md_row_end(out);
	}
	md_left_out(out, most, r->profile_count, "hosts");
	for (size_t i = 0; i < r->hosts_told; i++)
		put_host(out, &r->hosts[i]);
}

void
report_md(const struct report *r, FILE *out)
{
	put_summary(out, r);
	(void)fputs("\n## Alerts\n", out);
	if (r->alerts_told == 0)
		(void)fputs(r->has_alerts ? "\nNone was raised.\n"
					  : "\nThis source does not tell of alerts.\n",
			out);
	for (size_t i = 0; i < r->alerts_told; i++)
		put_alert(out, r, &r->alerts[i]);
	md_left_out(out, r->alerts_told, r->alerts_read, "alerts");
	put_hosts(out, r);
	report_md_marks(out, r);
	(void)fputs("\nMade by naiad " NAIAD_VERSION, out);
	if (r->now_ns != 0)
		(void)fprintf(out, " at %s", report_time(r->now_ns).text);
	(void)fputs(".\n", out);
}
