#include "ctl/case_members.h"

#define COUNT_OF(list) (sizeof(list) / sizeof((list)[0]))

/* A member of this name and type in JSON; of which it is, its title, its meaning. */
#define MEMBER(row, member, json, type, title, meaning)                           \
	{                                                                         \
		json, type, offsetof(struct row, member), 0, NULL, title, meaning \
	}
#define LIST(row, member, counted, json, type, of, title, meaning)                           \
	{                                                                                    \
		json, type, offsetof(struct row, member), offsetof(struct row, counted), of, \
			title, meaning                                                       \
	}

/* ---- profiles ---- */

#define W(member, json, type, title, meaning) \
	MEMBER(source_window, member, json, MEMBER_##type, title, meaning)
static const struct member window_members[] = {
	W(id.number, "window", INTEGER, "WINDOW", "number of the time window"),
	W(start_ns, "start", TIME, "FROM (UTC)", "when it begins"),
	W(end_ns, "end", TIME, NULL, "when it ends"),
	W(infected, "infected", YES, "INFECTED", "an alert was raised in it"),
	W(closed, "closed", YES, NULL, "nothing more is added to it"),
	W(evidence, "evidence", COUNT, "EVIDENCE", "findings in it"),
	W(alerts, "alerts", COUNT, "ALERTS", "alerts in it"),
	W(flows, "flows", COUNT, "FLOWS", "conversations, as client and as server"),
	W(packets, "packets", COUNT, NULL, "packets of them"),
	W(bytes, "bytes", COUNT, "BYTES", "bytes of them"),
	W(threat, "sum", REAL, NULL, "sum of threat since its last alert"),
};
static const struct member_table windows = { "windows", "A time window of a host", window_members,
	COUNT_OF(window_members), sizeof(struct source_window) };

#define P(member, json, type, title, meaning) \
	MEMBER(source_profile, member, json, MEMBER_##type, title, meaning)
static const struct member profile_members[] = {
	P(host, "host", TEXT, "HOST", "its address"),
	P(infected, "infected", YES, "INFECTED", "an alert was raised about it"),
	P(is_own, "own", YES, NULL, "it is the sensor itself"),
	P(alerts, "alerts", COUNT, "ALERTS", "how many"),
	P(evidence, "evidence", COUNT, "EVIDENCE", "how many findings"),
	LIST(source_profile, windows, window_count, "windows", MEMBER_ROWS, &windows, "WINDOWS",
		"its time windows, in order of their numbers"),
	P(country, "country", TEXT, "COUNTRY", "two letters"),
	P(vendor, "vendor", TEXT, "VENDOR", "who made its network card"),
	P(name, "name", TEXT, "NAME", "the best name that is known of it"),
};
const struct member_table case_profiles = { "profiles", "A host", profile_members,
	COUNT_OF(profile_members), sizeof(struct source_profile) };

/* ---- devices ---- */

#define D(member, json, type, title, meaning) \
	MEMBER(source_device, member, json, MEMBER_##type, title, meaning)
static const struct member device_members[] = {
	D(mac, "mac", TEXT, "CARD", "its number"),
	D(vendor, "vendor", TEXT, "VENDOR", "who made it"),
	D(is_router, "router", YES, "ROUTER", "it sends what others wrote"),
	D(first_ns, "first", TIME, NULL, "when it was seen first"),
	D(last_ns, "last", TIME, "LAST (UTC)", "when it was seen last"),
	D(addresses, "addresses", TEXT, "ADDRESSES", "as whom it sent, \", \" between them"),
	D(names, "names", TEXT, "NAMES", "what it is called, \", \" between them"),
};
const struct member_table case_devices = { "devices", "A network card", device_members,
	COUNT_OF(device_members), sizeof(struct source_device) };

/* ---- evidence ---- */

#define E(member, json, type, title, meaning) \
	MEMBER(source_evidence, member, json, MEMBER_##type, title, meaning)
static const struct member evidence_members[] = {
	E(ts_ns, "time", TIME, "TIME (UTC)", "when it was raised"),
	E(id, "id", ID, "ID", "its name in all outputs"),
	E(window.host, "host", TEXT, "HOST", "to whose account it goes"),
	E(window.number, "window", INTEGER, NULL, "number of the time window"),
	E(threat, "level", TEXT, "LEVEL", "info, low, medium, high, critical"),
	E(confidence, "confidence", REAL, NULL, "0 to 1"),
	E(kind, "kind", TEXT, NULL, "HORIZONTAL_PORT_SCAN"),
	E(title, "title", TEXT, NULL, "the kind in words"),
	E(role, "role", TEXT, NULL, "attacker or victim"),
	E(about, "about", TEXT, NULL, "the other party"),
	E(about_place, "about_place", TEXT, NULL, "where that is"),
	E(port, "port", TEXT, NULL, "of the service: 23/TCP"),
	E(technique, "technique", TEXT, NULL, "of MITRE ATT&CK: T1046"),
	E(detector, "detector", TEXT, NULL, "who raised it"),
	E(source, "source", TEXT, NULL, "whose lists say so"),
	E(twin, "twin", TEXT, NULL, "id of the finding about the other side"),
	E(silenced_by, "silenced_by", TEXT, NULL, "the rule of the whitelist"),
	E(observed, "observed", COUNT, NULL, "how much was seen"),
	E(threshold, "threshold", COUNT, NULL, "from how much on it is told"),
	E(unit, "unit", TEXT, NULL, "of what"),
	E(counted, "counted", YES, NULL, "it added to the sum of its window"),
	E(decisive, "decisive", YES, NULL, "it makes an alert alone"),
	E(sum, "sum", REAL, NULL, "of the window, after it"),
	LIST(source_evidence, uids, uid_count, "uids", MEMBER_TEXTS, NULL, NULL,
		"conversations that it rests on, the first"),
	E(text, "text", TEXT, "WHAT", "the sentence"),
};
const struct member_table case_evidence = { "evidence", "A finding", evidence_members,
	COUNT_OF(evidence_members), sizeof(struct source_evidence) };

/* ---- alerts ---- */

#define S(member, json, type, title, meaning) \
	MEMBER(case_step, member, json, MEMBER_##type, title, meaning)
static const struct member step_members[] = {
	S(added, "added", REAL, "ADDED", "to the sum"),
	S(sum, "sum", REAL, "SUM", "after it"),
	S(weight, "weight", REAL, "WEIGHT", "level by confidence"),
	S(level, "level", TEXT, "LEVEL", "info 0, low 0.2, medium 0.5, high 0.8, critical 1"),
	S(confidence, "confidence", REAL, "CONF", "0 to 1"),
	S(id, "id", ID, "ID", "of the finding"),
	S(kind, "kind", TEXT, "KIND", "of the finding"),
	S(says, "note", TEXT, "NOTE", "why it did not add its weight"),
	S(text, "text", TEXT, NULL, "the sentence"),
};
const struct member_table case_steps = { "steps", "What a finding added", step_members,
	COUNT_OF(step_members), sizeof(struct case_step) };

#define A(member, json, type, title, meaning) \
	MEMBER(case_alert, member, json, MEMBER_##type, title, meaning)
static const struct member alert_members[] = {
	A(alert.ts_ns, "time", TIME, "TIME (UTC)", "when it was raised"),
	A(alert.id, "id", ID, "ID", "its name in all outputs"),
	A(alert.window.host, "host", TEXT, "HOST", "about whom"),
	A(alert.window.number, "window", INTEGER, "WINDOW", "number of the time window"),
	A(alert.highest, "level", TEXT, "LEVEL", "the highest of its findings"),
	A(alert.sum, "sum", REAL, "SUM", "of the threat in the window"),
	A(alert.threshold, "threshold", REAL, "OF", "what it takes"),
	A(alert.decisive, "decisive", YES, "BY ITSELF", "one decisive finding raised it"),
	A(alert.strongest, "strongest", TEXT, NULL, "kind of its strongest finding"),
	A(alert.evidence_total, "evidence_total", SIZE, NULL, "findings that it rests on"),
	LIST(case_alert, steps, step_count, "steps", MEMBER_ROWS, &case_steps, NULL,
		"its arithmetic, the first findings"),
	A(alert.reason, "reason", TEXT, "STRONGEST EVIDENCE", "sentence of its strongest finding"),
};
const struct member_table case_alerts = { "alerts", "An alert", alert_members,
	COUNT_OF(alert_members), sizeof(struct case_alert) };

/* ---- flows ---- */

#define F(member, json, type, title, meaning) \
	MEMBER(source_flow, member, json, MEMBER_##type, title, meaning)
static const struct member flow_members[] = {
	F(start_ns, "start", TIME, "TIME (UTC)", "its first packet"),
	F(duration_s, "duration", REAL, NULL, "seconds"),
	F(orig, "orig", TEXT, "FROM", "who opened it"),
	F(orig_port, "orig_port", TEXT, NULL, "port of that"),
	F(resp, "resp", TEXT, "TO", "who was called"),
	F(resp_port, "resp_port", TEXT, "PORT", "port of that"),
	F(proto, "proto", TEXT, "PROTO", "tcp, udp, icmp"),
	F(service, "service", TEXT, "SERVICE", "as Zeek names it"),
	F(state, "state", TEXT, "STATE", "as Zeek names it"),
	F(established, "established", YES, NULL, "both sides talked"),
	F(orig_packets, "orig_packets", COUNT, NULL, "packets of who opened it"),
	F(orig_bytes, "orig_bytes", COUNT, NULL, "bytes of that"),
	F(resp_packets, "resp_packets", COUNT, NULL, "packets of who was called"),
	F(resp_bytes, "resp_bytes", COUNT, NULL, "bytes of that"),
	F(uid, "uid", TEXT, "UID", "its name in all outputs"),
};
const struct member_table case_flows = { "flows", "A conversation", flow_members,
	COUNT_OF(flow_members), sizeof(struct source_flow) };

/* ---- explain ---- */

#define X(member, json, type, title, meaning) \
	MEMBER(case_explained, member, json, MEMBER_##type, title, meaning)
static const struct member explained_members[] = {
	LIST(case_explained, evidence, one, "evidence", MEMBER_ROWS, &case_evidence, NULL,
		"the finding, alone in its list"),
	X(added, "added", REAL, NULL, "to the sum of its window"),
	X(technique_name, "technique_name", TEXT, NULL, "what MITRE calls the technique"),
	X(tactic_name, "tactic_name", TEXT, NULL, "and what it is for"),
	LIST(case_explained, flows, flow_count, "flows", MEMBER_ROWS, &case_flows, NULL,
		"the conversations that it rests on, those that are kept"),
};
const struct member_table case_explain = { "explain", "A finding, and why", explained_members,
	COUNT_OF(explained_members), sizeof(struct case_explained) };

/* ---- timeline ---- */

#define V(member, json, type, title, meaning) \
	MEMBER(source_pair, member, json, MEMBER_##type, title, meaning)
static const struct member pair_members[] = {
	V(label, "label", TEXT, NULL, "what it is"),
	V(value, "value", TEXT, NULL, "what was said"),
};
static const struct member_table pairs = { "pairs", "What was said", pair_members,
	COUNT_OF(pair_members), sizeof(struct source_pair) };

#define T(member, json, type, title, meaning) \
	MEMBER(source_entry, member, json, MEMBER_##type, title, meaning)
static const struct member entry_members[] = {
	T(ts_ns, "time", TIME, "TIME (UTC)", "when it began"),
	T(service, "service", TEXT, "SERVICE", "what it is"),
	T(is_from, "from", YES, "IN", "the peer opened it"),
	T(peer, "peer", TEXT, "PEER", "with whom"),
	T(port, "port", TEXT, "PORT", "443/TCP"),
	T(established, "established", YES, NULL, "both sides talked"),
	T(sent, "sent", COUNT, "SENT", "bytes by the host"),
	T(received, "received", COUNT, "RECEIVED", "bytes by the peer"),
	T(duration_s, "duration", REAL, NULL, "seconds"),
	T(warning, "warning", TEXT, NULL, "what is odd about it"),
	T(critical, "critical", TEXT, NULL, "what is bad about it"),
	T(uid, "uid", TEXT, NULL, "of the conversation"),
	T(names, "names", TEXT, "NAMES", "of the peer, \", \" between them"),
	LIST(source_entry, pairs, pair_count, "said", MEMBER_PAIRS, &pairs, "SAID", "its details"),
};
const struct member_table case_timeline = { "timeline", "What a host did", entry_members,
	COUNT_OF(entry_members), sizeof(struct source_entry) };

/* ---- status ---- */

#define L(member, json, type, title, meaning) \
	MEMBER(source_loss, member, json, MEMBER_##type, title, meaning)
static const struct member loss_members[] = {
	L(count, "count", COUNT, "MISSING", "how many"),
	L(reason, "reason", TEXT, "REASON", "what is missing, and why: as in run.json"),
};
const struct member_table case_losses = { "losses", "What is missing", loss_members,
	COUNT_OF(loss_members), sizeof(struct source_loss) };

#define M(member, json, type, title, meaning) \
	MEMBER(source_loss_span, member, json, MEMBER_##type, title, meaning)
static const struct member loss_span_members[] = {
	M(from_ns, "from", TIME, "FROM (UTC)", "when it began, at the earliest"),
	M(to_ns, "to", TIME, "TO (UTC)", "when it was over, at the latest"),
	M(count, "count", COUNT, "MISSING", "how many"),
	M(interface, "interface", TEXT, "INTERFACE", "where; null: of all"),
	M(reason, "reason", TEXT, "REASON", "what is missing, and why"),
};
const struct member_table case_loss_spans = { "loss_spans", "When something was lost",
	loss_span_members, COUNT_OF(loss_span_members), sizeof(struct source_loss_span) };

#define R(member, json, type, title, meaning) \
	MEMBER(case_status, member, json, MEMBER_##type, title, meaning)
static const struct member status_members[] = {
	R(source, "source", TEXT, NULL, "what is looked at"),
	R(run.version, "version", TEXT, NULL, "of naiad"),
	R(run.sensor, "sensor", TEXT, NULL, "its name"),
	LIST(case_status, run.inputs, run.input_count, "inputs", MEMBER_TEXTS, NULL, NULL,
		"what was read: files, or interfaces"),
	R(run.live, "live", YES, NULL, "it listened, and read no files"),
	R(run.ended, "ended", YES, NULL, "it ended by itself; else it goes on, or was killed"),
	R(run.first_ns, "first", TIME, NULL, "the first packet"),
	R(run.last_ns, "last", TIME, NULL, "the last packet"),
	R(run.packets, "packets", COUNT, NULL, "that were analysed"),
	R(run.bytes, "bytes", COUNT, NULL, "on the wire"),
	R(run.flows, "flows", COUNT, NULL, "conversations"),
	R(hosts, "hosts", COUNT, NULL, "profiles that there are"),
	R(infected, "infected", COUNT, NULL, "of them with an alert"),
	R(windows, "windows", COUNT, NULL, "time windows of them"),
	R(evidence, "evidence", COUNT, NULL, "findings about them"),
	R(alerts, "alerts", COUNT, NULL, "alerts about them"),
	LIST(case_status, losses, loss_count, "losses", MEMBER_ROWS, &case_losses, NULL,
		"what is missing; those that are 0 are left out"),
	LIST(case_status, loss_spans, loss_span_count, "loss_spans", MEMBER_ROWS, &case_loss_spans,
		NULL, "when that was, in order of time"),
};
const struct member_table case_status = { "status", "A run", status_members,
	COUNT_OF(status_members), sizeof(struct case_status) };

const struct member_table *
case_members_at(size_t i)
{
	static const struct member_table *const all[] = { &case_status, &case_profiles,
		&case_devices, &case_evidence, &case_alerts, &case_explain, &case_flows,
		&case_timeline };

	return i < COUNT_OF(all) ? all[i] : NULL;
}
