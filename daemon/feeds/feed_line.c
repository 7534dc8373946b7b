/*
 * A line of a list in text. Lists differ in what stands around the indicator; which column it is, its first line of
 * data tells, and a later line that has it elsewhere is searched. No word in a line makes it one to leave out
 * (detections A28): a header is a line half of whose columns are words of headers, and none an indicator.
 */
#include "daemon/feeds/feed_indicator.h"
#include "daemon/feeds/feed_state.h"
#include "daemon/feeds/feed_text.h"

#include <string.h>

/* What a column of this name holds. */
enum role {
	ROLE_OTHER,
	ROLE_LEVEL,
	ROLE_DESCRIPTION,
	ROLE_TAG,
};

static const struct {
	const char *word;
	enum role role;
} header_words[] = {
	{ "type", ROLE_OTHER },
	{ "indicator", ROLE_OTHER },
	{ "indicator_type", ROLE_OTHER },
	{ "ioc", ROLE_OTHER },
	{ "value", ROLE_OTHER },
	{ "number", ROLE_OTHER },
	{ "ip", ROLE_OTHER },
	{ "ip_v4", ROLE_OTHER },
	{ "dst_ip", ROLE_OTHER },
	{ "dstip", ROLE_OTHER },
	{ "ip address", ROLE_OTHER },
	{ "dst_port", ROLE_OTHER },
	{ "dstport", ROLE_OTHER },
	{ "port", ROLE_OTHER },
	{ "domain", ROLE_OTHER },
	{ "host", ROLE_OTHER },
	{ "hostname", ROLE_OTHER },
	{ "url", ROLE_OTHER },
	{ "email", ROLE_OTHER },
	{ "rank", ROLE_OTHER },
	{ "rating", ROLE_OTHER },
	{ "score", ROLE_OTHER },
	{ "confidence", ROLE_OTHER },
	{ "date", ROLE_OTHER },
	{ "first_seen_utc", ROLE_OTHER },
	{ "last_online", ROLE_OTHER },
	{ "c2_status", ROLE_OTHER },
	{ "firstseen", ROLE_OTHER },
	{ "lastseen", ROLE_OTHER },
	{ "listingdate", ROLE_OTHER },
	{ "ja3_md5", ROLE_OTHER },
	{ "ja3 hash", ROLE_OTHER },
	{ "sha1", ROLE_OTHER },
	{ "md5", ROLE_OTHER },
	{ "sha256", ROLE_OTHER },
	{ "file_hash", ROLE_OTHER },
	{ "atom_type", ROLE_OTHER },
	{ "attacker", ROLE_OTHER },
	{ "app", ROLE_DESCRIPTION },
	{ "description", ROLE_DESCRIPTION },
	{ "desc", ROLE_DESCRIPTION },
	{ "meta.desc", ROLE_DESCRIPTION },
	{ "malware", ROLE_DESCRIPTION },
	{ "listingreason", ROLE_DESCRIPTION },
	{ "collection", ROLE_DESCRIPTION },
	{ "tags_str", ROLE_DESCRIPTION },
	{ "source", ROLE_DESCRIPTION },
	{ "meta.source", ROLE_OTHER },
	{ "level", ROLE_LEVEL },
	{ "threat level", ROLE_LEVEL },
	{ "threat_level", ROLE_LEVEL },
	{ "tag", ROLE_TAG },
	{ "tags", ROLE_TAG },
};

enum { HEADER_WORDS = sizeof(header_words) / sizeof(header_words[0]) };

/* A line, cut. */
struct columns {
	struct intel_text at[FEED_COLUMNS_MAX];
	size_t count;
};

static char
separator_of(struct intel_text line)
{
	static const char candidates[] = "\t,;";

	for (const char *c = candidates; *c != '\0'; c++)
		if (memchr(line.at, *c, line.length) != NULL)
			return *c;
	return ' ';
}

static int
header_word(struct intel_text t)
{
	for (int w = 0; w < HEADER_WORDS; w++)
		if (feed_text_is(t, header_words[w].word))
			return w;
	return -1;
}

static bool
is_header(const struct columns *c)
{
	size_t words = 0;

	for (size_t i = 0; i < c->count; i++)
		words += header_word(c->at[i]) >= 0;
	return words > 0 && words * 2 >= c->count;
}

static void
learn_header(struct feed_columns *known, const struct columns *c)
{
	known->has_header = true;
	for (size_t i = 0; i < c->count; i++) {
		int word = header_word(c->at[i]);
		enum role role = word >= 0 ? header_words[word].role : ROLE_OTHER;
		known->is_ja3 |= feed_text_begins(c->at[i], "ja3");
		if (role == ROLE_LEVEL)
			known->level = (int)i;
		if (role == ROLE_DESCRIPTION && known->description == FEED_COLUMN_UNKNOWN)
			known->description = (int)i;
		if (role == ROLE_TAG)
			known->tag = (int)i;
	}
}

/* Comments are where many lists have their header; and what says JA3 there is a list of those. */
static void
read_comment(struct feed_columns *known, struct intel_text line)
{
	struct columns c;

	while (line.length > 0 && (line.at[0] == '#' || line.at[0] == ';'))
		line = feed_text_from(line, 1);
	line = feed_text_trim(line);
	if (feed_text_begins(line, "fields\t"))
		line = feed_text_from(line, strlen("fields\t"));
	known->is_ja3 |= feed_text_holds(line, "ja3");
	if (line.length == 0)
		return;
	c.count = feed_text_split(line, separator_of(line), c.at, FEED_COLUMNS_MAX);
	if (c.count >= 2 && is_header(&c))
		learn_header(known, &c);
}

static bool
read_level(struct intel_text t, enum threat *ret)
{
	for (int level = 0; level < THREAT_COUNT; level++)
		if (feed_text_is(t, threat_name((enum threat)level))) {
			*ret = (enum threat)level;
			return true;
		}
	return false;
}

static enum feed_value
read_value(const struct feed *f, struct intel_text t, struct intel_indicator *what)
{
	return feed_indicator_read(t, f->columns.is_ja3 ? INTEL_JA3 : INTEL_MD5, what);
}

static struct intel_text
column(const struct columns *c, int at)
{
	return at >= 0 && (size_t)at < c->count ? c->at[at] : (struct intel_text){ "", 0 };
}

/* "2026-01-01T00:00:00Z" */
static bool
is_time(struct intel_text t)
{
	return t.length >= 20 && t.at[4] == '-' && t.at[10] == 'T' && t.at[t.length - 1] == 'Z';
}

/* From the beginning of a column to the end of the line. */
static struct intel_text
rest_of(struct intel_text line, struct intel_text from)
{
	size_t at = (size_t)(from.at - line.at);

	return feed_text_trim(feed_text_from(line, at));
}

/* What a line without a header says of its indicator. */
static void
describe(struct feed *f, struct intel_text line, const struct columns *c, int value,
	struct intel_indicator *what)
{
	struct intel_text next = column(c, value + 1);
	int last = (int)c->count - 1;

	if (read_level(next, &what->level)) {
		what->description = column(c, value + 2);
		what->tag = column(c, value + 3);
	} else if (is_time(next) && last >= value + 2) {
		what->description = rest_of(line, column(c, value + 2));
	} else if (f->columns.level == value + 1) { /* a word that is no level: the list's */
		what->description = column(c, value + 2);
	} else if (last != value) {
		what->description = column(c, last);
	}
}

static void
take_columns(struct feed *f, struct intel_text line, const struct columns *c, int value,
	struct intel_indicator *what)
{
	const struct feed_columns *known = &f->columns;

	if (known->has_header && known->description != FEED_COLUMN_UNKNOWN) {
		(void)read_level(column(c, known->level), &what->level);
		what->description = column(c, known->description);
		what->tag = column(c, known->tag);
	} else {
		describe(f, line, c, value, what);
	}
	feed_take(f, what);
}

/* Files that are known to be good: a description, then the digests of all that it is called. */
static void
take_good(struct feed *f, const struct columns *c)
{
	uint64_t before = f->stats.indicators;
	struct intel_indicator what = { .level = f->plan.level };

	for (size_t i = 0; i < c->count; i++)
		if (read_value(f, c->at[i], &what) == FEED_VALUE_TAKEN) {
			what.description = i > 0 ? c->at[0] : (struct intel_text){ "", 0 };
			feed_take(f, &what);
		}
	if (f->stats.indicators == before && f->refusal == FEED_ACCEPTED)
		feed_miss(f, false);
}

static void
read_columns(struct feed *f, struct intel_text line, const struct columns *c)
{
	struct intel_indicator what = { .level = f->plan.level };
	bool is_unsupported = false;

	if (f->plan.category == LIST_KNOWN_GOOD) {
		take_good(f, c);
		return;
	}
	if (read_value(f, column(c, f->columns.value), &what) == FEED_VALUE_TAKEN) {
		take_columns(f, line, c, f->columns.value, &what);
		return;
	}
	for (size_t i = 0; i < c->count; i++) {
		enum feed_value value = read_value(f, c->at[i], &what);
		is_unsupported |= value == FEED_VALUE_UNSUPPORTED;
		if (value != FEED_VALUE_TAKEN)
			continue;
		if (f->columns.value == FEED_COLUMN_UNKNOWN)
			f->columns.value = (int)i;
		take_columns(f, line, c, (int)i, &what);
		return;
	}
	feed_miss(f, is_unsupported);
}

/* "0.0.0.0 a.example b.example # text": names that somebody blocks. */
static bool
read_hosts(struct feed *f, struct intel_text line)
{
	struct intel_text left = line;
	struct intel_text first = feed_text_take(&left, " \t");
	struct intel_text names = feed_text_take(&left, "#");
	struct intel_indicator what = { .level = f->plan.level };

	if (!feed_text_is(first, "0.0.0.0") && !feed_text_is(first, "127.0.0.1") &&
		!feed_text_is(first, "::1") && !feed_text_is(first, "::"))
		return false;
	if (feed_text_trim(names).length == 0)
		return false;
	while (names.length > 0)
		if (feed_indicator_read(feed_text_trim(feed_text_take(&names, " \t")), INTEL_MD5,
			    &what) == FEED_VALUE_TAKEN &&
			what.type == INTEL_NAME)
			feed_take(f, &what);
	return true; /* "localhost" is no indicator, and no mistake */
}

/* "198.51.100.44 # Scanning Host", "203.0.113.0/24 ; SBL1", "198.51.100.44 text" */
static bool
read_with_text(struct feed *f, struct intel_text line)
{
	struct intel_indicator what = { .level = f->plan.level };
	struct intel_text left = line;
	struct intel_text value = feed_text_take(&left, " \t#;");

	if (value.length == line.length || read_value(f, value, &what) != FEED_VALUE_TAKEN)
		return false;
	if (line.at[value.length] == '\t' && memchr(left.at, '\t', left.length) != NULL)
		return false; /* columns */
	while (left.length > 0 && strchr(" \t#;", left.at[0]) != NULL)
		left = feed_text_from(left, 1);
	what.description = feed_text_trim(left);
	feed_take(f, &what);
	return true;
}

void
feed_read_line(struct feed *f, struct intel_text line)
{
	struct columns c;

	if (feed_text_begins(line, "\xef\xbb\xbf"))
		line = feed_text_from(line, 3);
	line = feed_text_trim(line);
	if (line.length == 0)
		return;
	if (line.at[0] == '#' || line.at[0] == ';') {
		read_comment(&f->columns, line);
		return;
	}
	f->stats.lines++;
	if (read_hosts(f, line) || read_with_text(f, line))
		return;
	c.count = feed_text_split(line, separator_of(line), c.at, FEED_COLUMNS_MAX);
	if (f->columns.value == FEED_COLUMN_UNKNOWN && is_header(&c))
		learn_header(&f->columns, &c);
	else
		read_columns(f, line, &c);
}
