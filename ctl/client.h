/* client.h -- one question to a running sensor, and its answer. */
#pragma once

#include <stddef.h>

enum {
	CLIENT_ANSWER_MAX = 1024 * 1024, /* more than a sensor ever says */
	CLIENT_ERROR_MAX = 512,
	CLIENT_PATIENCE_S = 10, /* without a byte of an answer */
};

/*
 * Send a line and wait for the line that answers it.
 *
 * path        of the control socket
 * request     ends in a line feed
 * ret_answer  the line, without its line feed and NUL-terminated; the caller frees it
 * ret_error   gets one line: what is wrong, and what to do
 * errors      -errno of connect() and its kin, -ETIMEDOUT, -EMSGSIZE, -ECONNRESET nothing was said
 */
int client_ask(const char *path, const char *request, size_t length, char **ret_answer,
	size_t *ret_length, char ret_error[CLIENT_ERROR_MAX]);
