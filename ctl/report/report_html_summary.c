#include "ctl/report/report_page.h"
#include "ctl/report/report_pictures.h"
#include "ctl/report/report_text.h"
#include "viewer/source/source_sum.h"

#define ROUNDED 0.005 /* less is not seen in two digits */

static void
put_tile(struct html *h, bool is_bad, const char *value, const char *what)
{
	html_open(h, "li", is_bad ? "class=\"bad\"" : NULL);
	html_element(h, "b", NULL, value);
	html_element(h, "span", NULL, what);
	html_close(h);
}

static void
put_verdict(struct html *h, const struct report *r)
{
	html_open(h, "p",
		r->infected_count > 0   ? "class=\"verdict bad\""
		: r->profile_count == 0 ? "class=\"verdict none\""
					: "class=\"verdict\"");
	if (r->profile_count == 0) {
		html_text(h, "No host was seen: there is nothing to judge.");
	} else if (r->infected_count > 0) {
		html_format(h, "%s of %s %s infected or attacking: %s raised.",
			report_count(r->infected_count).text,
			report_plural(r->profile_count, "host", "hosts").text,
			r->infected_count == 1 ? "is" : "are",
			report_plural(r->alert_count, "alert was", "alerts were").text);
	} else {
		html_text(h, "No host raised an alert.");
		html_element(h, "small", NULL,
			"That nothing was found is no proof that nothing is there: see what was not seen.");
		if (r->evidence_count > 0)
			html_element(h, "small", NULL,
				"There is evidence that was not enough for an alert: see the hosts.");
	}
	if (r->loss_count + r->loss_span_count > 0)
		html_element(h, "small", NULL,
			"Not all of the traffic was seen; what is missing is below.");
	if (r->trouble[0] != '\0') {
		html_open(h, "small", NULL);
		html_format(h, "This report is not complete: %s", r->trouble);
		html_close(h);
	}
	html_close(h);
}

/* Infected hosts come first. */
static void
put_named(struct html *h, const struct report *r)
{
	size_t count = 0;

	if (r->infected_count == 0)
		return;
	html_open(h, "ul", "class=\"named\"");
	while (count < r->hosts_told && count < REPORT_NAMED_MAX &&
		r->hosts[count].profile->infected) {
		const struct report_host *host = &r->hosts[count++];

		html_open(h, "li", NULL);
		html_open_format(h, "a", "href=\"#host-%zu\"", count);
		html_element(h, "code", NULL, host->profile->host);
		html_close(h);
		html_text(h, " ");
		if (host->profile->name[0] != '\0')
			html_element(h, "b", NULL, host->profile->name);
		html_element(h, "span", NULL, host->why);
		html_close(h);
	}
	if (r->infected_count > count) {
		html_open(h, "li", NULL);
		html_format(h, "%s more: see the ", report_count(r->infected_count - count).text);
		html_open(h, "a", "href=\"#hosts\"");
		html_text(h, "hosts");
		html_close(h);
		html_text(h, ".");
		html_close(h);
	}
	html_close(h);
}

static void
put_pair(struct html *h, const char *what, const char *value)
{
	html_element(h, "dt", NULL, what);
	html_element(h, "dd", NULL, value);
}

static void
put_inputs(struct html *h, const struct report *r)
{
	if (r->run.input_count == 0)
		return;
	html_element(h, "dt", NULL, r->run.live ? "Listened on" : "Input");
	html_open(h, "dd", NULL);
	for (size_t i = 0; i < r->run.input_count && i < REPORT_INPUTS_MAX; i++) {
		html_text(h, i == 0 ? "" : ", ");
		html_text(h, r->run.inputs[i]);
	}
	if (r->run.input_count > REPORT_INPUTS_MAX)
		html_format(h, " and %s more",
			report_count(r->run.input_count - REPORT_INPUTS_MAX).text);
	html_close(h);
}

static void
put_read(struct html *h, const struct report *r)
{
	const struct source_run *run = &r->run;

	html_element(h, "h3", NULL, "What was read");
	html_open(h, "dl", NULL);
	put_pair(h, "Source of this report", r->source);
	if (r->has_run) {
		put_inputs(h, r);
		put_pair(h, "Sensor", run->sensor);
		put_pair(h, "Version", run->version);
		put_pair(h, "The run",
			run->ended  ? "ended by itself"
			: run->live ? "goes on, or was killed: totals of the run are not known yet"
				    : "was killed before its end: totals of the run are not known");
	}
	put_pair(h, "From", report_time(r->from_ns).text);
	put_pair(h, "To", report_time(r->to_ns).text);
	if (r->to_ns > r->from_ns)
		put_pair(h, "That is", report_length(r->to_ns - r->from_ns).text);
	html_close(h);
}

/* Between when and when. */
static void
put_loss_spans(struct html *h, const struct report *r)
{
	static const char *const heads[] = { "From", "To", "#Count", "Reason", "Interface" };

	if (r->loss_span_count == 0)
		return;
	html_element(h, "h3", NULL, "When");
	report_html_table(h, heads, 5);
	for (size_t i = 0; i < r->loss_spans_told; i++) {
		const struct source_loss_span *span = &r->loss_spans[i];

		html_open(h, "tr", "class=\"lost\"");
		report_html_cell(h, report_time(span->from_ns).text);
		report_html_cell(h, report_time(span->to_ns).text);
		report_html_number(h, report_count(span->count).text);
		html_open(h, "td", NULL);
		html_element(h, "code", NULL, span->reason);
		html_close(h);
		report_html_cell(h, span->interface);
		html_close(h);
	}
	report_html_table_end(h);
	report_html_left_out(h, r->loss_spans_told, r->loss_span_count, "times");
}

static void
put_loss_counts(struct html *h, const struct report *r)
{
	static const char *const heads[] = { "Reason", "#Count", "What it means" };

	report_html_table(h, heads, 3);
	for (size_t i = 0; i < r->loss_count; i++) {
		html_open(h, "tr", NULL);
		html_open(h, "td", NULL);
		html_element(h, "code", NULL, r->losses[i].reason);
		html_close(h);
		report_html_number(h, report_count(r->losses[i].count).text);
		report_html_cell(h, report_loss_meaning(r->losses[i].reason));
		html_close(h);
	}
	report_html_table_end(h);
}

/* Honest first: what is not here cannot be found here. */
static void
put_losses(struct html *h, const struct report *r)
{
	report_html_section(h, "id=\"losses\"", "What was not seen");
	if (r->loss_count + r->loss_span_count == 0) {
		html_open(h, "p", NULL);
		html_text(h,
			r->has_run
				? "Nothing is known to be missing: no packet was lost or cut, and nothing made room."
				: "This source does not tell what was lost.");
		html_close(h);
	}
	if (r->loss_count > 0)
		put_loss_counts(h, r);
	put_loss_spans(h, r);
	if (!r->has_flows)
		html_element(h, "p", "class=\"note\"",
			"This source has no flows: pictures are made of the entries of timelines.");
	html_close(h);
}

static void
put_host_row(struct html *h, const struct report *r, size_t number, uint64_t most)
{
	const struct source_profile *p = &r->profiles[number];

	html_open(h, "tr", p->evidence == 0 ? "class=\"quiet\"" : NULL);
	html_open(h, "td", NULL);
	if (number < r->hosts_told) {
		html_open_format(h, "a", "href=\"#host-%zu\"", number + 1);
		html_element(h, "code", NULL, p->host);
		html_close(h);
	} else {
		html_element(h, "code", NULL, p->host);
	}
	if (p->infected) {
		html_text(h, " ");
		html_element(h, "span", "class=\"chip solid\"", "infected");
	}
	if (p->is_own) {
		html_text(h, " ");
		html_element(h, "span", "class=\"chip\"", "me");
	}
	html_close(h);
	html_open(h, "td", NULL);
	html_text(h, p->name);
	if (p->vendor[0] != '\0')
		html_element(h, "small", NULL, p->vendor);
	html_close(h);
	report_html_cell(h, p->country);
	report_html_number(h, report_count(p->window_count).text);
	report_html_number(h, report_count(p->alerts).text);
	report_html_number(h, report_count(p->evidence).text);
	html_open(h, "td", "class=\"bar\"");
	if (p->evidence > 0 && number < REPORT_HOSTS_MAX)
		report_svg_bar(h, (double)p->evidence / (double)most);
	html_close(h);
	html_close(h);
}

static void
put_hosts(struct html *h, const struct report *r)
{
	static const char *const heads[] = { "Host", "Name", "Country", "#Windows", "#Alerts",
		"#Evidence", "" };
	size_t most = r->profile_count < REPORT_ROWS_MAX ? r->profile_count : REPORT_ROWS_MAX;
	uint64_t largest = 1;
	uint64_t noted = 0;

	report_html_section(h, "id=\"hosts\"", "Hosts");
	for (size_t i = 0; i < r->profile_count; i++)
		largest = r->profiles[i].evidence > largest ? r->profiles[i].evidence : largest;
	if (most == 0) {
		html_element(h, "p", NULL, "None was seen.");
	} else {
		report_html_table(h, heads, 7);
		for (size_t i = 0; i < most; i++)
			put_host_row(h, r, i, largest);
		report_html_table_end(h);
	}
	report_html_left_out(h, most, r->profile_count, "hosts");
	for (size_t i = 0; i < r->profile_count; i++)
		noted += r->profiles[i].infected || r->profiles[i].evidence > 0 ? 1 : 0;
	if (noted > r->hosts_told) {
		html_open(h, "p", "class=\"note left-out\"");
		html_format(h,
			"%s with evidence and no section: of the hosts with evidence the first %zu have one.",
			report_plural(noted - r->hosts_told, "more host", "more hosts").text,
			r->hosts_told);
		html_close(h);
	}
	html_close(h);
}

void
report_html_summary(struct html *h, const struct report *r)
{
	report_html_section(h, "id=\"summary\"", "Summary");
	put_verdict(h, r);
	put_named(h, r);
	html_open(h, "ul", "class=\"tiles\"");
	put_tile(h, r->infected_count > 0, report_count(r->infected_count).text,
		"infected or attacking");
	put_tile(h, false, report_count(r->profile_count).text,
		r->profile_count == 1 ? "host" : "hosts");
	put_tile(h, false, report_count(r->alert_count).text,
		r->alert_count == 1 ? "alert" : "alerts");
	put_tile(h, false, report_count(r->evidence_count).text, "evidence");
	put_tile(h, false, report_count(r->window_count).text,
		r->window_count == 1 ? "time window" : "time windows");
	if (r->has_run && r->run.ended) {
		put_tile(h, false, report_count(r->run.flows).text,
			r->run.flows == 1 ? "flow" : "flows");
		if (r->run.packets > 0) { /* logs have none */
			put_tile(h, false, report_count(r->run.packets).text,
				r->run.packets == 1 ? "packet" : "packets");
			put_tile(h, false, report_bytes(r->run.bytes).text, "on the wire");
		}
	}
	html_close(h);
	put_read(h, r);
	html_close(h);
	put_losses(h, r);
}

/* What source_idle_says() has, as short as a cell. */
static const char *
idle_word(enum source_idle why)
{
	return why == SOURCE_SILENCED  ? "silenced"
	       : why == SOURCE_REPEATS ? "counted already"
				       : "nothing";
}

static void
put_step(struct html *h, const struct report *r, const struct source_step *s)
{
	const struct source_evidence *e = s->evidence;
	double value = source_level(e->threat);

	html_open(h, "tr", e->counted || e->decisive ? NULL : "class=\"quiet\"");
	html_element(h, "td", "class=\"t\"", report_clock(e->ts_ns, r->has_days).text);
	html_open(h, "td", "class=\"wide\"");
	html_text(h, e->text);
	html_element(h, "small", NULL, e->kind);
	html_close(h);
	html_open(h, "td", NULL);
	report_html_level(h, e->threat);
	if (e->decisive) {
		html_text(h, " ");
		html_element(h, "span", "class=\"chip high\"", "decisive");
	}
	html_close(h);
	html_open(h, "td", "class=\"n\"");
	html_format(h, "%.1f \xc3\x97 %.2f", value, e->confidence);
	html_close(h);
	html_open(h, "td", "class=\"n\"");
	if (e->counted)
		html_format(h, "%.2f", s->added);
	else
		html_text(h, idle_word(source_idle(e)));
	if (e->counted && s->added < s->weight - ROUNDED)
		html_element(h, "small", NULL, "part counted before");
	html_close(h);
	html_open(h, "td", "class=\"n\"");
	if (e->sum >= 0.0)
		html_format(h, "%.2f", e->sum);
	html_close(h);
	html_close(h);
}

static void
put_result(struct html *h, const struct source_alert *a)
{
	html_open(h, "p", "class=\"result\"");
	html_open(h, "strong", NULL);
	html_format(h, "Sum %.2f, threshold %.2f. ", a->sum, a->threshold);
	html_close(h);
	if (a->decisive && a->sum < a->threshold)
		html_text(h,
			"The sum alone would not have done it: one finding is decisive, and raises an alert by itself.");
	else if (a->decisive)
		html_text(h, "One finding is decisive; the sum passes the threshold as well.");
	else
		html_text(h, "The sum passed the threshold.");
	html_close(h);
}

static void
put_alert(struct html *h, const struct report *r, size_t number)
{
	static const char *const heads[] = { "Time", "Evidence", "Level",
		"#Level \xc3\x97 confidence", "#Counts", "#Sum" };
	const struct report_alert *told = &r->alerts[number];
	const struct source_alert *a = told->alert;

	html_open_format(h, "article", "id=\"alert-%zu\"", number + 1);
	html_open(h, "h3", NULL);
	html_element(h, "code", NULL, a->window.host);
	html_text(h, " ");
	html_text(h, a->reason);
	html_close(h);
	html_open(h, "p", "class=\"note\"");
	html_format(h, "Raised at %s in window %lld. Strongest: %s. Highest level: %s.",
		report_time(a->ts_ns).text, (long long)a->window.number, a->strongest, a->highest);
	html_close(h);
	report_html_table(h, heads, 6);
	for (size_t i = 0; i < told->step_count; i++)
		put_step(h, r, &told->steps[i]);
	report_html_table_end(h);
	report_html_left_out(h, told->step_count, a->evidence_total, "evidence of this alert");
	put_result(h, a);
	html_close(h);
}

void
report_html_alerts(struct html *h, const struct report *r)
{
	report_html_section(h, "id=\"alerts\"", "Alerts");
	html_element(h, "p", "class=\"note\"",
		"Each finding counts its threat level times its confidence, once for each kind and other party of a "
		"time window. An alert is raised when the sum passes the threshold, or by one decisive finding.");
	if (r->alerts_told == 0)
		html_element(h, "p", NULL,
			r->has_alerts ? "None was raised."
				      : "This source does not tell of alerts.");
	for (size_t i = 0; i < r->alerts_told; i++)
		put_alert(h, r, i);
	report_html_left_out(h, r->alerts_told, r->alerts_read, "alerts");
	html_close(h);
	put_hosts(h, r);
}
