/* timeline_key.h -- members that all generations of Kalipso read in a timeline's entry. */
#pragma once

#include "daemon/base/json.h"
#include "daemon/base/strbuf.h"
#include "exporters/timeline_entry.h"

enum { TIMELINE_VALUE_MAX = 4096 };

/* A value that is put together. */
struct timeline_value {
	char text[TIMELINE_VALUE_MAX];
	struct strbuf b;
};

/* returns where it is appended to */
struct strbuf *timeline_value_begin(struct timeline_value *v);

/* The port's name in capitals, or "????" for NULL. */
const char *timeline_loud(struct timeline_value *v, const char *name);

/* What a transaction has in a column of Zeek's log. */
void timeline_key_said(
	struct json *j, const char *key, const struct observation *o, const char *column);
/* "timestamp", which everything else stands behind. */
void timeline_key_time(struct json *j, const struct timeline_entry *e);
/* Bytes as people read them. */
void timeline_key_bytes(struct json *j, const char *key, uint64_t bytes);
/* "443/TCP", or with a name "HTTPS/TCP"; of a message its type, "8/ICMP". */
void timeline_key_port(
	struct json *j, const char *key, const struct timeline_entry *e, const char *name);
/* "dns_resolution": names as a list, none as "????". */
void timeline_key_names(struct json *j, const struct record_timeline *t);
/* What HTTP said. The first generation has another key for what was asked for. */
void timeline_key_http(struct json *j, const struct observation *o, const char *request_key);
/* What the DNS answered. */
void timeline_key_answers(struct json *j, const char *key, const struct observation *o);
