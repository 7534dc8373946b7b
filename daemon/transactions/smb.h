/* smb.h -- a host connected to another one's share, or tried to. */
#pragma once

#include "daemon/transactions/transaction.h"

enum { SMB_NAME_MAX = 256 }; /* of paths and names, the NUL included; what is longer is cut */

struct obs_smb {
	const char *path;                         /* "\\server\share" */
	const char *service, *native_file_system; /* SMB1 only; NULL: not told */
	const char *share_type; /* "DISK", "PIPE", "PRINT"; NULL when it was refused */
	const char *dialect;    /* "NT LM 0.12", "2.1", "3.1.1" ...; NULL: not seen */
	const char *status;     /* "SUCCESS", "ACCESS_DENIED" ...: NT's names, or its number */
};
