#include "ctl/case_live.h"

#include "ctl/case_alert.h"
#include "viewer/source/source_eve.h"
#include "viewer/source/source_json.h"
#include "viewer/source/source_sum.h"
#include "viewer/source/source_text.h"

/* Room for all of a list in an answer. returns how many there may be; 0 without memory */
static size_t
list_of(const json_t *data, const char *key, size_t size, struct arena *memory, void **ret)
{
	size_t count = json_array_size(json_object_get(data, key));

	*ret = count == 0 ? NULL : arena_alloc(memory, count * size);
	return *ret == NULL ? 0 : count;
}

static const json_t *
event_at(const json_t *data, size_t i)
{
	return json_array_get(json_object_get(data, "events"), i);
}

size_t
case_live_evidence(const json_t *data, struct arena *memory, const struct source_evidence **ret)
{
	void *room = NULL;
	size_t count = list_of(data, "events", sizeof(**ret), memory, &room);
	struct source_evidence *rows = room;
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		kept += source_eve_evidence(event_at(data, i), memory, &rows[kept]) ? 1 : 0;
	*ret = rows;
	return kept;
}

/* Of one that is gone nobody knows what it added, nor what the next one did: then there are no steps. */
static bool
is_whole(const struct source_alert *a, const struct source_evidence *rows, size_t count)
{
	for (size_t i = 0; i < a->evidence_count; i++)
		if (source_evidence_find(rows, count, a->evidence[i]) == NULL)
			return false;
	return true;
}

size_t
case_live_alerts(const json_t *data, const struct source_evidence *rows, size_t count,
	struct arena *memory, const struct case_alert **ret)
{
	void *room = NULL;
	size_t most = list_of(data, "events", sizeof(**ret), memory, &room);
	struct case_alert *alerts = room;
	size_t kept = 0;

	for (size_t i = 0; i < most; i++) {
		struct source_alert a;

		if (!source_eve_alert(event_at(data, i), memory, &a))
			continue;
		alerts[kept++] = is_whole(&a, rows, count)
					 ? case_alert_make(&a, rows, count, memory)
					 : (struct case_alert){ .alert = a };
	}
	*ret = alerts;
	return kept;
}

/* A member of each in a list, with ", " between them. */
static const char *
joined(const json_t *list, const char *key, struct arena *memory)
{
	struct source_line line = { .length = 0 };
	size_t index = 0;
	const json_t *one = NULL;

	json_array_foreach(list, index, one)
	{
		source_line_add(&line, source_json_text(one, key, memory));
	}
	return source_line_done(&line, memory);
}

size_t
case_live_devices(const json_t *data, struct arena *memory, const struct source_device **ret)
{
	void *room = NULL;
	size_t count = list_of(data, "devices", sizeof(**ret), memory, &room);
	struct source_device *rows = room;

	for (size_t i = 0; i < count; i++) {
		const json_t *d = json_array_get(json_object_get(data, "devices"), i);

		rows[i] = (struct source_device){
			.mac = source_json_text(d, "mac", memory),
			.vendor = source_json_text(d, "vendor", memory),
			.is_router = json_is_true(json_object_get(d, "router")),
			.first_ns = source_json_time(json_object_get(d, "first_seen")),
			.last_ns = source_json_time(json_object_get(d, "last_seen")),
			.addresses = joined(json_object_get(d, "addresses"), "address", memory),
			.names = joined(json_object_get(d, "names"), "name", memory),
		};
	}
	*ret = rows;
	return count;
}
