#include "ctl/report/report_parts.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PORT_TEXT_MAX = 32, ASK_MOST = 5000 };

/* "443/TCP", "443" and "tcp": as the report has it, "443/tcp". */
static const char *
port_text(struct arena *m, const char *port, const char *proto)
{
	char text[PORT_TEXT_MAX];

	if (proto[0] == '\0')
		(void)snprintf(text, sizeof(text), "%s", port);
	else
		(void)snprintf(text, sizeof(text), "%s/%s", port, proto);
	for (char *at = text; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	return report_keep(m, text);
}

/* What has no connections (ICMP, IGMP) counts as established from its first packet on, though nobody answered it. */
static bool
is_answered(const struct source_flow *f)
{
	bool is_counted = f->orig_packets + f->resp_packets > 0; /* not of every log */

	return f->established && (f->resp_packets > 0 || !is_counted);
}

static struct report_talk
talk_of_flow(const struct source_flow *f, const char *host, struct arena *m)
{
	bool is_from = strcmp(f->resp, host) == 0 && strcmp(f->orig, host) != 0;

	return (struct report_talk){
		.start_ns = f->start_ns,
		.peer = is_from ? f->orig : f->resp,
		.port = port_text(m, f->resp_port, f->proto),
		.sent = is_from ? f->resp_bytes : f->orig_bytes,
		.received = is_from ? f->orig_bytes : f->resp_bytes,
		.is_from = is_from,
		.answered = is_answered(f),
	};
}

static struct report_talk
talk_of_entry(const struct source_entry *e, struct arena *m)
{
	uint64_t back = e->is_from ? e->sent : e->received;

	return (struct report_talk){
		.start_ns = e->ts_ns,
		.peer = e->peer,
		.port = port_text(m, e->port, ""),
		.sent = e->sent,
		.received = e->received,
		.is_from = e->is_from,
		.answered = e->has_state ? e->established : back > 0 || !e->has_sizes,
	};
}

static void
add(struct report_list *l, struct report_talk talk)
{
	struct report_talk *row = report_list_add(l);

	if (row != NULL)
		*row = talk;
}

static void
read_flows(struct source *s, const struct source_window_id *w, struct report_list *l)
{
	const struct source_flow *rows = NULL;
	size_t count = source_flows(s, w, NULL, 0, REPORT_TALKS_MAX - l->count, l->memory, &rows);

	for (size_t i = 0; i < count; i++)
		add(l, talk_of_flow(&rows[i], w->host, l->memory));
}

static void
read_entries(struct source *s, const struct source_window_id *w, struct report_list *l)
{
	size_t from = 0;
	size_t count = 0;

	do {
		size_t room = REPORT_TALKS_MAX - l->count;
		const struct source_entry *rows = NULL;

		count = source_entries(
			s, w, from, room < ASK_MOST ? room : ASK_MOST, l->memory, &rows);
		for (size_t i = 0; i < count; i++)
			add(l, talk_of_entry(&rows[i], l->memory));
		from += count;
	} while (count > 0 && l->count < REPORT_TALKS_MAX);
}

static int
by_time(const void *a, const void *b)
{
	const struct report_talk *one = a;
	const struct report_talk *other = b;

	if (one->start_ns != other->start_ns)
		return one->start_ns < other->start_ns ? -1 : 1;
	return strcmp(one->peer, other->peer);
}

void
report_talks_read(struct source *s, const struct source_profile *p, bool has_flows,
	struct arena *memory, struct report_talks *ret)
{
	struct report_list l = { .memory = memory, .row_size = sizeof(struct report_talk) };
	size_t total = 0;

	for (size_t w = 0; w < p->window_count; w++) {
		const struct source_window_id *id = &p->windows[w].id;

		total += has_flows ? p->windows[w].flows : source_entry_count(s, id);
		if (l.count >= REPORT_TALKS_MAX)
			continue;
		if (has_flows)
			read_flows(s, id, &l);
		else
			read_entries(s, id, &l);
	}
	if (l.count > 0)
		qsort(l.rows, l.count, sizeof(struct report_talk), by_time);
	*ret = (struct report_talks){
		.rows = l.rows,
		.count = l.count,
		.total = total > l.count ? total : l.count,
	};
}
