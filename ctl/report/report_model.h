/*
 * report_model.h -- what a report says, before it has a form: gathered from a source, in order, bounded.
 *
 * All of it lies in one arena, and all texts are as hostile as the wire. Of what is cut, the total is kept beside the
 * part that is there.
 */
#pragma once

#include "viewer/source/source_sum.h"

enum {
	REPORT_ROWS_MAX =
		200, /* hosts in the overview, devices, indicators, countries, techniques, times of losses */
	REPORT_INPUTS_MAX = 10,         /* files and interfaces that are named */
	REPORT_NAMED_MAX = 10,          /* infected hosts, in the summary */
	REPORT_HOSTS_MAX = 30,          /* hosts with a section of their own */
	REPORT_ALERTS_MAX = 60,         /* told with their arithmetic */
	REPORT_ALERT_EVIDENCE_MAX = 16, /* of one alert */
	REPORT_EVIDENCE_MAX = 40,       /* of one host */
	REPORT_ENTRIES_MAX = 30,        /* of one host's timeline */
	REPORT_PEERS_MAX = 12,          /* of one host */
	REPORT_BEACONS_MAX = 3,         /* of one host */
	REPORT_TALKS_MAX = 50000,  /* conversations of one host that its pictures are made of */
	REPORT_BUCKETS = 96,       /* of the traffic's picture */
	REPORT_BARS = 48,          /* of a beacon's picture */
	REPORT_SCAN_COLUMNS = 100, /* of a scan's picture */
	REPORT_SCAN_ROWS = 24,
};

/* One stretch of the time that a picture spans. */
struct report_bucket {
	uint64_t sent, received; /* bytes, by the host */
	uint64_t talks;          /* conversations that began */
	uint32_t evidence;
	double worst;  /* the highest threat of that evidence, as source_level() */
	bool is_blind; /* traffic was missing then, anybody's */
};

struct report_peer {
	const char *address;
	const char *name; /* ""; the best that is known */
	const char *country, *org;
	uint64_t talks, answered;
	uint64_t sent, received;
	bool is_private;
};

/*
 * Who was knocked at: targets by ports, whichever are more across. Where there are more than the picture has columns,
 * neighbours share one; where there are more than it has rows, those that were tried least share the last.
 */
struct report_scan {
	uint32_t targets, ports; /* distinct */
	bool ports_across;
	uint32_t columns, rows; /* of the picture */
	uint64_t attempts, unanswered;
	uint32_t tried[REPORT_SCAN_ROWS][REPORT_SCAN_COLUMNS];
	uint32_t answered[REPORT_SCAN_ROWS][REPORT_SCAN_COLUMNS];
	const char *first, *last;             /* across */
	const char *labels[REPORT_SCAN_ROWS]; /* "23/tcp"; "126 others" */
};

/* A steady rhythm with one peer. */
struct report_beacon {
	const char *peer, *port, *letters;
	bool is_found; /* evidence says so, too */
	uint64_t talks;
	double median_s; /* of the time between beginnings */
	double spread;   /* the median distance from it, as part of it */
	double span_s;   /* the picture reaches from 0 to here */
	uint32_t beyond; /* intervals that are longer */
	uint32_t bars[REPORT_BARS];
};

struct report_host {
	const struct source_profile *profile;
	bool has_address;
	struct source_address address;
	const struct source_evidence *const *evidence; /* by time */
	size_t evidence_count, evidence_total;
	const struct source_alert *const *alerts;
	size_t alert_count;
	const char *why; /* it is named: of its first alert, else its strongest finding; "" */
	size_t talks_used, talks_total;
	uint64_t from_ns, to_ns; /* that the buckets span; both 0: nothing is known */
	struct report_bucket buckets[REPORT_BUCKETS];
	const struct report_peer *peers;
	size_t peer_count, peer_total;
	const struct report_scan *scan; /* NULL: it knocked at nobody */
	struct report_beacon beacons[REPORT_BEACONS_MAX];
	size_t beacon_count;
	const struct source_entry *entries; /* of its timeline, around its strongest finding */
	size_t entry_from, entry_count, entry_total;
};

struct report_alert {
	const struct source_alert *alert;
	const struct source_step *steps; /* of its evidence that is known, the first */
	size_t step_count;
};

enum report_indicator_kind {
	REPORT_ADDRESS,
	REPORT_NAME,
	REPORT_URL,    /* "bad.example/x.bin" */
	REPORT_DIGEST, /* MD5, SHA-1, SHA-256, JA3: by its length */
	REPORT_JA4,
	REPORT_INDICATOR_KINDS,
};

struct report_indicator {
	enum report_indicator_kind kind;
	const char *value;
	const char *why;  /* the kind of the strongest evidence that names it */
	const char *host; /* whose evidence that is */
	double threat;    /* of that evidence: level by confidence */
	uint64_t evidence, first_ns, last_ns;
	const char *known_as; /* of an address: its name, or who runs its network; "" */
};

struct report_technique {
	const char *id;
	uint64_t evidence, hosts;
	double worst; /* threat level */
};

struct report_country {
	const char *code; /* two letters, both large */
	uint64_t peers, evidence;
};

struct report {
	struct arena memory;
	const char *source; /* its name */
	uint64_t now_ns;
	bool has_run, has_flows, has_devices, has_alerts;
	struct source_run run;

	const struct source_profile *profiles;
	size_t profile_count;
	size_t infected_count, window_count;
	uint64_t evidence_count, alert_count, flow_count; /* of all profiles */
	uint64_t from_ns, to_ns;                          /* of packets and evidence */
	bool has_days; /* there is a midnight between: a time of day alone does not say when */

	const struct source_loss *losses; /* that are not 0 */
	size_t loss_count;
	const struct source_loss_span *loss_spans; /* all of them, by time */
	size_t loss_spans_told, loss_span_count;

	const struct source_evidence *evidence; /* all of it, by time */
	size_t evidence_read;
	const struct report_alert *alerts;
	size_t alerts_told, alerts_read;
	const struct report_host *hosts;
	size_t hosts_told;
	const struct source_device *devices;
	size_t devices_told, device_count;
	const struct report_indicator *indicators; /* strongest first */
	size_t indicators_told, indicator_count;
	const struct report_technique *techniques; /* by number */
	size_t technique_count;
	const struct report_country *countries; /* most peers first */
	size_t country_count;

	char trouble[SOURCE_ERROR_MAX]; /* a question that had no answer; "" */
};

/* Ask a source for all of it. returns false when memory is out; what could not be asked is `trouble` */
bool report_gather(struct report *r, struct source *s, uint64_t now_ns);
void report_done(struct report *r);
