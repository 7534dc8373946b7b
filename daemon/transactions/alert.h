/*
 * alert.h -- another sensor raised its voice about a conversation: Suricata's rules, Zeek's notices.
 *
 * The conversation it was raised on is o->talk, as with all transactions: `orig` opened it, whichever side
 * sent the packet. A notice about hosts alone (a scan) has them as its ends; :: is nobody.
 */
#pragma once

#include "daemon/transactions/transaction.h"

struct obs_alert {
	const char *source;    /* the program: "suricata", "zeek"; never NULL */
	const char *signature; /* what it says: a rule's message, a notice's */
	const char *category;  /* a rule's class; a notice's type: "Scan::Port_Scan" */
	uint64_t severity;     /* 1 is the worst, as Suricata has it; unset if it has none */
	uint64_t sid;          /* of the rule; unset if it has none */
	const char *action;    /* what became of the packet: "allowed", "blocked" */
};
