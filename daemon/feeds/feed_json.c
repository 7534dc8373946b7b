/*
 * An object of a list in JSON: rstcloud's lines, cert.pl's array, and whatever has an indicator under one of the
 * usual names.
 */
#include "daemon/base/json_read.h"
#include "daemon/base/time_parse.h"
#include "daemon/feeds/feed_indicator.h"
#include "daemon/feeds/feed_state.h"
#include "daemon/feeds/feed_text.h"

static const uint64_t valid_ns =
	UINT64_C(7) * 24 * 3600 * 1000000000; /* of cert.pl's (detections §3.4) */

static const char *const value_paths[] = { "ip.v4", "ip.v6", "ip", "domain", "DomainAddress",
	"indicator", "ioc", "value", "ja3", "ja4", "sha1", "sha256", "md5", NULL };
static const char *const description_paths[] = { "description", "tags.str", "malware", "threat",
	"src.name", NULL };

static bool
is_one_of(struct intel_text path, const char *const *paths)
{
	for (; *paths != NULL; paths++)
		if (feed_text_is(path, *paths))
			return true;
	return false;
}

static bool
is_old(const struct feed *f, struct intel_text date)
{
	uint64_t at_ns;

	return time_parse_date(date.at, date.length, 0, &at_ns) == 0 && f->plan.now_ns > at_ns &&
	       f->plan.now_ns - at_ns > valid_ns;
}

void
feed_read_object(struct feed *f, struct intel_text object)
{
	struct intel_indicator what = { .level = f->plan.level };
	enum feed_value best = FEED_VALUE_NONE;
	bool past = false;
	struct json_read r;
	struct json_value v;
	int result;

	f->stats.lines++;
	json_read_begin(&r, object.at, object.length);
	while ((result = json_read_next(&r, &v)) == 1) {
		struct intel_text path = { v.path, v.path_length };
		struct intel_text text = { v.text, v.length };
		if (v.type != JSON_READ_TEXT)
			continue;
		if (best != FEED_VALUE_TAKEN && is_one_of(path, value_paths)) {
			enum intel_digest md5_is =
				feed_text_is(path, "ja3") ? INTEL_JA3 : INTEL_MD5;
			enum feed_value value =
				feed_indicator_read(feed_text_trim(text), md5_is, &what);
			best = value > best ? value : best;
		} else if (what.description.length == 0 && is_one_of(path, description_paths)) {
			what.description = text;
		}
		past |= feed_text_is(path, "InsertDate") && is_old(f, text);
	}
	if (result != 0)
		f->refusal = FEED_UNREADABLE;
	else if (past)
		f->stats.old++;
	else if (best == FEED_VALUE_TAKEN)
		feed_take(f, &what);
	else
		feed_miss(f, best == FEED_VALUE_UNSUPPORTED);
}
