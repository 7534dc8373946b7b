/* feed_indicator.h -- what a text of a list is: an address, a network, a name, a digest, or nothing we look up. */
#pragma once

#include "daemon/intel/intel_build.h"

enum feed_value {
	FEED_VALUE_NONE,        /* a word, a number, a date */
	FEED_VALUE_UNSUPPORTED, /* an indicator that we cannot look up: a URL, a mail address, a JARM */
	FEED_VALUE_TAKEN,
};

/*
 * Tell what a text is.
 *
 * value     trimmed; of a network, bits of hosts are cleared; "*.x.y" is x.y, whose children are found anyway
 * md5_is    what 32 hexadecimal digits are: INTEL_MD5, or INTEL_JA3 in a list of those
 * ret_what  set when it is taken: its type and what belongs to it, with views of `value`; else untouched
 * source    detections §3.2 for the order
 */
enum feed_value feed_indicator_read(
	struct intel_text value, enum intel_digest md5_is, struct intel_indicator *ret_what);
