/*
 * shell_settings.h -- the settings of what is around the engine: capture, service, listeners.
 */
#pragma once

#include "daemon/config_item.h"

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

struct shell_settings {
	struct {
		const char *filter;            /* tcpdump's language; NULL: every packet */
		struct config_list interfaces; /* of struct capture_interface_settings */
		uint64_t ring;                 /* bytes an interface */
		uint32_t snaplen;
		bool promiscuous;
		bool reopen; /* keep the capability that opens an interface again */
	} capture;
	struct {
		const char *user;  /* NULL: stay who we are */
		const char *state; /* directory; NULL: nothing survives a restart */
		const char *logs;  /* directory of the outlets' files, without -o */
		bool sandbox;
	} service;
	struct {
		uint32_t sort;   /* enum input_sort */
		double timezone; /* hours east of Greenwich */
	} input;
	struct {
		bool enabled;
		const char *listen; /* "ADDRESS:PORT", "[ADDRESS]:PORT" or "unix:/PATH" */
	} metrics;
	struct {
		bool enabled;
		const char *path;
	} control;
	struct {
		const char *vendors; /* file; NULL: none */
	} site;
};

/* Ends in CONFIG_END; offsets are into struct shell_settings. */
extern const struct config_item shell_settings_rows[];
