#include "ctl/report/report_parts.h"
#include "viewer/source/source_sum.h"

/* Of what is shown of a timeline: a finding is raised after the conversations that it rests on began. */
enum { ENTRIES_BEFORE = REPORT_ENTRIES_MAX * 2 / 3 };

/* returns the finding that weighs most, of equals the first; NULL: there is none */
static const struct source_evidence *
strongest(const struct report_host *h)
{
	const struct source_evidence *best = NULL;
	double most = -1.0;

	for (size_t i = 0; i < h->evidence_count; i++) {
		const struct source_evidence *e = h->evidence[i];
		double weight =
			e->silenced_by[0] != '\0' ? 0.0 : source_level(e->threat) * e->confidence;

		if (weight > most) {
			best = e;
			most = weight;
		}
	}
	return best;
}

void
report_why_fill(struct report_host *h)
{
	const struct source_evidence *e = strongest(h);

	h->why = h->alert_count > 0 ? h->alerts[0]->reason : e != NULL ? e->text : "";
}

/* returns how many entries of a window began before then */
static size_t
entries_before(struct source *s, const struct source_window_id *id, size_t count, uint64_t ts_ns,
	struct arena *scratch)
{
	size_t low = 0;

	while (low < count) {
		size_t middle = low + (count - low) / 2;
		const struct source_entry *e = NULL;

		if (source_entries(s, id, middle, 1, scratch, &e) == 1 && e->ts_ns < ts_ns)
			low = middle + 1;
		else
			count = middle;
	}
	return low;
}

/* returns the number of the first that is shown, counted over all windows */
static size_t
first_entry(struct report_host *h, struct source *s, struct arena *scratch)
{
	const struct source_evidence *e = strongest(h);
	size_t at = 0;

	for (size_t w = 0; w < h->profile->window_count; w++) {
		const struct source_window_id *id = &h->profile->windows[w].id;
		size_t count = source_entry_count(s, id);

		if (e != NULL && id->number == e->window.number)
			at = h->entry_total + entries_before(s, id, count, e->ts_ns, scratch);
		h->entry_total += count;
	}
	size_t last = h->entry_total > REPORT_ENTRIES_MAX ? h->entry_total - REPORT_ENTRIES_MAX : 0;
	at = at > ENTRIES_BEFORE ? at - ENTRIES_BEFORE : 0;
	return at < last ? at : last;
}

void
report_entries_fill(
	struct report_host *h, struct source *s, struct arena *keep, struct arena *scratch)
{
	struct report_list kept = { .memory = keep, .row_size = sizeof(struct source_entry) };
	size_t skip = first_entry(h, s, scratch);

	h->entry_from = skip;
	for (size_t w = 0; w < h->profile->window_count && kept.count < REPORT_ENTRIES_MAX; w++) {
		const struct source_window_id *id = &h->profile->windows[w].id;
		const struct source_entry *rows = NULL;
		size_t count = source_entry_count(s, id);
		size_t from = skip < count ? skip : count;

		skip -= from;
		count = from == count ? 0
				      : source_entries(s, id, from, REPORT_ENTRIES_MAX - kept.count,
						keep, &rows);
		for (size_t i = 0; i < count; i++) {
			struct source_entry *entry = report_list_add(&kept);

			if (entry != NULL)
				*entry = rows[i];
		}
	}
	h->entries = kept.rows;
	h->entry_count = kept.count;
}
