/* feed_rig.h -- read a list, and tell what was taken of it, one indicator a line. */
#pragma once

#include "daemon/feeds/feed.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct feed_rig {
	struct feed_plan plan;
	struct feed_stats stats;
	uint64_t line;
	enum feed_refusal refusal;
	enum feed_refusal answer; /* what `take` says */
	char told[8192];
	size_t used;
};

static inline void feed_rig_tell(struct feed_rig *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static inline void
feed_rig_tell(struct feed_rig *r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int length = vsnprintf(r->told + r->used, sizeof(r->told) - r->used, format, args);
	va_end(args);
	assert_true(length >= 0);
	r->used += (size_t)length;
	if (r->used >= sizeof(r->told))
		r->used = sizeof(r->told) - 1;
}

/* "198.51.100.7 high text [tag]" */
static inline enum feed_refusal
feed_rig_take(void *user, const struct intel_indicator *what)
{
	static const char *const digests[] = { "ja3", "ja4", "md5", "sha1", "sha256" };
	struct feed_rig *r = user;
	char addr[ADDR_TEXT_MAX];

	if (what->type == INTEL_NETWORK) {
		unsigned length = what->network.prefix_len;
		feed_rig_tell(r, "%s", addr_format(&what->network.base, addr));
		if (length < 128)
			feed_rig_tell(
				r, "/%u", addr_is_v4(&what->network.base) ? length - 96 : length);
	} else if (what->type == INTEL_ASN) {
		feed_rig_tell(r, "AS%" PRIu32, what->asn);
	} else {
		feed_rig_tell(r, "%s%s%.*s",
			what->type == INTEL_DIGEST ? digests[what->digest] : "",
			what->type == INTEL_DIGEST ? ":" : "", (int)what->text.length,
			what->text.at);
	}
	feed_rig_tell(r, " %s", threat_name(what->level));
	if (what->description.length > 0)
		feed_rig_tell(r, " %.*s", (int)what->description.length, what->description.at);
	if (what->tag.length > 0)
		feed_rig_tell(r, " [%.*s]", (int)what->tag.length, what->tag.at);
	feed_rig_tell(r, "\n");
	return r->answer;
}

/* Read `text` in slices of `slice` bytes. */
static inline void
feed_rig_read(struct feed_rig *r, const char *text, size_t length, size_t slice)
{
	r->plan.take = feed_rig_take;
	r->plan.user = r;
	r->used = 0;
	r->told[0] = '\0';
	struct feed *f = feed_new(&r->plan);
	assert_non_null(f);
	for (size_t at = 0; at < length; at += slice) {
		size_t left = length - at < slice ? length - at : slice;
		char *exact = malloc(left);
		assert_non_null(exact);
		memcpy(exact, text + at, left);
		(void)feed_read(f, exact, left);
		free(exact);
	}
	r->refusal = feed_end(f);
	r->stats = feed_stats(f);
	r->line = feed_line(f);
	feed_free(f);
}

/* What is taken of a list of medium level. */
static inline const char *
feed_rig_told(struct feed_rig *r, const char *text)
{
	*r = (struct feed_rig){ .plan = { .level = THREAT_MEDIUM,
					.now_ns = r->plan.now_ns,
					.category = r->plan.category } };
	feed_rig_read(r, text, strlen(text), strlen(text) + 1);
	return r->told;
}
