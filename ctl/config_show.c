#include "ctl/config_show.h"

#include "ctl/program.h"
#include "ctl/say.h"
#include "ctl/sensor.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
config_show(const char *settings, bool json, const struct table_terminal *terminal)
{
	static const struct table_column columns[] = { { NULL, false } };
	struct table_terminal endless = *terminal;
	char one[TABLE_CELL_MAX];
	struct table_print t;

	if (json) {
		json_t *all = json_pack("{s:s?}", "settings", settings);

		say_json(all, terminal->out);
		json_decref(all);
		return;
	}
	endless.width = 0; /* a folded line is another setting */
	table_print_begin(&t, &endless, columns, 1);
	while (*settings != '\0') {
		size_t length = strcspn(settings, "\n");
		size_t kept = length < sizeof(one) - 1 ? length : sizeof(one) - 1;

		memcpy(one, settings, kept);
		one[kept] = '\0';
		table_print_cell(&t, one, TABLE_PLAIN);
		settings += length;
		settings += *settings == '\n' ? 1 : 0;
	}
	table_print_end(&t);
}

/* Those that the sensor reads, or would if it ran. returns NULL: there is no file; `status` is for json_decref() */
static const char *
settings_file(const struct arguments *a, json_t **status)
{
	char error[SAY_MAX];

	*status = NULL;
	if (a->values[COMMAND_OPTION_CONF] != NULL)
		return a->values[COMMAND_OPTION_CONF];
	if (sensor_try(a->socket, "status", NULL, status, error, sizeof(error)) == EXIT_OK)
		return json_string_value(json_object_get(*status, "settings"));
	return access(COMMANDS_SETTINGS, F_OK) == 0 ? COMMANDS_SETTINGS : NULL;
}

enum exit_code
config_run(const struct arguments *a, const struct table_terminal *terminal)
{
	json_t *status = NULL;
	const char *conf = settings_file(a, &status);
	char naiad[PROGRAM_PATH_MAX];
	char *output = malloc(PROGRAM_OUTPUT_MAX);
	enum exit_code code = EXIT_REFUSED;

	const char *const words[] = { "--print-config", conf == NULL ? NULL : "-c", conf, NULL };
	if (output == NULL || !program_find(naiad)) {
		say("naiad itself, which is to be asked, is not there: install it beside naiadctl");
	} else if (program_run(naiad, words, false, output, PROGRAM_OUTPUT_MAX) != 0) {
		say("naiad does not take %s: naiad -T -c %s tells what is wrong with it",
			conf == NULL ? "its defaults" : conf, conf == NULL ? "FILE" : conf);
	} else {
		config_show(output, a->json, terminal);
		code = EXIT_OK;
	}
	free(output);
	json_decref(status);
	return code;
}
