#include "daemon/loop/feed_tell.h"

#include "daemon/base/log.h"
#include "daemon/base/text_safe.h"
#include "exporters/exporter.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_ROOM = 1024, PATH_SHOWN = 300, KIB = 1024 };

#define LISTS(label_, member_)                                                 \
	METRIC_ROW("intelligence_lists", METRIC_GAUGE, "state=\"" label_ "\"", \
		struct feed_numbers, member_,                                  \
		"Lists: read as they are now, refused and kept as they were, refused without anything to keep.")
#define INDICATORS(label_, type_)                                                  \
	METRIC_ROW("intelligence_indicators", METRIC_GAUGE, "type=\"" label_ "\"", \
		struct feed_numbers, types[type_],                                 \
		"Indicators of all lists; those of lists that were refused and are kept as they were stand under kept, but for addresses and networks.")
#define REFUSED(label_, reason_)                                                   \
	METRIC_ROW("feeds_refused_total", METRIC_COUNTER, "reason=\"" label_ "\"", \
		struct feed_numbers, refused[reason_],                             \
		"Times that a list was refused as a whole; what it said before stays.")

const struct metric feed_metric_rows[] = {
	LISTS("loaded", loaded),
	LISTS("kept", kept),
	LISTS("missing", missing),
	INDICATORS("network", INTEL_NETWORK),
	INDICATORS("name", INTEL_NAME),
	INDICATORS("asn", INTEL_ASN),
	INDICATORS("digest", INTEL_DIGEST),
	INDICATORS("kept", INTEL_HASH),
	METRIC_ROW("intelligence_bytes", METRIC_GAUGE, NULL, struct feed_numbers, bytes,
		"Memory that the lists take."),
	METRIC_ROW_IN(METRIC_NS, "intelligence_loaded_timestamp_seconds", METRIC_GAUGE, NULL,
		struct feed_numbers, loaded_ns,
		"When the lists were last read; 0: there are none."),
	METRIC_ROW("intelligence_failed_total", METRIC_COUNTER, NULL, struct feed_numbers, failed,
		"Readings of lists of which nothing was taken: all stays as it was."),
	REFUSED("binary", FEED_BINARY),
	REFUSED("line-too-long", FEED_LINE_TOO_LONG),
	REFUSED("unreadable", FEED_UNREADABLE),
	REFUSED("too-broad", FEED_TOO_BROAD),
	REFUSED("ours", FEED_OURS),
	REFUSED("empty", FEED_EMPTY),
	REFUSED("shrunk", FEED_SHRUNK),
	REFUSED("too-large", FEED_TOO_LARGE),
	REFUSED("changed", FEED_CHANGED),
	REFUSED("unopened", FEED_UNOPENED),
	METRIC_END,
};

void
feed_tell_found(const struct intelligence_settings *s, const struct feed_lists *lists)
{
	if (lists->nameless > 0)
		log_warnx("intelligence",
			"%zu of intelligence.feeds name no file and are passed over: give each a path",
			lists->nameless);
	if (lists->error != 0)
		log_warnx("intelligence",
			"cannot read the directory %s: %s; there are no lists of it: let service.user read it",
			s->directory, strerror(lists->error));
	if (lists->left_out > 0)
		log_warnx("intelligence",
			"%zu files of %s are left out: a directory has %d lists at most",
			lists->left_out, s->directory, FEED_LISTS_OF_DIRECTORY_MAX);
}

static void
tell_refused(const struct feed_list *list, const struct feed_report *r)
{
	char room[LINE_ROOM];
	struct strbuf b;

	strbuf_init(&b, room, sizeof(room));
	text_safe(&b, list->name, PATH_SHOWN);
	if (r->line > 0)
		strbuf_printf(&b, ", line %" PRIu64, r->line);
	strbuf_printf(&b, ": %s", feed_refusal_text(r->refusal));
	if (r->error != 0 && r->refusal == FEED_UNOPENED)
		strbuf_printf(&b, " (%s)", strerror(r->error));
	if (r->is_kept)
		strbuf_printf(&b, "; what it said before stays: %" PRIu64 " indicators", r->count);
	else
		strbuf_text(&b, "; it is not used until it is mended");
	log_warnx("intelligence", "%s", b.text);
}

void
feed_tell(const struct feed_lists *lists, const struct feed_report *reports,
	const struct intel *intel)
{
	for (size_t i = 0; i < lists->count; i++)
		if (reports[i].refusal != FEED_ACCEPTED)
			tell_refused(&lists->lists[i], &reports[i]);
	log_info("intelligence", "%" PRIu64 " indicators of %zu lists, in %" PRIu64 " KiB",
		intel_count(intel), lists->count, intel_bytes(intel) / KIB);
}

struct run_list *
feed_run_lists(const struct feed_lists *lists, const struct feed_report *reports)
{
	struct run_list *told = calloc(lists->count + 1, sizeof(*told));

	for (size_t i = 0; told != NULL && i < lists->count; i++) {
		const struct feed_report *r = &reports[i];

		told[i] = (struct run_list){
			.file = lists->lists[i].name,
			.kind = intelligence_kinds[lists->lists[i].category],
			.indicators = r->count,
			.refused =
				r->refusal == FEED_ACCEPTED ? NULL : feed_refusal_word(r->refusal),
			.line = r->line,
		};
	}
	return told;
}

void
feed_tell_failed(uint64_t most_bytes)
{
	log_warnx("intelligence",
		"the lists, with what stays of those that are refused, need more than %" PRIu64
		" KiB, or no memory is left: all of them stay as they were; raise intelligence.memory",
		most_bytes / KIB);
}

void
feed_count(struct feed_numbers *n, const struct feed_lists *lists,
	const struct feed_report *reports, const struct intel *intel)
{
	n->loaded = n->kept = n->missing = 0;
	memset(n->types, 0, sizeof(n->types));
	for (size_t i = 0; i < lists->count; i++) {
		const struct feed_report *r = &reports[i];

		for (size_t t = 0; t < INTEL_TYPE_COUNT; t++)
			n->types[t] += r->types[t];
		n->loaded += r->refusal == FEED_ACCEPTED;
		n->kept += r->is_kept;
		n->missing += r->refusal != FEED_ACCEPTED && !r->is_kept;
		n->refused[r->refusal] += r->refusal != FEED_ACCEPTED;
	}
	n->bytes = intel_bytes(intel);
}
