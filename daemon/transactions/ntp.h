/* ntp.h -- one message of NTP that carries time (RFC 5905 section 7.3). */
#pragma once

#include "daemon/transactions/transaction.h"

/* Times are ns since 1970, 0 where the message has none, as in Zeek's log. */
struct obs_ntp {
	uint64_t version; /* 1 to 4 */
	uint64_t mode;    /* 1 to 5: active, passive, client, server, broadcast */
	uint64_t stratum;
	uint64_t poll, precision;       /* ns */
	uint64_t root_delay, root_disp; /* ns */
	const char *ref_id; /* up to stratum 1 four characters, else an address as a dotted quad */
	uint64_t ref_time, org_time, rec_time, xmt_time;
	uint64_t num_exts; /* extension fields */
};
