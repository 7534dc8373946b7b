#include "daemon/loop/control/control_status.h"

#include "daemon/base/time_text.h"

static void
key_time(struct json *j, const char *key, uint64_t ns)
{
	char memory[40];
	struct strbuf b;

	strbuf_init(&b, memory, sizeof(memory));
	if (ns > 0)
		time_text_iso(&b, ns, "Z");
	json_key_text(j, key, ns > 0 ? memory : NULL);
}

static void
interfaces_write(const struct control_sensor *s, struct json *j)
{
	struct control_interface all[CONTROL_INTERFACES_MAX];
	size_t count = s->interfaces(s->context, all, CONTROL_INTERFACES_MAX);

	json_array_begin(j);
	for (size_t i = 0; i < count; i++) {
		const struct control_interface *n = &all[i];

		json_object_begin(j);
		json_key_text(j, "name", n->name);
		json_key_text(j, "role", n->role);
		json_key_text(j, "state", n->state);
		json_key_u64(j, "offered", n->offered);
		json_key_u64(j, "analysed", n->analysed);
		json_key_u64(j, "filtered", n->filtered);
		json_key_u64(j, "dropped_kernel", n->dropped_kernel);
		json_key_u64(j, "dropped_interface", n->dropped_interface);
		json_key_u64(j, "dropped_here", n->dropped_here);
		key_time(j, "last_packet", n->last_packet_ns);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
inputs_write(const struct control_sensor *s, struct json *j)
{
	struct control_input all[CONTROL_INPUTS_MAX];
	size_t count = s->inputs(s->context, all, CONTROL_INPUTS_MAX);

	json_array_begin(j);
	for (size_t i = 0; i < count; i++) {
		json_object_begin(j);
		json_key_text(j, "name", all[i].name);
		json_key_text(j, "type", all[i].type);
		json_key_text(j, "state", all[i].state);
		json_key_u64(j, "told", all[i].told);
		json_key_u64(j, "bad", all[i].bad);
		json_key_u64(j, "dropped", all[i].dropped);
		json_key_u64(j, "lag_s", all[i].lag_ns / NS_PER_S);
		key_time(j, "last", all[i].last_ns);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
outputs_write(const struct control_sensor *s, struct json *j)
{
	struct control_output all[CONTROL_OUTPUTS_MAX];
	size_t count = s->outputs(s->context, all, CONTROL_OUTPUTS_MAX);

	json_array_begin(j);
	for (size_t i = 0; i < count; i++) {
		json_object_begin(j);
		json_key_text(j, "name", all[i].name);
		json_key_u64(j, "written", all[i].written);
		json_key_u64(j, "queued", all[i].queued);
		json_key_u64(j, "dropped", all[i].dropped);
		json_key_u64(j, "forgotten", all[i].forgotten);
		json_key_u64(j, "left_out", all[i].left_out);
		key_time(j, "last_success", all[i].last_success_ns);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
engine_write_totals(const struct engine_stats *e, struct json *j)
{
	json_object_begin(j);
	json_key_u64(j, "packets", e->packets);
	json_key_u64(j, "bytes", e->bytes);
	json_key_u64(j, "flows_active", e->flows_active);
	json_key_u64(j, "flows_started", e->flows_started);
	json_key_u64(j, "flows_evicted", e->flows_evicted);
	json_key_u64(j, "profiles_active", e->profiles_active);
	json_key_u64(j, "profiles_evicted", e->profiles_evicted);
	json_key_u64(j, "windows_open", e->windows_open);
	json_key_u64(j, "windows_opened", e->windows_opened);
	json_key_u64(j, "windows_refused", e->windows_refused);
	json_key_u64(j, "windows_truncated", e->windows_truncated);
	json_key_u64(j, "observations_late", e->observations_late);
	json_key_u64(j, "evidence", e->evidence);
	json_key_u64(j, "evidence_suppressed", e->evidence_suppressed);
	json_key_u64(j, "evidence_lost", e->evidence_lost);
	json_key_u64(j, "alerts", e->alerts);
	json_key(j, "whitelist_hits");
	json_object_begin(j);
	for (unsigned i = 0; i < WHITELIST_EFFECT_COUNT; i++)
		json_key_u64(j, whitelist_effects[i], e->whitelist_hits[i]);
	json_object_end(j);
	json_key_u64(j, "clock_jumps", e->clock_jumps);
	key_time(j, "last_packet", e->last_ns);
	json_object_end(j);
}

static void
memory_write(const struct control_status *s, struct json *j)
{
	json_object_begin(j);
	json_key_u64(j, "limit", s->memory_limit_bytes);
	json_key_u64(j, "resident", s->memory_resident_bytes);
	json_key(j, "areas");
	json_array_begin(j);
	for (const struct engine_area *a = s->areas; a != NULL && a->name != NULL; a++) {
		json_object_begin(j);
		json_key_text(j, "name", a->name);
		json_key_u64(j, "bytes", a->bytes);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}

void
control_status_reload_write(const struct control_reload *r, struct json *j)
{
	json_object_begin(j);
	key_time(j, "at", r->at_ns);
	json_key_bool(j, "ok", r->ok);
	json_key_text(j, "changed", r->changed);
	json_key_text(j, "needs_restart", r->waiting);
	json_key_text(j, "error", r->error);
	json_object_end(j);
}

void
control_status_write(const struct control_sensor *s, struct json *j)
{
	struct control_status status;

	s->status(s->context, &status);
	json_object_begin(j);
	json_key_text(j, "version", status.version);
	json_key_text(j, "sensor", status.sensor);
	json_key_text(j, "settings", status.settings);
	json_key_text(j, "store", status.store);
	json_key_u64(j, "pid", status.pid);
	json_key_text(j, "log_level", log_level_name(log_level_get()));
	key_time(j, "now", status.now_ns);
	key_time(j, "started", status.started_ns);
	json_key_u64(j, "uptime_s", status.uptime_ns / NS_PER_S);
	json_key(j, "interfaces");
	interfaces_write(s, j);
	json_key(j, "inputs");
	inputs_write(s, j);
	json_key(j, "engine");
	engine_write_totals(&status.engine, j);
	json_key(j, "memory");
	memory_write(&status, j);
	json_key(j, "outputs");
	outputs_write(s, j);
	json_key(j, "reload");
	if (status.reload.at_ns > 0)
		control_status_reload_write(&status.reload, j);
	else
		json_text(j, NULL);
	json_object_end(j);
}
