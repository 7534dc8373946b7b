#include "tests/support/view_sample.h"

#include <stdio.h>
#include <string.h>

#define CAMERA      "192.168.2.12"
#define GUEST       "2001:db8:2:a::c0ff:ee00:1234"
#define HOSTILE     "\033[2J\033[31mevil\r\n\xe2\x80\x8b\xff"
#define SECOND      UINT64_C(1000000000)
#define BEGUN       (UINT64_C(1602075600) * SECOND) /* 2020/10/07 13:00:00 */
#define HOUR        (3600 * SECOND)
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

#define WINDOW(whose, n, ...)                                           \
	{                                                               \
		.id = { whose, n }, .start_ns = BEGUN + ((n)-1) * HOUR, \
		.end_ns = BEGUN + (n)*HOUR, .closed = true, __VA_ARGS__ \
	}

static const struct source_window of_camera[] = {
	WINDOW(CAMERA, 1, .flows = 12, .packets = 340, .bytes = 90000),
	WINDOW(CAMERA, 2, .flows = 450, .packets = 2100, .bytes = 310000, .infected = true,
		.evidence = 6, .alerts = 1, .threat = 0.2),
	WINDOW(CAMERA, 3, .flows = 40, .packets = 400, .bytes = 150000, .evidence = 1),
};
static const struct source_window of_sensor[] = { WINDOW("192.168.2.2", 1, .bytes = 1000) };
static const struct source_window of_hostile[] = { WINDOW("203.0.113.200", 2, .bytes = 50) };
static const struct source_window of_guest[] = { WINDOW(GUEST, 1, .bytes = 9) };

#define HOST(address, its, ...)                                                          \
	{                                                                                \
		.host = address, .windows = its, .window_count = COUNT(its), __VA_ARGS__ \
	}

static const struct source_profile hosts[] = {
	HOST(CAMERA, of_camera, .name = "camera", .vendor = "Example Cameras", .country = "",
		.infected = true, .evidence = 7, .alerts = 1),
	HOST("192.168.2.2", of_sensor, .name = "", .vendor = "", .country = "", .is_own = true),
	HOST("203.0.113.200", of_hostile, .name = HOSTILE, .vendor = HOSTILE, .country = "NL",
		.evidence = 2),
	HOST(GUEST, of_guest, .name = "guest", .vendor = "", .country = ""),
};

static const struct source_pair asked[] = { { "Query", "dl.gafdemo.example" },
	{ "Answers", "203.0.113.99" } };
static const struct source_pair fetched[] = {
	{ "Request", "GET http://dl.gafdemo.example/bins/arm7.bin" },
	{ "Status Code", "200/OK" },
	{ "UA", "Wget/1.20" },
};
static const struct source_pair bare[] = { { "", "No extra data." } };
static const struct source_pair injected[] = { { "UA", HOSTILE }, { HOSTILE, "x" } };

#define ENTRY(second, what, whom, at_port, ...)                                         \
	{                                                                               \
		.ts_ns = BEGUN + HOUR + (second)*SECOND, .service = what, .peer = whom, \
		.port = at_port, .has_state = true, .has_sizes = true, __VA_ARGS__      \
	}
#define NOTHING_MORE .names = "", .warning = "", .critical = ""

static const struct source_entry told[SAMPLE_TOLD] = {
	ENTRY(2, "DNS", "192.168.2.1", "53/UDP", .established = true, .names = "router.example",
		.warning = "", .critical = "", .sent = 36, .received = 52, .duration_s = 0.02,
		.pairs = asked, .pair_count = 2, .uid = "Cdns"),
	ENTRY(20, "HTTP", "203.0.113.99", "80/TCP", .established = true,
		.names = "dl.gafdemo.example", .warning = "", .critical = "", .sent = 812,
		.received = 68233, .duration_s = 1.8, .pairs = fetched, .pair_count = 3,
		.uid = "Chttp"),
	ENTRY(61, "????", "203.0.113.66", "48101/TCP", .established = true, .names = "",
		.warning = "", .critical = "Protocol not recognised.", .sent = 400, .received = 380,
		.duration_s = 600, .uid = "Cc2"),
	ENTRY(70, "PING echo", "203.0.113.7", "", .is_from = true, .uid = "Cping", NOTHING_MORE),
	ENTRY(80, "HTTPS", "2001:db8::443", "443/TCP", .established = true,
		.names = "cdn.demo.example, a-rather-long-name-of-a-content-network.example",
		.warning = "self-signed certificate", .critical = "", .sent = 5120,
		.received = 1048576, .duration_s = 12, .uid = "Ctls"),
	ENTRY(90, HOSTILE, "203.0.113.200", HOSTILE, .names = HOSTILE, .warning = HOSTILE,
		.critical = HOSTILE, .pairs = injected, .pair_count = 2, .uid = HOSTILE),
	ENTRY(95, "SSH", "198.51.100.22", "22/TCP", .established = true, .uid = "Cssh",
		.pairs = bare, .pair_count = 1, NOTHING_MORE),
};

#define EVIDENCE(name, n, second, its_role, ...)                                             \
	{                                                                                    \
		.id = name, .window = { CAMERA, n },                                         \
		.ts_ns = BEGUN + HOUR * ((n)-1) + (second)*SECOND, .detector = "a_detector", \
		.role = (its_role), __VA_ARGS__                                              \
	}
#define NO_PARTY    .about = "", .about_place = ""
#define NOT_SPECIAL .source = "", .twin = "", .silenced_by = ""

static const char *const scan_uids[] = { "Cscan1", "Cscan2" };

static const struct source_evidence evidence[] = {
	EVIDENCE("e1", 2, 61, "attacker", .kind = "UNKNOWN_PORT",
		.title = "Connection to an unknown port", .threat = "info", .confidence = 0.5,
		.about = "203.0.113.66", .about_place = "NL, AS64496 Example BV",
		.port = "48101/tcp", .technique = "T1571",
		.text = "connected to 203.0.113.66 at the unknown port 48101/tcp", .observed = 1,
		.threshold = 1, .unit = "connections", .sum = 0, NOT_SPECIAL),
	EVIDENCE("e2", 2, 130, "attacker", .kind = "HORIZONTAL_PORT_SCAN",
		.title = "Horizontal port scan", .threat = "high", .confidence = 0.5, NO_PARTY,
		.port = "23/tcp", .technique = "T1046",
		.text = "scanned port 23/tcp on 10 hosts with 44 packets, none established",
		.observed = 10, .threshold = 10, .unit = "hosts", .counted = true, .sum = 0.4,
		.uids = scan_uids, .uid_count = 2, NOT_SPECIAL),
	EVIDENCE("e3", 2, 170, "attacker", .kind = "HORIZONTAL_PORT_SCAN",
		.title = "Horizontal port scan", .threat = "high", .confidence = 1, NO_PARTY,
		.port = "23/tcp", .technique = "T1046",
		.text = "scanned port 23/tcp on 100 hosts with 440 packets, none established",
		.observed = 100, .threshold = 10, .unit = "hosts", .counted = true, .sum = 0.8,
		.uids = scan_uids, .uid_count = 2, NOT_SPECIAL),
	EVIDENCE("e4", 2, 180, "victim", .kind = "CLEAR_LOGIN", .title = "", .threat = "low",
		.confidence = 1, .about = "192.168.2.1", .about_place = "", .port = "",
		.technique = "T9999", .text = "logged in in the clear", .unit = "", .sum = -1,
		.source = "", .twin = "", .silenced_by = "the old router"),
	EVIDENCE("e5", 2, 200, "attacker", .kind = "C2", .title = "Command and control",
		.threat = "critical", .confidence = 1, .about = "203.0.113.66",
		.about_place = "NL, AS64496 Example BV", .port = "48101/tcp", .technique = "",
		.text = "called 203.0.113.66, which a list names, each minute for an hour and "
			"always with the same bytes; nobody else here does",
		.observed = 60, .unit = "calls", .counted = true, .decisive = true, .sum = 1.8,
		.source = "feodo, urlhaus", .twin = "e7", .silenced_by = ""),
	EVIDENCE("e6", 2, 201, "attacker", .kind = HOSTILE, .title = HOSTILE, .threat = HOSTILE,
		.confidence = 1, .about = HOSTILE, .about_place = HOSTILE, .port = HOSTILE,
		.technique = HOSTILE, .text = HOSTILE, .unit = HOSTILE, .observed = 1, .sum = 0,
		.source = HOSTILE, .twin = HOSTILE, .silenced_by = HOSTILE),
	{ .id = "e7",
		.window = { CAMERA, 3 },
		.kind = "UNKNOWN_PORT",
		.title = "",
		.threat = "medium",
		.confidence = 0,
		.about = "",
		.about_place = "",
		.port = "",
		.technique = "",
		.text = "",
		.unit = "",
		.detector = "",
		.role = "",
		.sum = 0,
		NOT_SPECIAL },
};

static const char *const rests_on[] = { "e1", "e2", "e3", "e4", "e5", "gone" };
static const char *const rests_on_sum[] = { "e2", "e3" };
static const struct source_alert alerts[] = {
	{ .id = "a1",
		.window = { CAMERA, 2 },
		.ts_ns = BEGUN + HOUR + 170 * SECOND,
		.sum = 0.8,
		.threshold = 0.75,
		.reason = "scanned port 23/tcp on 100 hosts",
		.strongest = "HORIZONTAL_PORT_SCAN",
		.highest = "high",
		.evidence = rests_on_sum,
		.evidence_count = 2,
		.evidence_total = 70 },
	{ .id = "a2",
		.window = { CAMERA, 2 },
		.ts_ns = BEGUN + HOUR + 200 * SECOND,
		.sum = 1.8,
		.threshold = 3,
		.decisive = true,
		.reason = "called 203.0.113.66",
		.strongest = "C2",
		.highest = "critical",
		.evidence = rests_on,
		.evidence_count = 6,
		.evidence_total = 6 },
};

static const char *const names[] = { "c2.example", HOSTILE };
static const char *const called[] = { "cdn.demo.example:443" };
static const struct source_address addresses[] = {
	{ .address = "203.0.113.66",
		.org = "Example BV",
		.asn = 64496,
		.country = "NL",
		.reverse = "host66.example",
		.names = names,
		.name_count = 2,
		.server_names = called,
		.server_name_count = 1,
		.reputation = { true, 0.38071, 0.61818, 0.125, 0.97403 } },
	{ .address = CAMERA, .org = "", .country = "", .reverse = "", .is_private = true },
	{ .address = "203.0.113.200", .org = HOSTILE, .country = "NL", .reverse = HOSTILE },
};

#define FLOW(name, second, port, ...)                                                    \
	{                                                                                \
		.uid = name, .start_ns = BEGUN + HOUR + (second)*SECOND, .orig = CAMERA, \
		.orig_port = port, .proto = "tcp", __VA_ARGS__                           \
	}
static const struct source_flow flows[] = {
	FLOW("Chttp", 20, "40001", .resp = "203.0.113.99", .resp_port = "80", .service = "http",
		.state = "SF", .established = true, .duration_s = 1.8, .orig_bytes = 812,
		.resp_bytes = 68233),
	FLOW("Cc2", 61, "40002", .resp = "203.0.113.66", .resp_port = "48101", .service = "",
		.state = "S1", .established = true, .duration_s = 600, .orig_bytes = 400,
		.resp_bytes = 380),
	FLOW("Cscan1", 100, "40100", .resp = "198.51.100.0", .resp_port = "23", .service = "",
		.state = "S0", .duration_s = -1),
	FLOW("Cscan2", 101, "40101", .resp = "198.51.100.1", .resp_port = "23", .service = "",
		.state = "S0", .duration_s = -1),
	FLOW(HOSTILE, 102, HOSTILE, .resp = HOSTILE, .resp_port = HOSTILE, .service = HOSTILE,
		.state = HOSTILE, .duration_s = -1),
};

static const struct source_device devices[] = {
	{ .mac = "02:00:00:00:00:01",
		.vendor = "Example Routers",
		.is_router = true,
		.first_ns = BEGUN,
		.last_ns = BEGUN + 3 * HOUR,
		.addresses = "192.168.2.1",
		.names = "router.example" },
	{ .mac = "02:00:00:00:00:12",
		.vendor = "Example Cameras",
		.first_ns = BEGUN + 5 * SECOND,
		.last_ns = BEGUN + 2 * HOUR,
		.addresses = "192.168.2.12, fe80::12",
		.names = "camera" },
	{ .mac = "02:00:00:00:00:66", .vendor = HOSTILE, .addresses = HOSTILE, .names = HOSTILE },
};

static size_t
healthy(struct arena *m, const struct source_profile **ret)
{
	struct source_profile *copy = arena_alloc(m, sizeof(hosts));

	for (size_t i = 0; copy != NULL && i < COUNT(hosts); i++) {
		copy[i] = hosts[COUNT(hosts) - 1 - i];
		copy[i].infected = false;
	}
	*ret = copy;
	return copy == NULL ? 0 : COUNT(hosts);
}

static size_t
profiles(struct source *s, struct arena *m, const struct source_profile **ret)
{
	const struct view_sample *v = s->state;

	if (v->is_healthy)
		return healthy(m, ret);
	*ret = hosts;
	return v->is_empty ? 0 : COUNT(hosts);
}

static size_t
entry_count(struct source *s, const struct source_window_id *w)
{
	const struct view_sample *v = s->state;

	(void)w;
	return v->entries;
}

/* The n-th, counted without those that were pushed in. */
static void
entry_fill(struct arena *m, size_t n, struct source_entry *e)
{
	char text[64];

	if (n < SAMPLE_TOLD) {
		*e = told[n];
		return;
	}
	*e = (struct source_entry)ENTRY(100 + n, "Telnet", "", "23/TCP", .uid = "", NOTHING_MORE);
	e->peer = arena_string(
		m, text, (size_t)snprintf(text, sizeof(text), "198.51.%zu.%zu", n / 250, n % 250));
	e->uid = arena_string(m, text, (size_t)snprintf(text, sizeof(text), "Cscan%zu", n));
}

static size_t
entries(struct source *s, const struct source_window_id *w, size_t from, size_t most,
	struct arena *m, const struct source_entry **ret)
{
	struct view_sample *v = s->state;
	size_t count = from < v->entries ? v->entries - from : 0;

	(void)w;
	if (count > most)
		count = most;
	if (most > v->asked_most)
		v->asked_most = most;
	if (v->is_silent)
		source_fail(s, "no word of any entry");
	if (count == 0 || v->is_silent)
		return 0;
	struct source_entry *rows = arena_alloc(m, count * sizeof(*rows));
	for (size_t i = 0; i < count; i++)
		if (from + i < v->pushed)
			rows[i] = (struct source_entry)ENTRY(
				0, "NTP", "192.0.2.123", "123/UDP", .uid = "Cpushed", NOTHING_MORE);
		else
			entry_fill(m, from + i - v->pushed, &rows[i]);
	*ret = rows;
	return count;
}

static size_t
evidences(struct source *s, const struct source_window_id *w, bool one_window, struct arena *m,
	const struct source_evidence **ret)
{
	(void)s;
	(void)m;
	*ret = evidence;
	if (strcmp(w->host, CAMERA) != 0 || (one_window && w->number == 1))
		return 0;
	if (!one_window)
		return COUNT(evidence);
	*ret = w->number == 3 ? evidence + 6 : evidence;
	return w->number == 3 ? 1 : 6;
}

static size_t
alerts_of(struct source *s, struct arena *m, const struct source_alert **ret)
{
	const struct view_sample *v = s->state;

	(void)m;
	*ret = alerts;
	return v->is_empty ? 0 : COUNT(alerts);
}

static size_t
flows_of(struct source *s, const struct source_window_id *w, const char *const *uids,
	size_t uid_count, size_t most, struct arena *m, const struct source_flow **ret)
{
	(void)s;
	(void)w;
	(void)m;
	*ret = uid_count > 0 && strcmp(uids[0], "Cscan1") == 0 ? flows + 2 : flows;
	size_t count = uid_count > 0 ? uid_count : COUNT(flows);
	return count < most ? count : most;
}

static size_t
devices_of(struct source *s, struct arena *m, const struct source_device **ret)
{
	(void)s;
	(void)m;
	*ret = devices;
	return COUNT(devices);
}

static bool
address_of(struct source *s, const char *address, struct arena *m, struct source_address *ret)
{
	(void)s;
	(void)m;
	for (size_t i = 0; i < COUNT(addresses); i++)
		if (strcmp(addresses[i].address, address) == 0) {
			*ret = addresses[i];
			return true;
		}
	return false;
}

static bool
run_of(struct source *s, struct arena *m, struct source_run *ret)
{
	static const char *const inputs[] = { "case.pcap" };
	const struct view_sample *v = s->state;

	(void)m;
	*ret = (struct source_run){ .version = "0.1.0",
		.sensor = "naiad",
		.inputs = inputs,
		.input_count = 1,
		.live = v->is_live,
		.ended = !v->is_live,
		.packets = v->is_of_logs ? 0 : 2840,
		.bytes = 500000,
		.flows = 502,
		.first_ns = BEGUN,
		.last_ns = v->last_ns };
	return true;
}

static bool
can(const struct source *s, enum source_ability a)
{
	(void)a;
	return !((const struct view_sample *)s->state)->is_bare;
}

static uint64_t
stamp(struct source *s)
{
	const struct view_sample *v = s->state;

	if (v->is_gone)
		source_fail(s, "the source is gone");
	return v->stamp;
}

static const struct source_kind sample = {
	.can = can,
	.stamp = stamp,
	.profiles = profiles,
	.entry_count = entry_count,
	.entries = entries,
	.evidences = evidences,
	.alerts = alerts_of,
	.flows = flows_of,
	.devices = devices_of,
	.address = address_of,
	.run = run_of,
};

void
view_sample_init(struct view_sample *s)
{
	*s = (struct view_sample){ .source = { .kind = &sample },
		.entries = 40,
		.last_ns = BEGUN + 2 * HOUR + 600 * SECOND };
	s->source.state = s;
	(void)strcpy(s->source.name, "case42/naiad.db");
}

/* Whoever opens something in these tests gets nothing. */
const struct source_kind source_redis = { .can = can };
const struct source_kind source_store = { .can = can };
