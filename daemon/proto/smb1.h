/* smb1.h -- one message of SMB 1. */
#pragma once

#include "daemon/proto/smb_session.h"

void smb1_message(struct smb_session *s, const struct proto_call *call, struct cursor message);
