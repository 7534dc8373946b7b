/*
 * options.h -- the command line, as a value.
 *
 * Pure: nothing is opened, printed or exited from here. What a setting of the file could say as
 * well (-w, -H, -d, -F) is handed over as a setting, so its bounds and messages are the file's.
 */
#pragma once

#include "daemon/config/config_rows.h"
#include "daemon/evidence_kind.h"

#include <stdbool.h>
#include <stddef.h>

struct strbuf;

enum {
	OPTIONS_INPUTS_MAX = 1024,
	OPTIONS_INTERFACES_MAX = 16,
	OPTIONS_SETTINGS_MAX = 64,
};

enum options_action {
	OPTIONS_RUN,
	OPTIONS_TEST_CONFIG,
	OPTIONS_PRINT_CONFIG,
	OPTIONS_PRINT_MARKDOWN, /* --print-config=markdown: docs/CONFIG.md */
	OPTIONS_VERSION,
	OPTIONS_HELP,
};

enum options_input {
	OPTIONS_INPUT_ANY, /* recognised by what is in it */
	OPTIONS_INPUT_PCAP,
	OPTIONS_INPUT_ZEEK,
	OPTIONS_INPUT_EVE,
	OPTIONS_INPUT_ARGUS,
	OPTIONS_INPUT_NFDUMP,
	OPTIONS_INPUT_COUNT,
};

/* Strings are those of argv. */
struct options {
	enum options_action action;
	const char *interfaces[OPTIONS_INTERFACES_MAX];
	size_t interface_count;
	const char *inputs[OPTIONS_INPUTS_MAX];
	size_t input_count;
	const char *output_dir;  /* NULL if not given */
	const char *config_path; /* NULL if not given */
	const char *profile;     /* NULL if not given; known to config.c */
	enum options_input input_type;
	bool json;
	bool fail_on_given;
	enum threat fail_on;
	unsigned verbose; /* how many -v */
	struct config_setting
		settings[OPTIONS_SETTINGS_MAX]; /* in the order given; a list's add up */
	size_t setting_count;
};

/*
 * Read a command line.
 *
 * argv         as main() gets it, kept by the options; not reordered
 * ret_options  filled with defaults first, and complete only on success
 * ret_error    gets one line that names the option
 * errors       -EINVAL: exit 2
 */
int options_parse(
	int argc, char *const argv[], struct options *ret_options, struct strbuf *ret_error);

/* What --help prints. */
const char *options_usage(void);

/* "pcap", "zeek", ...; "any" */
const char *options_input_name(enum options_input type);
