/*
 * encode_syslog.h -- findings as RFC 5424 messages.
 *
 *	<163>1 2026-11-24T02:00:00.123456Z gw1 naiad 4711 HORIZONTAL_PORT_SCAN
 *		[naiad@32473 kind="evidence" id="..." ...] <BOM>192.168.1.10 scanned port 23/tcp ...
 *
 * (in one line). No encoding of the table, because its form depends on the outlet's settings.
 */
#pragma once

#include "exporters/exporter.h"

enum {
	SYSLOG_FACILITY_COUNT = 24,
	SYSLOG_MESSAGE_MIN = 1024, /* what is before the sentence always fits */
};

struct syslog_form {
	uint32_t facility;     /* 0 .. 23 */
	uint32_t enterprise;   /* private enterprise number of the structured data */
	size_t most;           /* bytes of a message, at least SYSLOG_MESSAGE_MIN */
	unsigned long process; /* PROCID; 0 is none */
};

/* The names of the facilities, in their order, and NULL: for a CONFIG_ENUM. */
extern const char *const syslog_facilities[];

/* Severity of RFC 5424 for a threat level: 6 for info to 2 for critical. */
unsigned syslog_severity(enum threat t);

/*
 * Append the message of a RECORD_EVIDENCE or RECORD_ALERT.
 *
 * out  empty, with room for `form->most` bytes and the NUL; a sentence that does not fit is cut at
 *      a character and ends in "..."
 */
void syslog_encode(const struct syslog_form *form, const struct run_info *run,
	const struct record *r, struct strbuf *out);

/*
 * Say that the message may be a repeat: repeat="yes" as the first parameter of its data.
 *
 * message  what syslog_encode() made, `length` bytes; has room for SYSLOG_REPEAT_BYTES more
 * returns  its new length
 */
size_t syslog_mark_repeat(char *message, size_t length);

enum { SYSLOG_REPEAT_BYTES = 13 };
