/* smb2.h -- one message of SMB 2 or 3. */
#pragma once

#include "daemon/proto/smb_session.h"

/*
 * message  from its first header on: requests or answers that go together may follow each other
 */
void smb2_message(struct smb_session *s, const struct proto_call *call, struct cursor message);
