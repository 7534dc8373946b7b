/*
 * kalipso_text.h -- text as Kalipso can bear it, and the names of its keys.
 *
 * Kalipso's boxes obey tags like {bold}, and its terminal obeys control characters: what came from the wire has
 * its braces replaced by parentheses and its control characters made visible (kalipso.md 6.3), in every value.
 */
#pragma once

#include "daemon/base/json.h"
#include "daemon/base/strbuf.h"
#include "daemon/record/record.h"

#include <stddef.h>

enum {
	KALIPSO_TEXT_MAX = 512, /* bytes of one text from the wire; "..." stands for the rest */
	KALIPSO_KEY_MAX = 160,
	KALIPSO_PROTO_MAX = 16,
};

/* Append hostile text, harmless. */
void kalipso_put(struct strbuf *out, const char *text);
/* The same as a string of JSON, */
void kalipso_text(struct json *j, const char *text);
/* and as a key of an object. */
void kalipso_key(struct json *j, const char *text);

/*
 * Make the strings of a JSON document harmless where they lie: braces become parentheses, escapes of anything but
 * quotes and backslashes question marks.
 *
 * document  as json.h writes them
 */
void kalipso_tame(char *document, size_t length);

/* A key of a profile: `before`, "profile_192.168.2.12". returns room */
const char *kalipso_profile_key(
	char room[KALIPSO_KEY_MAX], const char *before, const struct addr *host);
/* A key of a window: "profile_192.168.2.12_timewindow3", `after`. returns room */
const char *kalipso_window_key(
	char room[KALIPSO_KEY_MAX], const struct addr *host, int64_t number, const char *after);
/* "timewindow3". returns room */
const char *kalipso_window_name(char room[KALIPSO_KEY_MAX], int64_t number);
/* "tcp"; "ip47" for one that Slips has no word for. returns it, or room */
const char *kalipso_proto(char room[KALIPSO_PROTO_MAX], uint8_t ip_proto);
