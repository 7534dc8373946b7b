/* dns_own_name.h -- what DNS messages say of the names of hosts nearby. */
#pragma once

#include "daemon/proto/dns_message.h"

/*
 * Tell (OBS_NAME) the names that a multicast DNS or LLMNR answer gives to addresses, and those of NetBIOS: an
 * answer, a status response, a registration. At most some of each message.
 *
 * c  behind the questions
 */
void dns_own_names(struct proto_call *call, struct cursor message, struct cursor c,
	const struct dns_header *h, const struct dns_question *question);
