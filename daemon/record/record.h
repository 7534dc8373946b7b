/*
 * record.h -- what leaves the engine: self-contained typed views.
 *
 * A record names no object of the engine: values, and strings and arrays that are valid for the
 * call. So it can be encoded, or serialised and handed to another process.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/evidence_kind.h"
#include "daemon/observation.h"
#include "daemon/tuples/tuples.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum record_kind {
	RECORD_EVIDENCE,
	RECORD_ALERT,
	RECORD_FLOW,          /* a flow ended, or goes on (interim) */
	RECORD_WINDOW,        /* a window closed: features, tuples, letters */
	RECORD_WINDOW_SO_FAR, /* the same of one that is open, and has changed */
	RECORD_ADDRESS,       /* an end of a conversation: where it is, what it is called */
	RECORD_TUNNEL,        /* a flow turned out to carry packets, or such a one ended */
	RECORD_CLOCK_JUMP,    /* packet time jumped forward by more than an hour */
	RECORD_CAPTURE_GAP,   /* an interface was not listened to for a while; the shell's record */
	RECORD_LOSS_SPAN,     /* something was lost from then to then (loss_span.h) */
	RECORD_WEIRD,         /* traffic that breaks the rules as if somebody meant it */
	RECORD_TRANSACTION,   /* what hosts said to each other */
	RECORD_ARP,           /* one ARP message */
	RECORD_TIMELINE,      /* a conversation ended: an entry of its ends' timelines */
	RECORD_DEVICE, /* a device is new, or has a new address or name: all that is known of it */
	RECORD_TOTALS, /* the end of a run */
	RECORD_KIND_COUNT,
};

#define RECORD_BIT(kind) (UINT32_C(1) << (kind))

enum { UUID_TEXT_MAX = 37 };

struct record_window_ref {
	int64_t number; /* 1 is the first; 0 and below are older than the first packet */
	uint64_t start_ns, end_ns;
};

/* The rule of the whitelist that something was silenced by. */
struct record_silence {
	const char *rule;   /* its name; NULL: nothing is silenced */
	const char *effect; /* "no-alert", "no-evidence", "ignore-traffic" */
};

struct record_evidence {
	char id[UUID_TEXT_MAX];   /* UUIDv8; the same input gives the same id */
	char twin[UUID_TEXT_MAX]; /* the other side's evidence of the same event, or "" */
	const struct evidence_kind *kind;
	const char *detector; /* name of the detector that raised it */
	enum threat threat;
	double confidence;
	enum evidence_role role;
	bool decisive;
	bool counted;     /* added to the window's sum */
	double sum;       /* of the window, after this evidence */
	struct addr host; /* whose profile it is charged to */
	bool has_about;
	struct addr about; /* the other party */
	/* Where that is (geo.h); NULL, 0: not known. The texts are hostile like any other. */
	const char *about_country, *about_org;
	uint32_t about_asn;
	uint16_t port;
	uint8_t ip_proto;
	uint64_t observed, threshold;
	const char *object; /* "" if none */
	const char *text;   /* the sentence, without the host and without a full stop */
	const char *source; /* whose lists say so, "a.csv, b.txt"; NULL: nobody else's word */
	const struct flow_uid *uids;
	size_t uid_count;
	struct record_window_ref window;
	uint64_t suppressed; /* > 0: this is the summary of that many findings not written */
	struct record_silence silenced_by; /* then it counts for nothing */
};

struct record_alert {
	char id[UUID_TEXT_MAX];
	struct addr host;
	struct record_window_ref window;
	double sum, threshold;
	bool decisive;      /* raised by one decisive evidence, below the threshold or not */
	const char *reason; /* the sentence of the strongest evidence */
	const struct evidence_kind *strongest;
	enum threat highest; /* the highest level among its evidence */
	const char (*evidence)
		[UUID_TEXT_MAX]; /* ids, in order of raising; the first RECORD_ALERT_EVIDENCE_MAX */
	size_t evidence_count;   /* entries at `evidence` */
	size_t evidence_total;   /* that it rests on */
};

enum { RECORD_ALERT_EVIDENCE_MAX = 64 };

/* Told of a window that closed, or as it stands so far. */
struct record_window {
	struct addr host;
	struct record_window_ref window;
	const struct tuples
		*tuples;   /* walk ->first and ->first_port; features.h derives the dictionaries */
	uint64_t evidence; /* kept in this window */
	uint64_t suppressed; /* over the cap */
	double sum;          /* of threat since its last alert */
	bool truncated;      /* its memory was full: it knows less than it saw */
	uint64_t late;       /* observations that came after their own window had closed */
};

enum { RECORD_ADDRESS_NAMES_MAX = 3 };

/* One of an address's names. */
struct record_address_name {
	const char *text;    /* hostile, like every name */
	const char *source;  /* "dns", "dhcp", "mdns", ...: a closed list */
	struct addr told_by; /* the server that was asked, or the host */
	uint64_t seen_ns;    /* when it last did */
	bool is_believed;    /* a server, or the host itself, said so: no client's word alone */
};

/*
 * An address of a window that is told: its host or a peer. Comes before the window, once, and again when
 * the address has been quiet for a while or has been named anew.
 */
struct record_address {
	struct addr addr;
	bool is_private;     /* of no public network: nobody has its country */
	const char *country; /* two letters; NULL: not known */
	uint32_t asn;        /* 0: not known */
	const char *org; /* who runs that network; NULL: not known. Hostile like any other text */
	struct record_address_name names[RECORD_ADDRESS_NAMES_MAX]; /* the newest first */
	size_t name_count;
};

struct record_clock_jump {
	uint64_t from_ns, to_ns;
};

/* What passed an interface in between was not seen. */
struct record_capture_gap {
	const char *interface; /* its name; hostile text like any other */
	uint64_t from_ns, to_ns;
	const char *reason; /* "down", "gone" (it did not exist), "stopped" (the sensor was) */
};

/* So much was lost in between, so far: told again with the same beginning while it goes on. */
struct record_loss_span {
	const char *reason;    /* as in struct record_loss */
	const char *interface; /* where; "": of all. Hostile text like any other */
	uint64_t from_ns, to_ns;
	uint64_t count;
};

/* Of each kind a few are told, then one a minute; all are counted. */
struct record_weird {
	struct obs_weird weird;
	uint16_t interface;
	uint64_t swallowed; /* of this kind, since the last that was told */
};

enum { TIMELINE_NAMES_MAX = 3 };

/* A conversation that ended, as one of its ends tells it. */
struct record_timeline {
	struct addr host;   /* whose timeline it is */
	enum obs_role role; /* what that host was in it */
	struct record_window_ref window;
	const struct obs_flow *flow;
	const struct observation *said; /* the last transaction in it, without `talk`; NULL: none */
	const char *names[TIMELINE_NAMES_MAX]; /* of the other end, newest first */
	size_t name_count;
};

enum { DEVICE_ADDRESSES_MAX = 8, DEVICE_NAMES_MAX = 8 };

struct record_device_address {
	struct addr addr;
	uint64_t seen_ns; /* when the device last sent as it */
};

struct record_device_name {
	const char *text;
	const char *source;  /* "dns", "dhcp", "mdns", ...: a closed list */
	struct addr told_by; /* the server that was asked, or the host */
	uint64_t seen_ns;    /* when it last did */
};

struct record_device {
	struct mac mac;
	const char *vendor; /* as the IEEE has it; "" if not known */
	bool is_router;
	uint64_t first_ns, last_ns;
	uint64_t forgotten; /* addresses that made room for later ones */
	struct record_device_address addresses[DEVICE_ADDRESSES_MAX];
	size_t address_count;
	struct record_device_name names[DEVICE_NAMES_MAX]; /* of all its addresses, each once */
	size_t name_count;
};

/* How much of what was lost, by reason. Rows with zero are there too. */
struct record_loss {
	const char *reason; /* "ip_short", "flows_evicted", ...: a closed list */
	uint64_t count;
};

struct record_totals {
	uint64_t packets, bytes; /* bytes on the wire */
	uint64_t flows;          /* ended */
	uint64_t hosts;          /* profiles ever made */
	uint64_t windows;        /* windows ever opened */
	uint64_t evidence, alerts;
	uint64_t first_ns, last_ns;
	const struct record_loss *lost;
	size_t lost_count;
	const struct record_loss *weird; /* kinds that were seen: name and count */
	size_t weird_count;
	const struct record_loss *whitelist; /* rules that hit: name and count, some of very many */
	size_t whitelist_count;
};

struct record {
	enum record_kind kind;
	uint64_t ts_ns; /* packet time at which it was written */
	union {
		const struct record_evidence *evidence;
		const struct record_alert *alert;
		const struct obs_flow *flow;
		const struct obs_tunnel *tunnel;
		const struct record_window *window; /* RECORD_WINDOW, RECORD_WINDOW_SO_FAR */
		const struct record_address *address;
		const struct record_clock_jump *clock_jump;
		const struct record_capture_gap *capture_gap;
		const struct record_loss_span *loss_span;
		const struct record_weird *weird;
		const struct observation *transaction;
		const struct obs_arp *arp;
		const struct record_timeline *timeline;
		const struct record_device *device;
		const struct record_totals *totals;
	};
};

/* Where the engine's records go. `wanted` is read once, when the engine starts. */
struct record_sink {
	uint32_t wanted; /* RECORD_BIT()s */
	void *context;
	void (*write)(void *context, const struct record *r);
	/* Would a window be taken now? One that need not be told yet waits. NULL: always. */
	bool (*has_room)(void *context);
};
