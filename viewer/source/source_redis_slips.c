/*
 * Evidence as Slips wrote it, over the years: {"KEY": VALUE}, where the key was what it is about and the value a list, then
 * a text of JSON; then the key an id and members had other names, from 1.0.1 on and again from 1.1 on.
 */
#include "viewer/source/source_json.h"
#include "viewer/source/source_redis_part.h"
#include "viewer/source/source_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Threat was a number before it had a name; both were used side by side. */
static const char *
threat_of(const json_t *object, struct arena *m)
{
	static const char *const names[] = { "info", "low", "medium", "high", "critical" };
	static const double least[] = { 0, 0.2, 0.5, 0.8, 1 };
	const char *text = source_json_text(object, "threat_level", m);
	char *end = NULL;
	double value = strtod(text, &end);
	const char *name = names[0];

	if (*text == '\0' || *end != '\0') {
		char *lower = arena_string(m, text, strlen(text));
		for (char *c = lower; c != NULL && *c != '\0'; c++)
			*c = (char)tolower((unsigned char)*c);
		return lower != NULL ? lower : "";
	}
	for (size_t i = 0; i < sizeof(least) / sizeof(least[0]); i++)
		name = value >= least[i] ? names[i] : name;
	return name;
}

/* A text, or since 1.1 an object with its `value`. */
static const char *
value_of(const json_t *object, const char *key, struct arena *m)
{
	const json_t *value = json_object_get(object, key);

	return json_is_object(value) ? source_json_text(value, "value", m)
				     : source_json_value(value, m);
}

static const char *
about_of(const json_t *object, const char *host, struct arena *m)
{
	static const char *const keys[] = { "detection_info", "attacker", "victim" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *text = value_of(object, keys[i], m);
		/* Of a scan it is the port, which has a place of its own. */
		if (strpbrk(text, ".:") != NULL && strcmp(text, host) != 0)
			return text;
	}
	return "";
}

static const char *
port_of(const json_t *object, struct arena *m)
{
	const char *about = source_json_text_of(
		object, m, "type_detection", "attacker_direction", (const char *)NULL);
	const char *port = source_json_text_of(object, m, "port", "dst_port", (const char *)NULL);
	const char *proto = source_json_text(object, "proto", m);

	if (*port == '\0' && strcmp(about, "dport") == 0)
		port = source_json_text_of(
			object, m, "detection_info", "attacker", (const char *)NULL);
	if (*port == '\0' || *proto == '\0')
		return port;
	char *loud = arena_string(m, proto, strlen(proto));
	for (char *c = loud; c != NULL && *c != '\0'; c++)
		*c = (char)toupper((unsigned char)*c);
	return source_text_format(m, "%s/%s", port, loud != NULL ? loud : proto);
}

static struct source_evidence
empty(const struct source_window_id *w)
{
	return (struct source_evidence){
		.id = "",
		.window = *w,
		.kind = "",
		.title = "",
		.threat = "",
		.text = "",
		.about = "",
		.about_place = "",
		.port = "",
		.technique = "",
		.detector = "",
		.role = "",
		.source = "",
		.twin = "",
		.silenced_by = "",
		.unit = "",
		.counted = true,
		.sum = -1,
	};
}

static void
from_object(const char *key, const json_t *o, struct arena *m, struct source_evidence *e)
{
	const char *id = source_json_text_of(o, m, "ID", "id", (const char *)NULL);
	const json_t *uids = json_object_get(o, "uid");

	e->id = *id != '\0' ? id : key;
	e->kind = source_json_text_of(o, m, "type_evidence", "evidence_type", (const char *)NULL);
	e->title = source_json_text(o, "category", m);
	e->threat = threat_of(o, m);
	e->confidence = source_json_number(o, "confidence", 0);
	e->text = source_json_text(o, "description", m);
	e->about = about_of(o, e->window.host, m);
	e->port = port_of(o, m);
	e->ts_ns = source_json_time(json_object_get(o, "stime"));
	if (e->ts_ns == 0)
		e->ts_ns = source_json_time(json_object_get(o, "timestamp"));
	e->uid_count = source_json_texts(uids, m, &e->uids);
}

/* "dport:23:PortScanType2": [1.0, "high", "New horizontal port scan ..."] */
static void
from_list(const char *key, const json_t *list, struct arena *m, struct source_evidence *e)
{
	const char *kind = strrchr(key, ':');
	const char *about = strchr(key, ':');

	e->id = key;
	e->kind = kind != NULL ? kind + 1 : key;
	if (about != NULL && about < kind) {
		about = source_text(m, about + 1, (size_t)(kind - about - 1));
		if (strncmp(key, "dport:", strlen("dport:")) == 0)
			e->port = about;
		else /* an address, or a tuple that begins with one */
			e->about = source_text(m, about, strcspn(about, "-"));
	}
	e->confidence = json_number_value(json_array_get(list, 0));
	e->threat = source_json_value(json_array_get(list, 1), m);
	e->text = source_json_value(json_array_get(list, json_array_size(list) - 1), m);
}

void
source_redis_slips_evidence(const struct source_window_id *w, const char *key, const json_t *value,
	struct source_rows_of *rows)
{
	const char *text = json_string_value(value);
	json_t *inner = text != NULL ? source_json_read(text, json_string_length(value)) : NULL;
	const json_t *of = inner != NULL ? inner : value;
	struct source_evidence *e = source_row_add(rows);

	if (e != NULL) {
		*e = empty(w);
		key = source_text_copy(rows->memory, key);
		e->id = key;
		e->kind = key;
		if (json_is_object(of))
			from_object(key, of, rows->memory, e);
		else if (json_array_size(of) > 0)
			from_list(key, of, rows->memory, e);
		else
			e->text = source_json_value(of, rows->memory);
	}
	json_decref(inner);
}
