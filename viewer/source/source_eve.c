#include "viewer/source/source_eve.h"

#include "daemon/base/text_safe.h"
#include "viewer/source/source_json.h"
#include "viewer/source/source_text.h"

#include <string.h>

/* EVE has text of the wire as it was; a store has it safe, and both are to look alike. */
static const char *
safe(const json_t *object, const char *key, struct arena *m)
{
	const char *raw = source_json_text(object, key, m);
	size_t size = 4 * strlen(raw) + 4; /* each byte as \xHH, "..." and the NUL */
	char *room = arena_alloc(m, size);

	return room != NULL ? text_safe_in(room, size, raw) : "";
}

/* The one value of a list in the metadata. */
static const char *
said(const json_t *metadata, const char *key, struct arena *m)
{
	return source_json_value(json_array_get(json_object_get(metadata, key), 0), m);
}

static bool
is_kind(const json_t *own, const char *kind)
{
	const char *is = json_string_value(json_object_get(own, "kind"));

	return is != NULL && strcmp(is, kind) == 0;
}

static struct source_window_id
window_of(const json_t *own, struct arena *m)
{
	return (struct source_window_id){
		.host = source_json_text(own, "profile", m),
		.number = source_json_integer(json_object_get(own, "window"), "number"),
	};
}

/* "NL, AS64496 Example BV" */
static const char *
place_of(const json_t *about, struct arena *m)
{
	const char *country = source_json_text(about, "country", m);
	const char *asn = source_json_text(about, "asn", m);
	const char *org = safe(about, "as_org", m);

	return source_text_format(m, "%s%s%s%s%s%s", country,
		*country != '\0' && (*asn != '\0' || *org != '\0') ? ", " : "",
		*asn != '\0' ? "AS" : "", asn, *asn != '\0' && *org != '\0' ? " " : "", org);
}

/* "23/TCP"; of ICMP the type */
static const char *
port_of(const json_t *eve, struct arena *m)
{
	const char *port =
		source_json_text_of(eve, m, "dest_port", "icmp_type", (const char *)NULL);
	const char *proto = source_json_text(eve, "proto", m);

	if (strcmp(proto, "IPv6-ICMP") == 0)
		proto = "ICMP";
	return *port == '\0' ? "" : source_text_format(m, "%s/%s", port, proto);
}

bool
source_eve_evidence(const json_t *eve, struct arena *m, struct source_evidence *ret)
{
	const json_t *own = json_object_get(eve, "naiad");
	const json_t *alert = json_object_get(eve, "alert");
	const json_t *more = json_object_get(alert, "metadata");

	if (!is_kind(own, "evidence"))
		return false;
	*ret = (struct source_evidence){
		.id = source_json_text(own, "id", m),
		.window = window_of(own, m),
		.ts_ns = source_json_time(json_object_get(eve, "timestamp")),
		.kind = source_json_text(own, "type", m),
		.title = source_json_text(alert, "signature", m),
		.threat = source_json_text(own, "threat_level", m),
		.confidence = source_json_number(own, "confidence", 0),
		.text = safe(own, "text", m),
		.about_place = place_of(json_object_get(own, "about"), m),
		.port = port_of(eve, m),
		.technique = source_json_text(json_object_get(own, "attack"), "technique", m),
		.detector = source_json_text(own, "detector", m),
		.role = source_json_text(own, "role", m),
		.source = safe(own, "source", m),
		.twin = said(more, "related_evidence_id", m),
		.silenced_by = source_json_text(json_object_get(own, "silenced_by"), "rule", m),
		.observed = source_json_count(own, "observed"),
		.threshold = source_json_count(own, "threshold"),
		.unit = said(more, "unit", m),
		.counted = json_is_true(json_object_get(own, "counted")),
		.decisive = json_is_true(json_object_get(own, "decisive")),
		.sum = source_json_number(own, "sum", -1),
	};
	ret->about =
		source_json_text(eve, strcmp(ret->role, "attacker") == 0 ? "dest_ip" : "src_ip", m);
	ret->uid_count = source_json_texts(json_object_get(more, "uids"), m, &ret->uids);
	return true;
}

bool
source_eve_alert(const json_t *eve, struct arena *m, struct source_alert *ret)
{
	const json_t *own = json_object_get(eve, "naiad");
	const json_t *more = json_object_get(json_object_get(eve, "alert"), "metadata");

	if (!is_kind(own, "alert"))
		return false;
	*ret = (struct source_alert){
		.id = source_json_text(own, "id", m),
		.window = window_of(own, m),
		.ts_ns = source_json_time(json_object_get(eve, "timestamp")),
		.sum = source_json_number(own, "sum", 0),
		.threshold = source_json_number(own, "threshold", 0),
		.decisive = json_is_true(json_object_get(own, "decisive")),
		.reason = safe(own, "reason", m),
		.strongest = source_json_text(own, "strongest", m),
		.highest = source_json_text(own, "highest_threat_level", m),
		.evidence_total = source_json_count(own, "evidence_count"),
	};
	ret->evidence_count =
		source_json_texts(json_object_get(more, "evidence_id"), m, &ret->evidence);
	return true;
}
