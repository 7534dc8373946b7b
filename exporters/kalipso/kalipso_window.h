/* kalipso_window.h -- what all dialects write of a window: its hash, its lines, and for how long. */
#pragma once

#include "exporters/kalipso/dialect.h"
#include "exporters/kalipso/kalipso_table.h"

/* In what a window's tables and tuples differ. */
struct kalipso_form {
	const char
		*server_ports; /* a second name of "DstPortsServer": "dstPortsServer"; NULL: none */
	enum kalipso_parts parts;
	char separator; /* in tuple keys */
};

/*
 * Write tables and tuples into the hash of a window, which is there in any case afterwards.
 *
 * In as many HSETs as their sizes ask.
 */
void kalipso_fields(
	struct dialect_target *t, const struct mirror_window *w, const struct kalipso_form *form);

/* How a line of a timeline becomes arguments of a command. */
struct kalipso_lines {
	const char *command; /* "ZADD" */
	void (*put)(
		struct strbuf *out, const struct record_timeline *r); /* nothing: it is not told */
	void (*put_more)(
		struct strbuf *out, const struct record_timeline *r); /* a second; NULL: none */
	bool is_sorted; /* a sorted set: its time stands before it; else a list */
};

/* Append the lines that the target has not got yet, in order of time, and keep the newest t->timeline_max of all. */
void kalipso_timeline(
	struct dialect_target *t, const struct mirror_window *w, const struct kalipso_lines *lines);

/* Its hash and its timeline live on, as what stands for all windows does; */
void kalipso_expire_window(struct dialect_target *t, const struct mirror_window *w);
/* or they go. */
void kalipso_delete_window(struct dialect_target *t, const struct addr *host, int64_t number);

/* Remove a key. */
void kalipso_delete(struct dialect_target *t, uint32_t db, const char *key);
/* A command with one argument after its key. */
void kalipso_command(struct dialect_target *t, uint32_t db, const char *name, const char *key,
	const char *argument);
/* The key lives t->ttl_s from now on; nothing when keys stay. */
void kalipso_expire(struct dialect_target *t, uint32_t db, const char *key);

/* Before a window, of its profile, which the UI looks up: "{}" in IPsInfo if nothing is known of it. */
void kalipso_profile_info(struct dialect_target *t, const struct mirror_window *w);
/* Nothing is left of the profile: remove that, if it is all there was. */
void kalipso_profile_info_gone(struct dialect_target *t, const struct addr *host);

/* The sensor's own addresses: a set, or of the first a string, which is all that the UI of the talk can read. */
void kalipso_own(struct dialect_target *t, bool as_string);
