/* http_guess.h -- is it HTTP/1? */
#pragma once

#include "daemon/proto/proto.h"

#include <stdbool.h>

enum { HTTP_PREFIX = 5 }; /* of "HTTP/" */

/* For struct protocol: a request's or a status's line, empty lines before it allowed. */
enum proto_guess http_looks_like(const struct proto_call *call, struct cursor first_bytes);
/* Could so many first bytes, at least one, still become "HTTP/"? */
bool http_may_be_status(struct cursor first);
