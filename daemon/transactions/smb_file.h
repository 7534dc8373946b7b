/* smb_file.h -- a file of another host was opened, renamed or deleted. */
#pragma once

#include "daemon/transactions/smb.h"

struct obs_smb_file {
	const char *action; /* "SMB::FILE_OPEN", "SMB::FILE_RENAME", "SMB::FILE_DELETE" */
	const char *path;   /* of its share; NULL: not seen */
	const char *name;   /* backslashes between parts; "<share_root>" of the share itself */
	uint64_t size;      /* when it was opened */
	const char *previous_name;                                 /* of one that was renamed */
	uint64_t modified_ns, accessed_ns, created_ns, changed_ns; /* when it was opened */
};
