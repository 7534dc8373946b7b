/*
 * timeline_text.h -- a timeline's entry as people read it: the lines of the first Kalipso (behaviour §7.1).
 *
 *	2019/10/22 22:45:16.123456 - https asked to 216.58.201.106 443/tcp, Sent: 966, Recv: 957, Tot: 1.88Kb
 *	2019/10/22 22:45:16.123456 	- www.example. Issuer: . Trust Cert: ?? (Resumed). Subject: . Version: TLSv12. Resumed: True
 *
 * Times are UTC, so that the same capture gives the same file. Bytes are of the payload. Hostile text is
 * made harmless for terminals.
 */
#pragma once

#include "daemon/base/strbuf.h"
#include "daemon/record/record.h"

/*
 * Append one or two lines, each with its line end; nothing for protocols that timelines do not tell
 * (all but TCP, UDP, ICMP and IGMP).
 */
void timeline_text(struct strbuf *out, const struct record_timeline *t);
