/* list_category.h -- what it means to stand in a list: in one of our own (listed.h), or in one that was given (intel.h). */
#pragma once

enum list_category {
	LIST_MALICIOUS,   /* somebody saw it do harm */
	LIST_KNOWN_GOOD,  /* files that are what they should be */
	LIST_TOR,         /* relays of Tor */
	LIST_DOH,         /* resolvers that answer over HTTPS or TLS */
	LIST_DYNAMIC_DNS, /* domains that lend names for changing addresses */
	LIST_PASTE,       /* sites where anybody leaves a text */
	LIST_SINKHOLE,    /* where names of malware lead to once they were taken over */
	LIST_CATEGORY_COUNT,
};
