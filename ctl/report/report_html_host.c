#include "ctl/report/report_page.h"
#include "ctl/report/report_pictures.h"
#include "ctl/report/report_text.h"

#include <ctype.h>
#include <string.h>

enum { LETTERS_MAX = 300, PAIRS_MAX = 6, UIDS_MAX = 2 };

static void
put_fact(struct html *h, const char *what, const char *value)
{
	if (value[0] == '\0')
		return;
	html_element(h, "dt", NULL, what);
	html_element(h, "dd", NULL, value);
}

static void
put_facts(struct html *h, const struct report_host *host)
{
	const struct source_profile *p = host->profile;
	const struct source_address *a = &host->address;

	html_open(h, "dl", NULL);
	put_fact(h, "Name", p->name);
	put_fact(h, "Network card", p->vendor);
	if (host->has_address) {
		if (strcmp(a->reverse, p->name) != 0)
			put_fact(h, "Reverse name", a->reverse);
		put_fact(h, "Country", a->country);
		put_fact(h, "Network", a->org);
	}
	html_element(h, "dt", NULL, "Seen");
	html_open(h, "dd", NULL);
	html_format(h, "%s, %s, %s, %s",
		report_plural(p->window_count, "time window", "time windows").text,
		report_plural(host->talks_total, "conversation", "conversations").text,
		report_plural(p->alerts, "alert", "alerts").text,
		report_plural(p->evidence, "finding", "findings").text);
	html_close(h);
	html_close(h);
}

static bool
is_blind(const struct report_host *host)
{
	for (int i = 0; i < REPORT_BUCKETS; i++)
		if (host->buckets[i].is_blind)
			return true;
	return false;
}

static void
put_traffic(struct html *h, const struct report_host *host)
{
	if (host->from_ns == 0)
		return;
	html_element(h, "h3", NULL, "Over time");
	html_open(h, "figure", "class=\"traffic\"");
	report_svg_traffic(h, host);
	html_open(h, "figcaption", NULL);
	html_raw(h, "<span class=\"t\"><span class=\"key sent\"></span>sent</span>"
		    "<span class=\"t\"><span class=\"key recv\"></span>received</span>"
		    "<span class=\"t\"><span class=\"key talks\"></span>conversations</span>. ");
	html_format(h, "Dots are evidence. Times in UTC. From %s.",
		report_plural(host->talks_used, "conversation", "conversations").text);
	if (host->talks_used < host->talks_total)
		html_format(h, " There are %s: of the others nothing is drawn.",
			report_count(host->talks_total).text);
	if (is_blind(host))
		html_raw(h,
			" <span class=\"t\"><span class=\"key blind\"></span>not all was seen</span>.");
	html_close(h);
	html_close(h);
}

static void
put_finding_notes(struct html *h, const struct source_evidence *e)
{
	html_open(h, "small", NULL);
	html_text(h, e->kind);
	if (e->observed > 0 || e->threshold > 0)
		html_format(h, "; %s: %s, threshold %s", e->unit, report_count(e->observed).text,
			report_count(e->threshold).text);
	if (e->about_place[0] != '\0') {
		html_text(h, "; ");
		html_text(h, e->about_place);
	}
	if (e->source[0] != '\0') {
		html_text(h, "; says ");
		html_text(h, e->source);
	}
	if (e->silenced_by[0] != '\0') {
		html_text(h, "; silenced by ");
		html_text(h, e->silenced_by);
	}
	for (size_t i = 0; i < e->uid_count && i < UIDS_MAX; i++) {
		html_text(h, i == 0 ? "; flows " : ", ");
		html_text(h, e->uids[i]);
	}
	if (e->uid_count > UIDS_MAX)
		html_text(h, ", ...");
	html_close(h);
}

static void
put_evidence(struct html *h, const struct report_host *host)
{
	static const char *const heads[] = { "Time", "Level", "Finding", "ATT&CK" };

	html_element(h, "h3", NULL, "Evidence");
	report_html_table(h, heads, 4);
	for (size_t i = 0; i < host->evidence_count; i++) {
		const struct source_evidence *e = host->evidence[i];

		html_open(h, "tr",
			e->silenced_by[0] != '\0' ? "class=\"evidence quiet\""
						  : "class=\"evidence\"");
		html_element(h, "td", "class=\"t\"", report_time(e->ts_ns).text);
		html_open(h, "td", "class=\"t\"");
		report_html_level(h, e->threat);
		html_open(h, "small", NULL);
		html_format(h, "%.2f sure", e->confidence);
		html_close(h);
		html_close(h);
		html_open(h, "td", "class=\"wide\"");
		html_text(h, e->text);
		put_finding_notes(h, e);
		html_close(h);
		html_element(h, "td", "class=\"t\"", e->technique);
		html_close(h);
	}
	report_html_table_end(h);
	report_html_left_out(h, host->evidence_count, host->evidence_total, "findings");
}

static void
put_scan(struct html *h, const struct report_scan *scan)
{
	if (scan == NULL)
		return;
	html_element(h, "h3", NULL, "Attempts without an answer");
	html_open(h, "figure", "class=\"scan\"");
	report_svg_scan(h, scan);
	html_open(h, "figcaption", NULL);
	html_format(h, "%s on %s: %s, of which %s had no answer. %s.",
		report_plural(scan->ports, "port", "ports").text,
		report_plural(scan->targets, "target", "targets").text,
		report_plural(scan->attempts, "attempt", "attempts").text,
		report_count(scan->unanswered).text,
		scan->ports_across ? "Ports are across, targets are down"
				   : "Targets are across, ports are down");
	html_raw(h, "<span class=\"t\"><span class=\"key miss\"></span>no answer</span>"
		    "<span class=\"t\"><span class=\"key hit\"></span>answered</span>");
	html_close(h);
	html_close(h);
}

/* How steady a letter says that the rhythm was (see docs/DETECTORS.md). */
static const char *
letter_class(char letter)
{
	if (letter >= 'a' && letter <= 'i')
		return "strong";
	if (letter >= 'A' && letter <= 'I')
		return "weak";
	return "not";
}

/* Runs of one class share an element. */
static void
put_letters(struct html *h, const char *letters)
{
	char run[LETTERS_MAX + 1];
	size_t length = strnlen(letters, LETTERS_MAX);

	html_open(h, "p", "class=\"letters mono\"");
	for (size_t at = 0; at < length;) {
		size_t n = 0;
		const char *class = letter_class(letters[at]);

		do
			run[n++] = letters[at++];
		while (at < length && (!isalnum((unsigned char)letters[at]) ||
					      letter_class(letters[at]) == class));
		run[n] = '\0';
		html_open_format(h, "span", "class=\"%s\"", class);
		html_text(h, run);
		html_close(h);
	}
	if (letters[length] != '\0')
		html_text(h, "...");
	html_close(h);
}

static void
put_beacons(struct html *h, const struct report_host *host)
{
	if (host->beacon_count == 0)
		return;
	html_element(h, "h3", NULL, "Rhythms");
	html_element(h, "p", "class=\"note\"",
		"How long it was from one conversation to the next, and how often: one high bar is a clock.");
	html_open(h, "div", "class=\"pair\"");
	for (size_t i = 0; i < host->beacon_count; i++) {
		const struct report_beacon *b = &host->beacons[i];

		html_open(h, "figure", "class=\"beacon\"");
		html_open(h, "p", NULL);
		html_element(h, "code", NULL, b->peer);
		html_text(h, " ");
		html_element(h, "code", NULL, b->port);
		html_close(h);
		report_svg_beacon(h, b);
		html_open(h, "figcaption", NULL);
		html_format(h,
			"%s. The middle of the intervals is %s; half of them are within %s of it.%s",
			report_plural(b->talks, "conversation", "conversations").text,
			report_seconds(b->median_s).text, report_percent(b->spread).text,
			b->is_found ? " A finding names it." : "");
		if (b->beyond > 0)
			html_format(h, " %s longer than the picture.",
				report_plural(b->beyond, "interval is", "intervals are").text);
		html_close(h);
		if (b->letters[0] != '\0')
			put_letters(h, b->letters);
		html_close(h);
	}
	html_close(h);
	html_raw(h,
		"<p class=\"note\">Letters, one for each conversation: <span class=\"strong\">steady</span>, "
		"<span class=\"weak\">nearly steady</span>, <span class=\"not\">not steady</span>.</p>");
}

static void
put_peers(struct html *h, const struct report_host *host)
{
	static const char *const heads[] = { "Peer", "Known as", "Place", "#Conversations",
		"#Answered", "#Sent", "#Received" };

	if (host->peer_count == 0)
		return;
	html_element(h, "h3", NULL, "Peers");
	report_html_table(h, heads, 7);
	for (size_t i = 0; i < host->peer_count; i++) {
		const struct report_peer *p = &host->peers[i];

		html_open(h, "tr", "class=\"peer\"");
		html_open(h, "td", NULL);
		html_element(h, "code", NULL, p->address);
		html_close(h);
		report_html_cell(h, p->name);
		html_open(h, "td", NULL);
		html_text(h, p->country);
		if (p->org[0] != '\0')
			html_element(h, "small", NULL, p->org);
		html_close(h);
		report_html_number(h, report_count(p->talks).text);
		report_html_number(h, report_count(p->answered).text);
		report_html_number(h, report_bytes(p->sent).text);
		report_html_number(h, report_bytes(p->received).text);
		html_close(h);
	}
	report_html_table_end(h);
	report_html_left_out(h, host->peer_count, host->peer_total, "peers, by bytes,");
}

static void
put_said(struct html *h, const struct source_entry *e)
{
	html_open(h, "td", "class=\"wide\"");
	for (size_t i = 0; i < e->pair_count && i < PAIRS_MAX; i++) {
		html_open(h, "small", NULL);
		html_text(h, e->pairs[i].label);
		html_text(h, ": ");
		html_text(h, e->pairs[i].value);
		html_close(h);
	}
	if (e->warning[0] != '\0')
		html_element(h, "span", "class=\"medium\"", e->warning);
	html_text(h, e->warning[0] != '\0' && e->critical[0] != '\0' ? " " : "");
	if (e->critical[0] != '\0')
		html_element(h, "span", "class=\"high\"", e->critical);
	html_close(h);
}

static const char *
state_text(const struct source_entry *e)
{
	if (!e->has_state)
		return "";
	return e->established ? "established" : "no answer";
}

static void
put_timeline(struct html *h, const struct report *r, const struct report_host *host)
{
	static const char *const heads[] = { "Time", "Service", "Peer", "Port", "#Sent",
		"#Received", "State", "What was said" };

	if (host->entry_count == 0)
		return;
	html_element(h, "h3", NULL, "Timeline");
	report_html_table(h, heads, 8);
	for (size_t i = 0; i < host->entry_count; i++) {
		const struct source_entry *e = &host->entries[i];

		html_open(h, "tr", "class=\"entry\"");
		html_element(h, "td", "class=\"t\"", report_clock(e->ts_ns, r->has_days).text);
		report_html_cell(h, e->service);
		html_open(h, "td", NULL);
		html_text(h, e->is_from ? "from " : "");
		html_element(h, "code", NULL, e->peer);
		if (e->names[0] != '\0')
			html_element(h, "small", NULL, e->names);
		html_close(h);
		html_element(h, "td", "class=\"t\"", e->port);
		report_html_number(h, e->has_sizes ? report_bytes(e->sent).text : "");
		report_html_number(h, e->has_sizes ? report_bytes(e->received).text : "");
		html_element(h, "td", "class=\"t\"", state_text(e));
		put_said(h, e);
		html_close(h);
	}
	report_html_table_end(h);
	if (host->entry_count == host->entry_total)
		return;
	html_open(h, "p", "class=\"note left-out\"");
	html_format(h,
		"Entries %s to %s of %s, around the strongest finding; the others are left out.",
		report_count(host->entry_from + 1).text,
		report_count(host->entry_from + host->entry_count).text,
		report_count(host->entry_total).text);
	html_close(h);
}

void
report_html_host(struct html *h, const struct report *r, size_t number)
{
	const struct report_host *host = &r->hosts[number];

	html_open_format(h, "section", "class=\"host\" id=\"host-%zu\"", number + 1);
	html_open(h, "h2", NULL);
	html_text(h, "Host ");
	html_element(h, "code", NULL, host->profile->host);
	if (host->profile->infected) {
		html_text(h, " ");
		html_element(h, "span", "class=\"chip solid\"", "infected");
	}
	html_close(h);
	put_facts(h, host);
	put_traffic(h, host);
	put_evidence(h, host);
	put_scan(h, host->scan);
	put_beacons(h, host);
	put_peers(h, host);
	put_timeline(h, r, host);
	html_close(h);
}
