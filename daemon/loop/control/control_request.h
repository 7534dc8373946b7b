/*
 * control_request.h -- one line of the control socket, read.
 *
 *	{"command": "evidence", "args": {"host": "10.0.0.1", "limit": 20}}
 *
 * A request is small and flat. What is nested too deep or made of too many values is refused before
 * the parser sees it, so that 64 KiB of brackets do not become megabytes.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CONTROL_REQUEST_MAX = 64 * 1024, /* bytes of a line, its line feed included */
	CONTROL_DEPTH_MAX = 4,
	CONTROL_VALUES_MAX = 256,
};

struct control_request {
	const char *command;
	json_t *args;    /* an object, or NULL */
	bool may_change; /* the peer's right */
	json_t *root;    /* owns all of it */
};

/*
 * Read a line, without its line feed.
 *
 * ret_request  written on success, for control_request_done(); `may_change` is false
 * ret_error    gets what is wrong otherwise; it quotes nothing of the line raw
 * errors       -EINVAL
 */
int control_request_parse(const char *line, size_t length, struct control_request *ret_request,
	char *ret_error, size_t error_size);

/* Accepts a zeroed request. */
void control_request_done(struct control_request *q);

/*
 * Complain about arguments that are not among `known`.
 *
 * known    names, NULL at the end
 * returns  the first that is not, or NULL
 */
const char *control_request_stranger(const struct control_request *q, const char *const *known);

/* The argument of that name if it is a text. returns NULL when it is not there, or no text */
const char *control_request_text(const struct control_request *q, const char *name);

/* True when an argument of that name is there, of whatever type. */
bool control_request_has(const struct control_request *q, const char *name);

/* The argument of that name if it is a whole number from 0. returns false otherwise */
bool control_request_number(
	const struct control_request *q, const char *name, uint64_t *ret_number);
