/* kalipso_tuples.h -- whom a host talked to in a window, and how: addresses, ports and letters (kalipso.md 3.2). */
#pragma once

#include "daemon/observation.h"
#include "exporters/kalipso/dialect.h"

/*
 * Tuples of one role as a JSON object: {"203.0.113.66-48101-tcp":["11.R.R",[1602077160.500000,1602076860.500000]]}
 *
 * The key has the peer's address and the responder's port, which is ours where we were the server. Over
 * t->tuples_max those with the most letters are written, as they say most; the rest is counted.
 *
 * separator  between the parts of a key: ':' or '-'
 */
void kalipso_tuples(struct dialect_target *t, struct strbuf *out, const struct tuples *tuples,
	enum obs_role role, char separator);
