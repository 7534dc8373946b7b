/*
 * kalipso_value.h -- the values that the dialects share: text made harmless, letters, feature tables, tuples.
 *
 * Kalipso's boxes obey tags like {bold}, and its terminal obeys control characters: what came from the wire has its
 * braces replaced by parentheses and its control characters made visible (kalipso.md 6.3), in every value.
 */
#pragma once

#include "daemon/base/json.h"
#include "daemon/features.h"
#include "exporters/kalipso/dialect.h"

enum kalipso_keys {
	KALIPSO_COLONS, /* 203.0.113.66:48101:tcp */
	KALIPSO_DASHES, /* 203.0.113.66-48101-tcp */
};

enum kalipso_parts {
	KALIPSO_PACKETS, /* "198.51.100.130":3 */
	KALIPSO_OBJECTS, /* {"pkts":3,"spkts":3,"stime":"1602075700.0","uid":[]} */
};

/* A JSON string of hostile text, harmless. `most` bytes at the most. */
void kalipso_text(struct json *j, const char *text, size_t most);

/* "profile_192.168.2.12", "timewindow3", "profile_192.168.2.12_timewindow3": appended. */
void kalipso_profile(struct strbuf *out, const struct addr *host);
void kalipso_window(struct strbuf *out, const struct record_window_ref *w);
void kalipso_profile_window(
	struct strbuf *out, const struct addr *host, const struct record_window_ref *w);
enum { KALIPSO_KEY_MAX = 160 };

/* One feature dictionary as a JSON object; at most t->tuples_max rows and inner rows, the rest is counted. */
void kalipso_table(struct dialect_target *t, struct strbuf *out, const struct tuples *tuples,
	const struct feature_name *which, enum kalipso_parts parts, struct arena *memory);

/* Tuples of one role as a JSON object. `peer` in keys; the port is the responder's: of in-tuples ours. */
void kalipso_tuples(struct dialect_target *t, struct strbuf *out, const struct tuples *tuples,
	enum obs_role role, enum kalipso_keys keys);

/* All fields of the hash of a window that are tables and tuples, as arguments of an HSET that is begun. */
void kalipso_fields(struct dialect_target *t, const struct mirror_window *w,
	const char *server_ports_name, enum kalipso_keys keys, enum kalipso_parts parts);
