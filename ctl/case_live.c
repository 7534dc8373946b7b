#include "ctl/case_live.h"

#include "viewer/source/source_json.h"

#include <stdio.h>
#include <string.h>

/* A text of the other party: of an attacker whom it called, of a victim who called. */
static const char *
about(const json_t *event, const char *host, struct arena *m)
{
	const char *from = source_json_text(event, "src_ip", m);
	const char *to = source_json_text(event, "dest_ip", m);

	return strcmp(from, host) == 0 ? to : from;
}

static const char *
port(const json_t *event, struct arena *m)
{
	const char *number = source_json_text(event, "dest_port", m);
	char text[64];

	if (number[0] == '\0')
		return "";
	int length = snprintf(
		text, sizeof(text), "%.16s/%.16s", number, source_json_text(event, "proto", m));
	const char *kept = arena_string(m, text, (size_t)length);
	return kept == NULL ? "" : kept;
}

/* Members of EVE's metadata are lists of texts. */
static const char *
of_metadata(const json_t *metadata, const char *key, struct arena *m)
{
	return source_json_value(json_array_get(json_object_get(metadata, key), 0), m);
}

static struct source_evidence
evidence_of(const json_t *event, struct arena *m)
{
	const json_t *own = json_object_get(event, "naiad");
	const json_t *alert = json_object_get(event, "alert");
	const json_t *metadata = json_object_get(alert, "metadata");
	struct source_evidence e = {
		.id = source_json_text(own, "id", m),
		.window = { source_json_text(own, "profile", m),
			source_json_integer(json_object_get(own, "window"), "number") },
		.ts_ns = source_json_time(json_object_get(event, "timestamp")),
		.kind = source_json_text(own, "type", m),
		.title = source_json_text(alert, "signature", m),
		.threat = source_json_text(own, "threat_level", m),
		.confidence = source_json_number(own, "confidence", 0),
		.text = source_json_text(own, "text", m),
		.about_place = "",
		.port = port(event, m),
		.technique = source_json_text(json_object_get(own, "attack"), "technique", m),
		.detector = source_json_text(own, "detector", m),
		.role = source_json_text(own, "role", m),
		.source = source_json_text(own, "source", m),
		.twin = "",
		.silenced_by = source_json_text(json_object_get(own, "silenced_by"), "rule", m),
		.observed = source_json_count(own, "observed"),
		.threshold = source_json_count(own, "threshold"),
		.unit = of_metadata(metadata, "unit", m),
		.counted = json_is_true(json_object_get(own, "counted")),
		.decisive = json_is_true(json_object_get(own, "decisive")),
		.sum = source_json_number(own, "sum", -1),
	};
	e.about = about(event, e.window.host, m);
	e.uid_count = source_json_texts(json_object_get(metadata, "uids"), m, &e.uids);
	return e;
}

size_t
case_live_evidence(const json_t *data, struct arena *memory, const struct source_evidence **ret)
{
	const json_t *events = json_object_get(data, "events");
	size_t count = json_array_size(events);
	struct source_evidence *rows =
		count == 0 ? NULL : arena_alloc(memory, count * sizeof(*rows));

	*ret = rows;
	if (rows == NULL)
		return 0;
	for (size_t i = 0; i < count; i++)
		rows[i] = evidence_of(json_array_get(events, i), memory);
	return count;
}
