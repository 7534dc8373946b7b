/*
 * settings.h -- the settings of the engine: one struct and the rows that fill it.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/settings/config_item.h"
#include "daemon/settings/whitelist_settings.h"

#include <stdbool.h>
#include <stdint.h>

enum direction {
	DIRECTION_AUTO, /* settings_settle.h */
	DIRECTION_OUT,  /* a flow is its originator's */
	DIRECTION_ALL,  /* and its responder's as well */
};

enum numbering {
	NUMBERING_GLOBAL,  /* window 1 starts with the first packet of all */
	NUMBERING_PROFILE, /* window 1 of a profile starts with its own first packet */
};

enum compat_windows {
	COMPAT_WINDOWS_NONE,
	COMPAT_WINDOWS_S20, /* as Slips 0.7.0: windows stay open to the end, a flow counts at its end in its start's window */
};

enum flow_timeouts {
	FLOW_TIMEOUTS_NAIAD,
	FLOW_TIMEOUTS_SLIPS,
	FLOW_TIMEOUTS_ZEEK,
	FLOW_TIMEOUTS_COUNT,
};

/* Whose bytes count where two fragments bring some for the same place: datagram.c. */
enum fragments_policy {
	FRAGMENTS_FIRST,
	FRAGMENTS_LAST,
	FRAGMENTS_LINUX,
	FRAGMENTS_WINDOWS,
};

/* Which protocols' parsers are asked. */
enum protocols_read {
	PROTOCOLS_ALL,
	PROTOCOLS_DNS, /* what the detectors of scans need */
	PROTOCOLS_NONE,
};

/* How much it takes for a finding and for an alert: config_profile.h. */
enum strictness {
	STRICTNESS_QUIET,
	STRICTNESS_BALANCED,
	STRICTNESS_PARANOID,
	STRICTNESS_COUNT,
};

enum alert_rule {
	ALERT_RULE_NAIAD,
	ALERT_RULE_SLIPS,
};

/* The smallest memory.limit that is supported, bytes. Tests of the engine go below it. */
#define SETTINGS_MEMORY_MIN (UINT64_C(64) * 1024 * 1024)

/* One member, so that a list of it is written as a list of scalars. */
struct setting_cidr {
	struct cidr value;
};

/* How bad findings of a kind are, whatever their detector says. */
struct setting_level {
	char *type;     /* a kind's name */
	uint32_t level; /* enum threat */
};

struct settings {
	uint32_t profile; /* enum strictness; what it set is in the other members */
	struct config_list
		home_network; /* of struct setting_cidr; empty, once settled: every host */
	uint32_t direction;   /* enum direction */
	struct {
		uint32_t read;           /* enum protocols_read */
		uint32_t digests;        /* enum proto_digests */
		const char *trust_store; /* path; "": nobody is trusted, nor asked */
	} protocols;
	struct {
		uint64_t width;     /* ns */
		uint32_t numbering; /* enum numbering */
		bool only_one;
		uint32_t open_max;   /* windows a profile */
		uint64_t memory_max; /* bytes a window */
	} windows;
	struct {
		uint32_t timeouts; /* enum flow_timeouts */
		uint64_t interim;  /* ns; 0: none */
		bool checksums;    /* verify those of TCP, UDP and ICMP */
	} flow;
	struct {
		uint32_t policy;  /* enum fragments_policy */
		uint64_t timeout; /* ns */
	} fragments;
	struct {
		uint32_t rule;     /* enum alert_rule */
		double threshold;  /* a minute of window width; 0: as the rule has it */
		uint32_t converge; /* aspects of one peer that convict; 0: none does */
	} alert;
	struct {
		uint32_t max_per_detector; /* in a window */
		struct config_list levels; /* of struct setting_level */
	} evidence;
	struct whitelist_settings whitelist;
	struct {
		uint32_t windows; /* enum compat_windows */
	} compat;
	struct {
		uint64_t limit; /* bytes, of the whole process; 0: 128MiB live, 1GiB over files */
	} memory;
	struct {
		const char *name; /* `host` in EVE, part of evidence ids */
	} sensor;
};

/* Ends in CONFIG_END; offsets are into struct settings. */
extern const struct config_item settings_rows[];
