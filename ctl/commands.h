/* commands.h -- what naiadctl can be told: the tables behind its command line, its help and its completions. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where settings are, unless somebody says otherwise. */
#define COMMANDS_SETTINGS "/etc/naiad/naiad.yaml"

/* Where a command finds its answer. */
enum command_place {
	COMMAND_SOCKET = 1, /* a running sensor says it */
	COMMAND_RUN = 2,    /* it is in what a run left: -d */
	COMMAND_ALONE = 4,  /* neither is needed */
	COMMAND_STORE = 8,  /* a running sensor says where its store is, and that has it */
};

enum command_option_id {
	COMMAND_OPTION_SOCKET,
	COMMAND_OPTION_DIR,
	COMMAND_OPTION_JSON,
	COMMAND_OPTION_COMPLETION,
	COMMAND_OPTION_VERSION,
	COMMAND_OPTION_HELP,
	COMMAND_OPTION_HOST,
	COMMAND_OPTION_TYPE,
	COMMAND_OPTION_LEVEL,
	COMMAND_OPTION_SINCE,
	COMMAND_OPTION_LIMIT,
	COMMAND_OPTION_WINDOW,
	COMMAND_OPTION_HTML,
	COMMAND_OPTION_MD,
	COMMAND_OPTION_FOR,
	COMMAND_OPTION_SCOPE,
	COMMAND_OPTION_NOTE,
	COMMAND_OPTION_CONF,
	COMMAND_OPTIONS,
};

struct command_option {
	const char *name;
	const char *value;   /* what it takes, for people; NULL: nothing */
	const char *choices; /* the words that it takes, blanks between; NULL: any */
	const char *help;
	char letter;     /* '\0': none */
	bool everywhere; /* it goes with every command */
};

struct command {
	const char *name;
	const char *help;
	const char *word;     /* what the words after it are, for people; NULL: none may follow */
	const char *argument; /* what the sensor calls the word; NULL: it is not sent */
	size_t words_least, words_most;
	unsigned places;  /* of enum command_place */
	uint32_t options; /* bits 1 << COMMAND_OPTION_... */
};

extern const struct command_option command_options[COMMAND_OPTIONS];

extern const struct command commands[];
extern const size_t command_count;

/* returns NULL when there is none of that name */
const struct command *command_find(const char *name);
bool command_takes(const struct command *c, enum command_option_id option);
