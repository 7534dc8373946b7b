#include "daemon/loop/control/control_commands.h"

#include "daemon/base/time_text.h"
#include "daemon/config/config_text.h"
#include "daemon/loop/control/control_status.h"
#include "daemon/loop/recent.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum {
	LIMIT_DEFAULT = 50,
	/* Leaves room around the lines: commas, and what else an answer says. */
	LINES_MAX_BYTES = CONTROL_REPLY_MAX - 16 * 1024,
	METRIC_PREFIX_MAX = 128,
	DEVICES_MAX = 256, /* in one turn of the loop, whatever is asked for */
	SHOWN_MAX = 60,
};

static const char *const no_arguments[] = { NULL };

/* Refuse what the command does not know. returns 0, or < 0 */
static int
arguments_check(
	const struct control_request *q, const char *const *known, struct control_reply *reply)
{
	const char *stranger = control_request_stranger(q, known);
	char memory[SHOWN_MAX * 4 + 8];
	struct strbuf quoted;

	if (stranger == NULL)
		return 0;
	strbuf_init(&quoted, memory, sizeof(memory));
	log_quote(&quoted, stranger, strlen(stranger), SHOWN_MAX);
	const char *meant = config_nearest(known, stranger, strlen(stranger));
	if (meant != NULL)
		return control_reply_refuse(reply, "%s has no argument %s, did you mean \"%s\"?",
			q->command, quoted.text, meant);
	return control_reply_refuse(reply, "%s has no argument %s", q->command, quoted.text);
}

static int
not_here(const struct control_request *q, struct control_reply *reply)
{
	return control_reply_refuse(reply, "%s is not there in this sensor", q->command);
}

static int
run_status(void *context, const struct control_request *q, struct control_reply *reply)
{
	const struct control_sensor *s = context;
	int r = arguments_check(q, no_arguments, reply);

	if (r < 0)
		return r;
	control_status_write(s, &reply->json);
	return 0;
}

static int
run_reload(void *context, const struct control_request *q, struct control_reply *reply)
{
	const struct control_sensor *s = context;
	struct control_status status;
	int r = arguments_check(q, no_arguments, reply);

	if (r < 0)
		return r;
	if (s->reload == NULL)
		return not_here(q, reply);
	s->reload(s->context);
	s->status(s->context, &status);
	if (!status.reload.ok)
		return control_reply_refuse(
			reply, "the old settings stay in force: %s", status.reload.error);
	control_status_reload_write(&status.reload, &reply->json);
	return 0;
}

static int
run_reopen(void *context, const struct control_request *q, struct control_reply *reply)
{
	const struct control_sensor *s = context;
	int r = arguments_check(q, no_arguments, reply);

	if (r < 0)
		return r;
	if (s->reopen == NULL)
		return not_here(q, reply);
	r = s->reopen(s->context);
	if (r < 0)
		return control_reply_refuse(reply, "not opened again: %s", strerror(-r));
	return 0;
}

static int
run_log_level(void *context, const struct control_request *q, struct control_reply *reply)
{
	static const char *const known[] = { "level", NULL };
	const struct control_sensor *s = context;
	const char *name = control_request_text(q, "level");
	enum log_level level = log_level_get();
	int r = arguments_check(q, known, reply);

	if (r < 0)
		return r;
	if (control_request_has(q, "level")) {
		if (name == NULL || !log_level_parse(name, &level))
			return control_reply_refuse(
				reply, "a level is one of error, warning, info, debug");
		if (s->log_level_set == NULL)
			return not_here(q, reply);
		s->log_level_set(s->context, level);
	}
	json_object_begin(&reply->json);
	json_key_text(&reply->json, "level", log_level_name(level));
	json_object_end(&reply->json);
	return 0;
}

/* A text argument that is wrong, or no text at all. */
static int
filter_refuse(struct control_reply *reply, const char *name, const char *expected)
{
	return control_reply_refuse(reply, "\"%s\" is %s", name, expected);
}

static int
limit_read(const struct control_request *q, struct control_reply *reply, uint64_t *most)
{
	if (control_request_has(q, "limit") &&
		(!control_request_number(q, "limit", most) || *most == 0))
		return filter_refuse(reply, "limit", "a whole number from 1");
	return 0;
}

static int
filter_read(const struct control_sensor *s, const struct control_request *q,
	struct control_reply *reply, struct recent_filter *ret_filter)
{
	static const char *const known[] = { "host", "type", "level", "since", "limit", NULL };
	const char *host = control_request_text(q, "host");
	const char *level = control_request_text(q, "level");
	const char *since = control_request_text(q, "since");
	struct control_status status;
	uint64_t ago_ns = 0;
	int r = arguments_check(q, known, reply);

	if (r < 0)
		return r;
	ret_filter->by_host = control_request_has(q, "host");
	if (ret_filter->by_host && (host == NULL || !cidr_parse(host, &ret_filter->host)))
		return filter_refuse(reply, "host", "an address or a network: 10.0.0.1, fe80::/10");
	ret_filter->type = control_request_text(q, "type");
	if (control_request_has(q, "type") && ret_filter->type == NULL)
		return filter_refuse(reply, "type", "a name: HORIZONTAL_PORT_SCAN");
	if (control_request_has(q, "level") &&
		(level == NULL || !threat_parse(level, &ret_filter->level)))
		return filter_refuse(reply, "level", "one of info, low, medium, high, critical");
	r = limit_read(q, reply, &ret_filter->most);
	if (r < 0)
		return r;
	if (control_request_has(q, "since")) {
		if (since == NULL || !config_duration_parse(since, strlen(since), &ago_ns))
			return filter_refuse(reply, "since", "how long ago: 15m, 2h, 1d");
		s->status(s->context, &status);
		ret_filter->since_ns = status.now_ns > ago_ns ? status.now_ns - ago_ns : 0;
	}
	return 0;
}

/* Lines that were told, and where they go. */
struct telling {
	struct json *json;
	uint64_t told;
};

static void
tell(void *context, const char *line, size_t length)
{
	struct telling *t = context;

	json_raw(t->json, line, length);
	t->told++;
}

static int
run_recent(const struct control_sensor *s, const struct control_request *q,
	struct control_reply *reply, enum record_kind kind)
{
	struct recent_filter f = {
		.kind = kind,
		.most = LIMIT_DEFAULT,
		.most_bytes = LINES_MAX_BYTES,
	};
	struct telling t = { .json = &reply->json };
	int r = filter_read(s, q, reply, &f);

	if (r < 0)
		return r;
	if (s->recent == NULL)
		return not_here(q, reply);
	json_object_begin(&reply->json);
	json_key(&reply->json, "events");
	json_array_begin(&reply->json);
	uint64_t passed = recent_find(s->recent, &f, tell, &t);
	json_array_end(&reply->json);
	json_key_u64(&reply->json, "earlier", passed - t.told);
	json_object_end(&reply->json);
	return 0;
}

static int
run_evidence(void *context, const struct control_request *q, struct control_reply *reply)
{
	return run_recent(context, q, reply, RECORD_EVIDENCE);
}

static int
run_alerts(void *context, const struct control_request *q, struct control_reply *reply)
{
	return run_recent(context, q, reply, RECORD_ALERT);
}

static void
tell_device(void *context, const char *line, size_t length)
{
	struct telling *t = context;

	if (t->json->out->length + length < LINES_MAX_BYTES)
		tell(t, line, length);
}

static int
run_devices(void *context, const struct control_request *q, struct control_reply *reply)
{
	static const char *const known[] = { "limit", NULL };
	const struct control_sensor *s = context;
	struct telling t = { .json = &reply->json };
	uint64_t most = LIMIT_DEFAULT;
	int r = arguments_check(q, known, reply);

	if (r == 0)
		r = limit_read(q, reply, &most);
	if (r < 0)
		return r;
	if (s->devices == NULL)
		return not_here(q, reply);
	json_object_begin(&reply->json);
	json_key(&reply->json, "devices");
	json_array_begin(&reply->json);
	uint64_t count = s->devices(
		s->context, most < DEVICES_MAX ? (uint32_t)most : DEVICES_MAX, tell_device, &t);
	json_array_end(&reply->json);
	json_key_u64(&reply->json, "more", count - t.told);
	json_object_end(&reply->json);
	return 0;
}

struct metric_taker {
	struct json *json;
	const char *part; /* of names that are wanted; NULL: all */
};

static void
metric_take(void *context, const char *name, const char *label, double value)
{
	const struct metric_taker *t = context;

	if (t->part != NULL && strstr(name, t->part) == NULL)
		return;
	json_object_begin(t->json);
	json_key_text(t->json, "name", name);
	if (label != NULL)
		json_key_text(t->json, "labels", label);
	json_key_double(t->json, "value", value, nearbyint(value) == value ? 0 : 6);
	json_object_end(t->json);
}

static int
run_metrics(void *context, const struct control_request *q, struct control_reply *reply)
{
	static const char *const known[] = { "name", NULL };
	const struct control_sensor *s = context;
	struct metric_taker taker = {
		.json = &reply->json,
		.part = control_request_text(q, "name"),
	};
	int r = arguments_check(q, known, reply);

	if (r < 0)
		return r;
	if (control_request_has(q, "name") && taker.part == NULL)
		return filter_refuse(reply, "name", "a part of a metric's name");
	if (s->metrics == NULL)
		return not_here(q, reply);
	json_array_begin(&reply->json);
	s->metrics(s->context, metric_take, &taker);
	json_array_end(&reply->json);
	return 0;
}

const struct control_command control_commands[] = {
	{ "status", "what runs, and how it is", CONTROL_LOOKS, run_status },
	{ "reload", "read the settings again", CONTROL_CHANGES, run_reload },
	{ "reopen", "open the outlets' files again", CONTROL_CHANGES, run_reopen },
	{ "log-level", "say or set how much is logged", CONTROL_CHANGES_IF_TOLD, run_log_level },
	{ "evidence", "the latest findings", CONTROL_LOOKS, run_evidence },
	{ "alerts", "the latest alerts", CONTROL_LOOKS, run_alerts },
	{ "devices", "network cards, those that sent last", CONTROL_LOOKS, run_devices },
	{ "metrics", "all counters, as in /metrics", CONTROL_LOOKS, run_metrics },
	{ NULL, NULL, CONTROL_LOOKS, NULL },
};
