#include "ctl/sensor.h"

#include "ctl/client.h"
#include "ctl/say.h"

#include <stdlib.h>
#include <string.h>

/* The line of an answer: its data, or why there are none. */
static enum exit_code
answer_read(const char *line, size_t length, json_t **ret, char *ret_error, size_t error_size)
{
	json_t *root = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
	const char *error = json_string_value(json_object_get(root, "error"));
	json_t *data = json_object_get(root, "data");
	enum exit_code code = EXIT_OK;

	if (json_is_true(json_object_get(root, "ok")) && data != NULL) {
		*ret = json_incref(data);
	} else {
		(void)snprintf(ret_error, error_size, "%s",
			error == NULL ? "what answers there is no sensor, or of another kind"
				      : error);
		code = error == NULL ? EXIT_NO_SENSOR : EXIT_REFUSED;
	}
	json_decref(root);
	return code;
}

enum exit_code
sensor_try(const char *socket, const char *command, json_t *args, json_t **ret, char *ret_error,
	size_t error_size)
{
	json_t *request = args == NULL ? json_pack("{s:s, s:{}}", "command", command, "args")
				       : json_pack("{s:s, s:O}", "command", command, "args", args);
	char *text = request == NULL ? NULL : json_dumps(request, JSON_COMPACT);
	size_t room = text == NULL ? 0 : strlen(text) + 2;
	char *line = text == NULL ? NULL : malloc(room);
	char error[CLIENT_ERROR_MAX];
	char *answer = NULL;
	size_t length = 0;
	enum exit_code code = EXIT_REFUSED;

	*ret = NULL;
	if (line == NULL) {
		(void)snprintf(ret_error, error_size, "no memory left");
	} else {
		(void)snprintf(line, room, "%s\n", text);
		if (client_ask(socket, line, strlen(line), &answer, &length, error) < 0) {
			(void)snprintf(ret_error, error_size, "%s", error);
			code = EXIT_NO_SENSOR;
		} else {
			code = answer_read(answer, length, ret, ret_error, error_size);
		}
	}
	free(answer);
	free(line);
	free(text);
	json_decref(request);
	return code;
}

enum exit_code
sensor_ask(const char *socket, const char *command, json_t *args, json_t **ret)
{
	char error[SAY_MAX];
	enum exit_code code = sensor_try(socket, command, args, ret, error, sizeof(error));

	if (code != EXIT_OK)
		say("%s", error);
	return code;
}
