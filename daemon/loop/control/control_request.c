#include "daemon/loop/control/control_request.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/*
 * Count what a parser would have to make, without making it. Text that is no JSON at all passes:
 * the parser tells what is wrong with it.
 */
static bool
is_small(const char *line, size_t length)
{
	unsigned depth = 0;
	unsigned values = 1;
	bool in_string = false;

	for (size_t i = 0; i < length; i++) {
		char c = line[i];

		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && (c == '{' || c == '['))
			depth++;
		else if (!in_string && (c == '}' || c == ']') && depth > 0)
			depth--;
		else if (!in_string && c == ',')
			values++;
		if (depth > CONTROL_DEPTH_MAX || values > CONTROL_VALUES_MAX)
			return false;
	}
	return true;
}

static const char *
wrong_with(json_t *root, struct control_request *ret_request)
{
	const char *key = NULL;
	json_t *value = NULL;

	if (!json_is_object(root))
		return "a request is an object: {\"command\": \"status\"}";
	json_object_foreach(root, key, value)
	{
		if (strcmp(key, "command") == 0 && json_is_string(value))
			ret_request->command = json_string_value(value);
		else if (strcmp(key, "args") == 0 && json_is_object(value))
			ret_request->args = value;
		else
			return "a request has a text \"command\", and may have an object \"args\"; "
			       "nothing else";
	}
	return ret_request->command == NULL ? "a request has a text \"command\"" : NULL;
}

int
control_request_parse(const char *line, size_t length, struct control_request *ret_request,
	char *ret_error, size_t error_size)
{
	struct control_request q = { .command = NULL };
	json_error_t why;

	if (!is_small(line, length)) {
		(void)snprintf(ret_error, error_size,
			"a request is at most %d values, at most %d deep", CONTROL_VALUES_MAX,
			CONTROL_DEPTH_MAX);
		return -EINVAL;
	}
	q.root = json_loadb(line, length, JSON_REJECT_DUPLICATES, &why);
	if (q.root == NULL) {
		/* The library's text quotes the line; its place is enough. */
		(void)snprintf(ret_error, error_size,
			"not a line of JSON, as seen at byte %d: {\"command\": \"status\"} is one",
			why.position);
		return -EINVAL;
	}
	const char *wrong = wrong_with(q.root, &q);
	if (wrong != NULL) {
		(void)snprintf(ret_error, error_size, "%s", wrong);
		control_request_done(&q);
		return -EINVAL;
	}
	*ret_request = q;
	return 0;
}

void
control_request_done(struct control_request *q)
{
	json_decref(q->root);
	*q = (struct control_request){ .command = NULL };
}

const char *
control_request_stranger(const struct control_request *q, const char *const *known)
{
	const char *key = NULL;
	json_t *value = NULL;

	json_object_foreach(q->args, key, value)
	{
		size_t i = 0;

		while (known[i] != NULL && strcmp(known[i], key) != 0)
			i++;
		if (known[i] == NULL)
			return key;
	}
	return NULL;
}

const char *
control_request_text(const struct control_request *q, const char *name)
{
	return json_string_value(json_object_get(q->args, name));
}

bool
control_request_has(const struct control_request *q, const char *name)
{
	return json_object_get(q->args, name) != NULL;
}

bool
control_request_number(const struct control_request *q, const char *name, uint64_t *ret_number)
{
	const json_t *value = json_object_get(q->args, name);

	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return false;
	*ret_number = (uint64_t)json_integer_value(value);
	return true;
}
