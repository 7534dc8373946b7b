/* doctor_look.c -- the whole look, at a sensor and the machine under it. */
#include "ctl/doctor.h"

#include "ctl/program.h"
#include "ctl/say.h"
#include "ctl/sensor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
interfaces_of_sensor(struct doctor *d, const json_t *status, bool promiscuous)
{
	const json_t *all = json_object_get(status, "interfaces");
	size_t index = 0;
	const json_t *one = NULL;

	json_array_foreach(all, index, one)
	{
		const char *name = json_string_value(json_object_get(one, "name"));
		const char *state = json_string_value(json_object_get(one, "state"));
		struct doctor_interface i;

		if (name == NULL)
			continue;
		doctor_interface_read(name, &i);
		i.sees = state != NULL && strcmp(state, "up") == 0;
		i.wants_promiscuous = promiscuous;
		doctor_interface_judge(d, &i);
	}
	if (json_array_size(all) == 0 && json_array_size(json_object_get(status, "inputs")) == 0)
		doctor_remedy(doctor_add(d, "interface", DOCTOR_BAD,
				      "the sensor listens nowhere and reads nothing"),
			"name an interface below capture.interfaces in its settings");
}

/* What its program makes of the settings file. returns NULL when that is not known */
static char *
settings_read(struct doctor *d, const char *program, const char *conf)
{
	char *output = program[0] == '\0' ? NULL : malloc(PROGRAM_OUTPUT_MAX);
	bool is_denied = conf != NULL && access(conf, R_OK) < 0 && errno == EACCES;

	if (output == NULL)
		return NULL;
	const char *const words[] = { "--print-config", conf == NULL ? NULL : "-c", conf, NULL };
	if (program_run(program, words, true, output, PROGRAM_OUTPUT_MAX) == 0) {
		doctor_settings_judge(d, conf, NULL, false);
		return output;
	}
	output[strcspn(output, "\n")] = '\0';
	doctor_settings_judge(d, conf, output, is_denied);
	free(output);
	return NULL;
}

static void
sensor_judge_all(struct doctor *d, const struct arguments *a, const json_t *status,
	bool promiscuous, struct doctor_clock *clock)
{
	json_t *metrics = NULL;
	char error[SAY_MAX];
	size_t index = 0;
	const json_t *one = NULL;

	doctor_sensor_judge(d, status);
	interfaces_of_sensor(d, status, promiscuous);
	if (sensor_try(a->socket, "metrics", NULL, &metrics, error, sizeof(error)) != EXIT_OK) {
		doctor_remedy(doctor_add(d, "metrics", DOCTOR_WARN, "it says none: %.300s", error),
			"look into its log");
		return;
	}
	json_array_foreach(metrics, index, one)
	{
		const char *name = json_string_value(json_object_get(one, "name"));

		if (name != NULL && strcmp(name, "naiad_packet_clock_steps_total") == 0)
			clock->steps += json_number_value(json_object_get(one, "value"));
	}
	doctor_traffic_judge(d, status, metrics, clock->now_ns);
	doctor_feeds_judge(d, metrics, clock->now_ns);
	json_decref(metrics);
}

static void
look(struct doctor *d, const struct arguments *a)
{
	char program[PROGRAM_PATH_MAX];
	char error[SAY_MAX];
	char value[16];
	struct doctor_clock clock;
	json_t *status = NULL;
	const char *conf = a->values[COMMAND_OPTION_CONF];
	bool runs = sensor_try(a->socket, "status", NULL, &status, error, sizeof(error)) == EXIT_OK;

	if (!program_find(program))
		program[0] = '\0';
	doctor_answer_judge(
		d, a->socket, runs ? NULL : error, access(a->socket, W_OK) < 0 && errno == EACCES);
	if (conf == NULL && runs)
		conf = json_string_value(json_object_get(status, "settings"));
	if (conf == NULL && access(COMMANDS_SETTINGS, F_OK) == 0)
		conf = COMMANDS_SETTINGS;
	char *settings = settings_read(d, program, conf);
	bool promiscuous =
		settings == NULL ||
		!doctor_setting(settings, "capture", "promiscuous", value, sizeof(value)) ||
		strcmp(value, "true") == 0;
	doctor_clock_read(&clock);
	if (runs)
		sensor_judge_all(d, a, status, promiscuous, &clock);
	else if (settings != NULL)
		doctor_interfaces_of(d, settings);
	doctor_clock_judge(d, &clock);
	doctor_host(d, settings, runs, program);
	free(settings);
	json_decref(status);
}

enum exit_code
doctor_run(const struct arguments *a, const struct table_terminal *terminal)
{
	struct doctor *d = calloc(1, sizeof(*d));

	if (d == NULL) {
		say("no memory left");
		return EXIT_REFUSED;
	}
	look(d, a);
	doctor_show(d, a->json, terminal);
	bool bad = doctor_is_bad(d);
	free(d);
	return bad ? EXIT_REFUSED : EXIT_OK;
}
