/*
 * weird.h -- traffic that breaks the rules in a way that somebody may have meant.
 *
 * An anomaly of a frame (decode/packet.h) is mostly damage; what is named here is ambiguous on purpose
 * or looks like it: two hosts would understand it in two ways, and whoever watches must say so.
 */
#pragma once

#include <stdint.h>

enum weird {
#define WEIRD(symbol_, name_, sentence_) symbol_,
#include "daemon/weird.def"
#undef WEIRD
	WEIRD_COUNT,
};

#define WEIRD_BIT(w) (UINT64_C(1) << (w))

/* Its public name: "stream_different". */
const char *weird_name(enum weird w);
/*
 * Whose rules are broken, as Suricata's anomalies have it: "stream" of TCP, "decode" of what is below,
 * "applayer" of what is above.
 */
const char *weird_type(enum weird w);
/* What it is, as a sentence for people. */
const char *weird_sentence(enum weird w);
