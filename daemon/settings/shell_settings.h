/*
 * shell_settings.h -- the settings of what is around the engine: capture, service, listeners.
 */
#pragma once

#include "daemon/settings/config_item.h"
#include "daemon/settings/intelligence_settings.h"
#include "daemon/settings/settings.h"

#include <stdbool.h>
#include <stdint.h>

/* Where an interface stands. */
enum capture_role {
	CAPTURE_ROLE_LAN,  /* hosts of ours are behind it: its prefixes are home */
	CAPTURE_ROLE_WAN,  /* the outside is behind it */
	CAPTURE_ROLE_SPAN, /* a copy of somebody else's traffic */
};

enum { CAPTURE_INTERFACE_NAME_MAX = 15 };

/* One interface to capture on. */
struct capture_interface_settings {
	const char *name;
	uint32_t role; /* enum capture_role */
};

/* What another program tells us. */
enum live_input_type {
	LIVE_INPUT_ZEEK,
	LIVE_INPUT_EVE,
	LIVE_INPUT_NETFLOW, /* v5, v9 and IPFIX */
	LIVE_INPUT_SFLOW,
	LIVE_INPUT_COUNT,
};

enum { LIVE_INPUTS_MAX = 16, LIVE_INPUT_EXPORTERS_MAX = 64 };

/* Who may write to a Unix socket. */
enum live_input_mode {
	LIVE_INPUT_MODE_GROUP, /* 0660 */
	LIVE_INPUT_MODE_ALL,   /* 0666 */
};

/* One input beside the interfaces: other programs' flow logs, as they are written. */
struct live_input_settings {
	uint32_t type;           /* enum live_input_type */
	const char *path;        /* as input_where.h reads it; NULL is refused at start */
	struct config_list from; /* of struct setting_cidr; empty: the private networks */
	uint64_t buffer;         /* bytes that the kernel keeps for us */
	const char *group;       /* of a Unix socket; NULL: that of service.user */
	uint32_t mode;           /* enum live_input_mode, of a Unix socket */
	uint64_t delay;
};

struct shell_settings {
	struct {
		const char *filter;            /* tcpdump's language; NULL: every packet */
		struct config_list interfaces; /* of struct capture_interface_settings */
		uint64_t ring;                 /* bytes an interface */
		uint32_t snaplen;
		bool promiscuous;
		bool reopen; /* keep the capability that opens an interface again */
	} capture;
	struct config_list inputs; /* of struct live_input_settings */
	struct {
		const char *user;  /* NULL: stay who we are */
		const char *state; /* directory; NULL: nothing survives a restart */
		const char *logs;  /* directory of the outlets' files, without -o */
		bool sandbox;
	} service;
	struct {
		uint32_t sort;   /* enum input_sort */
		double timezone; /* hours east of Greenwich */
	} read; /* of logs that are given with -r; `inputs` are those that are followed */
	struct {
		bool enabled;
		const char *listen; /* "ADDRESS:PORT", "[ADDRESS]:PORT" or "unix:/PATH" */
	} metrics;
	struct {
		bool enabled;
		const char *path;
	} control;
	struct {
		const char *vendors;              /* file; NULL: none */
		const char *countries, *networks; /* MaxMind DB files; NULL: none */
		const char *public_suffixes;      /* file; NULL: as libpsl has them */
	} site;
	struct intelligence_settings intelligence;
};

/* Ends in CONFIG_END; offsets are into struct shell_settings. */
extern const struct config_item shell_settings_rows[];
