/* ssh_tell.h -- observations of a session of SSH. */
#pragma once

#include "daemon/proto/proto.h"
#include "daemon/proto/ssh_session.h"

/* The sender of `call` has ended its banner: the program that it names. */
void ssh_tell_software(struct proto_call *call, const struct ssh_side *s);

/* An attempt to log in came out, as `auth` has it. */
void ssh_tell_login(struct proto_call *call, const struct ssh_auth *auth);

/* The session as far as it is known; nothing when there was no banner. */
void ssh_tell(struct proto_call *call, const struct ssh_session *s);
