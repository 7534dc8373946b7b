/* snmp.h -- a conversation of SNMP: with whose word, how much was asked, and what the device is. */
#pragma once

#include "daemon/transactions/transaction.h"

enum { SNMP_COMMUNITY_MAX = 64, SNMP_TEXT_MAX = 256 }; /* the NUL included; the rest is left out */

struct obs_snmp {
	uint64_t duration;     /* ns, first to last message */
	const char *version;   /* "1", "2c", "3" */
	const char *community; /* of the last message that had one; NULL: none had */
	uint64_t get_requests; /* also for what is next */
	uint64_t get_bulk_requests;
	uint64_t get_responses;
	uint64_t set_requests;
	const char *display_string; /* what the device calls itself: sysDescr.0 */
	uint64_t up_since;          /* ns since 1970, by sysUpTime.0; 0: not said */
};
