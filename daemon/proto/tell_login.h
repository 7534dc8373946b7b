/* tell_login.h -- hand a log-in on. */
#pragma once

#include "daemon/proto/proto.h"
#include "daemon/transactions/login.h"

/* began_ns: when the attempt began; its end is the call's time */
static inline void
tell_login(const struct proto_call *call, const struct obs_login *login, uint64_t began_ns)
{
	call->emit(call->context, &(struct observation){ .kind = OBS_LOGIN,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .began_ns = began_ns,
					  .login = login });
}
