/* doctor_sensor.c -- what a sensor says of itself: losses, missing directions, lists, outputs, memory. */
#include "ctl/doctor.h"

#include "ctl/report/report_text.h"
#include "viewer/source/source_json.h"

#include "daemon/base/time_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SILENT_NS (UINT64_C(10) * 60 * NS_PER_S)
#define STALE_S   (UINT64_C(7) * 24 * 3600)

enum { CONVERSATIONS_LEAST = 20 }; /* a share of fewer says nothing */

static const char *
text(const json_t *object, const char *key)
{
	const char *found = json_string_value(json_object_get(object, key));

	return found == NULL ? "" : found;
}

static uint64_t
number(const json_t *object, const char *key)
{
	return source_json_count(object, key);
}

/* A metric by its name and its labels, as they are written. returns 0 when there is none */
static double
metric(const json_t *metrics, const char *name, const char *labels)
{
	size_t index = 0;
	const json_t *one = NULL;

	json_array_foreach(metrics, index,
		one) if (strcmp(text(one, "name"), name) == 0 &&
			 strcmp(text(one, "labels"), labels) ==
				 0) return json_number_value(json_object_get(one, "value"));
	return 0;
}

/* The same of all that have this name. */
static double
metric_sum(const json_t *metrics, const char *name)
{
	size_t index = 0;
	const json_t *one = NULL;
	double sum = 0;

	json_array_foreach(metrics, index, one) if (strcmp(text(one, "name"), name) == 0) sum +=
		json_number_value(json_object_get(one, "value"));
	return sum;
}

void
doctor_answer_judge(struct doctor *d, const char *socket, const char *error, bool is_denied)
{
	if (error == NULL)
		(void)doctor_add(d, "sensor", DOCTOR_OK, "it runs, and answers on %.300s", socket);
	else if (is_denied)
		doctor_remedy(doctor_add(d, "sensor", DOCTOR_BAD,
				      "whether it runs is not for you to ask on %.300s", socket),
			"sudo naiadctl doctor; or, to be let in: usermod -aG GROUP USER, with the group of the socket");
	else /* the client's line has its remedy in it */
		doctor_remedy(doctor_add(d, "sensor", DOCTOR_BAD, "%.400s", error),
			"systemctl start naiad; or name its socket: naiadctl --socket PATH doctor");
}

void
doctor_settings_judge(struct doctor *d, const char *file, const char *error, bool is_denied)
{
	if (error == NULL && file == NULL)
		(void)doctor_add(d, "settings", DOCTOR_OK,
			"there is no settings file: the defaults are in force");
	else if (error == NULL)
		(void)doctor_add(d, "settings", DOCTOR_OK, "naiad takes %.300s", file);
	else if (is_denied)
		doctor_remedy(doctor_add(d, "settings", DOCTOR_WARN,
				      "%.300s is not for you to read: databases and disk were not "
				      "looked at",
				      file),
			"sudo naiadctl doctor");
	else
		doctor_remedy(
			doctor_add(d, "settings", DOCTOR_BAD, "naiad refuses them: %.300s", error),
			"naiad -T -c %.200s tells all that is wrong", file == NULL ? "FILE" : file);
}

static void
drops_judge(struct doctor *d, const char *name, const json_t *interface)
{
	uint64_t kernel = number(interface, "dropped_kernel");
	uint64_t card = number(interface, "dropped_interface");
	uint64_t here = number(interface, "dropped_here");
	uint64_t dropped = kernel + card + here;
	double all = (double)(dropped + number(interface, "analysed"));

	if (dropped == 0) {
		(void)doctor_add(d, name, DOCTOR_OK, "no packet was lost");
		return;
	}
	double share = (double)dropped / all;
	struct doctor_row *row = doctor_add(d, name, share >= 0.01 ? DOCTOR_BAD : DOCTOR_WARN,
		"%" PRIu64 " packets were lost, %.2f %% of all", dropped, share * 100);
	if (card >= kernel && card >= here)
		doctor_remedy(row,
			"the card lost them: ethtool -g %s tells how large its ring may be, ethtool -G %s rx N makes "
			"it so",
			name, name);
	else if (here > kernel)
		doctor_remedy(row, "the sensor lost them: give it more memory.limit, or leave out "
				   "what need not be seen with capture.filter");
	else
		doctor_remedy(row,
			"the kernel lost them: a larger capture.ring, a faster "
			"processor, or leave out what need not be seen with capture.filter");
}

static void
directions_judge(struct doctor *d, const char *name, const json_t *metrics)
{
	char labels[80];

	(void)snprintf(labels, sizeof(labels), "interface=\"%.40s\"", name);
	double count = metric(metrics, "naiad_tcp_conversations_total", labels);
	double oneway = metric(metrics, "naiad_oneway_flows_ratio", labels);
	double gaps = metric(metrics, "naiad_tcp_gap_ratio", labels);
	if (count < CONVERSATIONS_LEAST)
		return;
	if (oneway >= 0.2)
		doctor_remedy(doctor_add(d, name, oneway >= 0.5 ? DOCTOR_BAD : DOCTOR_WARN,
				      "of %.0f %% of conversations one direction only is seen",
				      oneway * 100),
			"mirror both directions of the port to %s, or capture where both ways pass",
			name);
	else
		(void)doctor_add(d, name, DOCTOR_OK, "both directions are seen");
	if (gaps >= 0.02)
		doctor_remedy(
			doctor_add(d, name, gaps >= 0.2 ? DOCTOR_BAD : DOCTOR_WARN,
				"%.1f %% of what was sent by TCP never came by here", gaps * 100),
			"the mirror port is fuller than its link: mirror less, or use a faster port");
}

static void
silence_judge(struct doctor *d, const char *name, const json_t *interface, uint64_t now_ns)
{
	uint64_t last = source_json_time(json_object_get(interface, "last_packet"));
	const char *state = text(interface, "state");

	if (strcmp(state, "up") != 0)
		doctor_remedy(doctor_add(d, name, DOCTOR_BAD,
				      "the sensor does not capture on it: it is %s",
				      state[0] == '\0' ? "not known" : state),
			strcmp(state, "gone") == 0
				? "ip link lists those that there are; the sensor opens %s again when it is back"
				: "ip link set %s up; the sensor opens it again by itself",
			name);
	else if (last == 0)
		doctor_remedy(doctor_add(d, name, DOCTOR_WARN, "not one packet came yet"),
			"tcpdump -c 1 -i %s shows whether any comes: look at the mirror port",
			name);
	else if (last + SILENT_NS < now_ns)
		doctor_remedy(doctor_add(d, name, DOCTOR_WARN, "no packet came for %s",
				      report_length(now_ns - last).text),
			"tcpdump -c 1 -i %s shows whether any comes: look at the mirror port",
			name);
}

void
doctor_traffic_judge(struct doctor *d, const json_t *status, const json_t *metrics, uint64_t now_ns)
{
	size_t index = 0;
	const json_t *one = NULL;

	json_array_foreach(json_object_get(status, "interfaces"), index, one)
	{
		const char *name = text(one, "name");

		silence_judge(d, name, one, now_ns);
		drops_judge(d, name, one);
		directions_judge(d, name, metrics);
	}
}

void
doctor_feeds_judge(struct doctor *d, const json_t *metrics, uint64_t now_ns)
{
	static const char lists[] = "naiad_intelligence_lists";
	double loaded = metric(metrics, lists, "state=\"loaded\"");
	double kept = metric(metrics, lists, "state=\"kept\"");
	double missing = metric(metrics, lists, "state=\"missing\"");
	double at = metric_sum(metrics, "naiad_intelligence_loaded_timestamp_seconds");
	double age = (double)now_ns / (double)NS_PER_S - at;

	if (loaded + kept + missing <= 0) {
		doctor_remedy(doctor_add(d, "feeds", DOCTOR_WARN,
				      "there are no lists of threat intelligence"),
			"name some below intelligence.feeds, or a directory: docs/INTELLIGENCE.md");
		return;
	}
	if (missing + kept > 0)
		doctor_remedy(
			doctor_add(d, "feeds", missing > 0 ? DOCTOR_BAD : DOCTOR_WARN,
				"%.0f lists were refused, and %.0f of them are kept as they were",
				missing + kept, kept),
			"the sensor's log says why: journalctl -u naiad -g intelligence");
	if (at > 0 && age > (double)STALE_S)
		doctor_remedy(
			doctor_add(d, "feeds", DOCTOR_WARN,
				"lists were last read %" PRIu64 " days ago", (uint64_t)age / 86400),
			"what fetches them does so no more: look at its timer");
	else if (missing + kept <= 0)
		(void)doctor_add(d, "feeds", DOCTOR_OK, "%.0f lists, read as they are now", loaded);
}

static void
outputs_judge(struct doctor *d, const json_t *outputs)
{
	size_t index = 0;
	const json_t *one = NULL;
	bool lost = false;

	json_array_foreach(outputs, index, one)
	{
		uint64_t dropped = number(one, "dropped");

		if (dropped == 0)
			continue;
		lost = true;
		doctor_remedy(
			doctor_add(d, "outputs", DOCTOR_WARN,
				"%.60s: %" PRIu64 " records were lost", text(one, "name"), dropped),
			"is its disk full, or its peer slow? naiadctl metrics output_dropped says why");
	}
	if (!lost && json_array_size(outputs) > 0)
		(void)doctor_add(d, "outputs", DOCTOR_OK, "no record was lost");
}

void
doctor_sensor_judge(struct doctor *d, const json_t *status)
{
	const json_t *memory = json_object_get(status, "memory");
	const json_t *reload = json_object_get(status, "reload");
	uint64_t limit = number(memory, "limit");
	uint64_t resident = number(memory, "resident");

	outputs_judge(d, json_object_get(status, "outputs"));
	if (limit > 0 && resident > limit - limit / 20)
		doctor_remedy(doctor_add(d, "memory", DOCTOR_WARN, "%s of %s are in use",
				      report_bytes(resident).text, report_bytes(limit).text),
			"raise memory.limit, and MemoryMax= of the unit with it");
	else if (limit > 0)
		(void)doctor_add(d, "memory", DOCTOR_OK, "%s of %s are in use",
			report_bytes(resident).text, report_bytes(limit).text);
	if (json_is_object(reload) && !json_is_true(json_object_get(reload, "ok")))
		doctor_remedy(
			doctor_add(d, "reload", DOCTOR_BAD,
				"the last one was refused, the settings before it are in force: %.200s",
				text(reload, "error")),
			"naiad -T -c FILE tells what is wrong; then naiadctl reload");
	const char *waiting = text(reload, "needs_restart");
	if (waiting[0] != '\0')
		doctor_remedy(doctor_add(d, "reload", DOCTOR_WARN,
				      "these settings need a restart: %.300s", waiting),
			"systemctl restart naiad");
}
