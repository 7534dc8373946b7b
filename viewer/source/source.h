/*
 * source.h -- what is looked at: the store of a run, or a Redis in a layout of Kalipso's; one picture of both.
 *
 * A source answers questions; it keeps no cursor and knows no screen. All that it answers lies in the arena of
 * who asks, texts included, and is as hostile as the wire: who shows it cleans it (grid.h, cell.h). Texts are never
 * NULL: "" is not known. A question that a source cannot answer (a Redis knows no flows) has no rows, and
 * source_can() says so.
 */
#pragma once

#include "daemon/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SOURCE_ERROR_MAX = 512 };

struct source;

/* Windows are known by these two. */
struct source_window_id {
	const char *host; /* an address as text */
	int64_t number;
};

struct source_window {
	struct source_window_id id;
	uint64_t start_ns, end_ns; /* 0: not known */
	bool infected;             /* an alert was raised */
	bool closed;
	uint64_t evidence, alerts, flows, packets, bytes; /* of flows as client and as server */
	double threat;                                    /* the sum since the last alert */
};

struct source_profile {
	const char *host;
	const char *name;    /* the best that is known; "" */
	const char *vendor;  /* of its network card; "" */
	const char *country; /* two letters; "" */
	bool is_own;         /* the sensor itself: "me" */
	bool infected;
	uint64_t evidence, alerts;
	const struct source_window *windows; /* in order of their numbers */
	size_t window_count;
};

struct source_pair {
	const char *label, *value; /* label "": the value stands alone */
};

/* An entry of a timeline, whichever generation wrote it. */
struct source_entry {
	uint64_t ts_ns;
	const char *service; /* "HTTPS", "PING echo"; "????" */
	bool is_from;        /* the peer opened it */
	const char *names;   /* of the peer, ", " between them; "" */
	const char *peer;
	const char *port; /* "443/TCP"; "" */
	bool has_state, established;
	bool has_sizes;
	uint64_t sent, received;
	double duration_s; /* < 0: not known */
	const char *warning, *critical;
	const struct source_pair *pairs; /* what was said, a line each */
	size_t pair_count;
	const char *uid; /* of its conversation; "" */
};

/* Its texts too; what has no more room in the arena is not known. */
void source_entry_copy(struct arena *m, const struct source_entry *from, struct source_entry *to);

struct source_evidence {
	const char *id;
	struct source_window_id window;
	uint64_t ts_ns;
	const char *kind;   /* "HORIZONTAL_PORT_SCAN" */
	const char *title;  /* in words; "" */
	const char *threat; /* "info" .. "critical" */
	double confidence;
	const char *text;        /* the sentence */
	const char *about;       /* the other party; "" */
	const char *about_place; /* "NL, AS64496 Example BV"; "" */
	const char *port;        /* "23/TCP"; "" */
	const char *technique;   /* "T1046"; "" */
	const char *detector, *role, *source, *twin;
	const char *silenced_by; /* a rule's name; "" */
	uint64_t observed, threshold;
	const char *unit;
	bool counted, decisive;
	double sum; /* of the window after it; < 0: not known */
	const char *const *uids;
	size_t uid_count;
};

struct source_alert {
	const char *id;
	struct source_window_id window;
	uint64_t ts_ns;
	double sum, threshold;
	bool decisive;
	const char *reason, *strongest, *highest;
	const char *const *evidence; /* ids, in order of raising */
	size_t evidence_count, evidence_total;
};

/* The feature dictionaries that have a screen. */
enum source_table {
	SOURCE_PORTS_OF_CLIENT, /* source ports as client */
	SOURCE_PEERS_OF_CLIENT, /* destination addresses as client */
	SOURCE_PORTS_AS_SERVER, /* destination ports as server */
	SOURCE_PORTS_CONTACTED, /* destination ports as client, with the addresses in `parts` */
	SOURCE_TABLE_COUNT,
};

struct source_part {
	const char *key;
	uint64_t packets;
};

struct source_row {
	const char *proto; /* "TCP", "UDP" */
	const char *key;   /* a port or an address */
	uint64_t flows, packets, bytes;
	const struct source_part *parts;
	size_t part_count;
};

struct source_reputation {
	bool known;
	double url, downloaded, referring, communicating;
};

struct source_address {
	const char *address;
	const char *org;     /* who runs its network */
	uint32_t asn;        /* 0: not known */
	const char *country; /* two letters; "" */
	bool is_private;
	const char *reverse;      /* name of the address */
	const char *const *names; /* by which it was asked for */
	size_t name_count;
	const char *const *server_names; /* SNI, "name:port" */
	size_t server_name_count;
	struct source_reputation reputation;
};

struct source_tuple {
	const char *peer, *port, *proto; /* the port on the responder's side; "tcp" */
	const char *letters;
	double last_s, before_s; /* start of the last flow but one, and before; 0: not known */
	struct source_address address; /* of the peer */
};

struct source_flow {
	const char *uid;
	uint64_t start_ns;
	double duration_s;
	const char *orig, *orig_port, *resp, *resp_port, *proto, *service, *state;
	bool established;
	uint64_t orig_packets, orig_bytes, resp_packets, resp_bytes;
};

struct source_device {
	const char *mac, *vendor;
	bool is_router;
	uint64_t first_ns, last_ns;
	const char *addresses, *names; /* ", " between them */
};

struct source_loss {
	const char *reason;
	uint64_t count;
};

/* Between then and then so much was lost: told while it goes on, too. */
struct source_loss_span {
	const char
		*reason; /* as of a loss; also "capture_down", "capture_gone", "capture_stopped" */
	const char *interface; /* "": of all */
	uint64_t from_ns, to_ns;
	uint64_t count;
};

struct source_run {
	const char *version, *sensor;
	const char *const *inputs; /* files, or interfaces */
	size_t input_count;
	bool live, ended;
	uint64_t packets, bytes, flows, first_ns, last_ns;
	const char *settings; /* in effect, as YAML; "" */
};

/* What a source may have no answer to. */
enum source_ability {
	SOURCE_HAS_FLOWS,
	SOURCE_HAS_DEVICES,
	SOURCE_HAS_ALERTS, /* with their arithmetic */
	SOURCE_HAS_RUN,
};

/*
 * Open what was named: a file, a directory with naiad.db in it, "redis://[user:password@]host[:port][/db]",
 * "redis+unix:///path[?db=n]".
 *
 * cache      where a Redis has IPsInfo, of the same form; NULL: database 1 of the same server
 * ret_error  one line: what is wrong, and what to do
 * returns    NULL with the line written
 */
struct source *source_open(const char *what, const char *cache, char ret_error[SOURCE_ERROR_MAX]);
void source_close(struct source *s); /* or NULL */

/* What the first line of the screen says of it: "case42/naiad.db", "redis 127.0.0.1:6379, layout of 2020". */
const char *source_name(const struct source *s);
bool source_can(const struct source *s, enum source_ability a);

/* The last question failed: one line; "" when it did not. A live source may answer the next one. */
const char *source_trouble(const struct source *s);
/* The first that any question had since this was forgotten: a later one that has an answer hides nothing. */
const char *source_trouble_first(const struct source *s);
void source_trouble_forget(struct source *s);

/* Another number than at the last look: something has changed. cost: one small question */
uint64_t source_stamp(struct source *s);

/*
 * Questions. Each returns how many rows lie at *ret; 0 with source_trouble() when it failed. Lists are in a fixed order:
 * profiles infected first, then by address; windows, evidence and alerts by time; tables by bytes and then packets, largest
 * first, TCP before UDP; tuples in order of first sight; when something was lost by when that began.
 */
size_t source_profiles(struct source *s, struct arena *memory, const struct source_profile **ret);
/* How many entries a timeline has, and `most` of them from the `from`-th on, by time. */
size_t source_entry_count(struct source *s, const struct source_window_id *w);
size_t source_entries(struct source *s, const struct source_window_id *w, size_t from, size_t most,
	struct arena *memory, const struct source_entry **ret);
/* host NULL: of all; number used only with `one_window`. */
size_t source_evidences(struct source *s, const struct source_window_id *w, bool one_window,
	struct arena *memory, const struct source_evidence **ret);
size_t source_alerts(struct source *s, struct arena *memory, const struct source_alert **ret);
size_t source_rows(struct source *s, const struct source_window_id *w, enum source_table table,
	bool established, struct arena *memory, const struct source_row **ret);
/* out: of flows that the host opened */
size_t source_tuples(struct source *s, const struct source_window_id *w, bool out,
	struct arena *memory, const struct source_tuple **ret);
/* Flows of these uids; of a window when uid_count is 0 (the first `most`). */
size_t source_flows(struct source *s, const struct source_window_id *w, const char *const *uids,
	size_t uid_count, size_t most, struct arena *memory, const struct source_flow **ret);
/* Of a window those with this peer; a source that cannot tell them apart gives all. */
size_t source_flows_with(struct source *s, const struct source_window_id *w, const char *peer,
	size_t most, struct arena *memory, const struct source_flow **ret);
size_t source_devices(struct source *s, struct arena *memory, const struct source_device **ret);
size_t source_losses(struct source *s, struct arena *memory, const struct source_loss **ret);
size_t source_loss_spans(
	struct source *s, struct arena *memory, const struct source_loss_span **ret);
/* returns false when nothing is known of it */
bool source_address(
	struct source *s, const char *address, struct arena *memory, struct source_address *ret);
bool source_run(struct source *s, struct arena *memory, struct source_run *ret);
