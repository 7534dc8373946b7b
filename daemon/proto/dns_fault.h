/* dns_fault.h -- what is wrong with a DNS message. */
#pragma once

#include "daemon/proto/dns_message.h"

/*
 * Look through a message for what breaks the rules so that hosts would read it in two ways, or never come to its end.
 *
 * c        in `message`, behind the header `h` and the entries that are known to be sound
 * sound    how many those are: questions that were read
 * is_cut   there was more of it than is here: that it ends too early says nothing
 * returns  the first fault, or WEIRD_COUNT when there is none
 */
enum weird dns_fault(struct cursor message, struct cursor c, const struct dns_header *h,
	unsigned sound, bool is_cut);
