#include "exporters/kalipso/reputation_line.h"

#include "daemon/base/json_read.h"
#include "daemon/base/time_parse.h"
#include "daemon/base/time_text.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBER_ROOM = 64 };

enum member {
	MEMBER_ADDRESS,
	MEMBER_URL,
	MEMBER_DOWNLOADED,
	MEMBER_REFERRING,
	MEMBER_COMMUNICATING,
	MEMBER_TIME,
	MEMBER_COUNT,
};

static const struct {
	const char *name, *expected;
} members[MEMBER_COUNT] = {
	[MEMBER_ADDRESS] = { "address", "\"address\" to be an IPv4 or IPv6 address" },
	[MEMBER_URL] = { "url", "\"url\" to be a number from 0 to 1" },
	[MEMBER_DOWNLOADED] = { "downloaded", "\"downloaded\" to be a number from 0 to 1" },
	[MEMBER_REFERRING] = { "referring", "\"referring\" to be a number from 0 to 1" },
	[MEMBER_COMMUNICATING] = { "communicating",
		"\"communicating\" to be a number from 0 to 1" },
	[MEMBER_TIME] = { "time", "\"time\" to be a date like 2026-11-26T10:00:00Z" },
};

#define BIT(member) (1U << (member))
#define ALL_SCORES                                                          \
	(BIT(MEMBER_URL) | BIT(MEMBER_DOWNLOADED) | BIT(MEMBER_REFERRING) | \
		BIT(MEMBER_COMMUNICATING))

static enum member
member_of(const struct json_value *v)
{
	size_t i = 0;

	while (i < MEMBER_COUNT && (strlen(members[i].name) != v->path_length ||
					   memcmp(members[i].name, v->path, v->path_length) != 0))
		i++;
	return (enum member)i;
}

static bool
take_score(const struct json_value *v, double *ret)
{
	char text[NUMBER_ROOM];

	if (v->type != JSON_READ_NUMBER || v->length >= sizeof(text))
		return false;
	memcpy(text, v->text, v->length);
	text[v->length] = '\0';
	*ret = strtod(text, NULL) + 0.0; /* -0 becomes 0 */
	return *ret >= 0 && *ret <= 1;
}

static bool
take_time(const struct json_value *v, uint64_t *ret_s)
{
	uint64_t ns;

	if (v->type != JSON_READ_TEXT || time_parse_date(v->text, v->length, 0, &ns) != 0)
		return false;
	*ret_s = ns / NS_PER_S;
	return true;
}

/* returns false when it is not what it is to be */
static bool
take(enum member member, const struct json_value *v, struct reputation_scores *ret)
{
	switch (member) {
	case MEMBER_ADDRESS:
		return v->type == JSON_READ_TEXT &&
		       addr_parse_bytes(v->text, v->length, &ret->addr);
	case MEMBER_URL:
		return take_score(v, &ret->url);
	case MEMBER_DOWNLOADED:
		return take_score(v, &ret->downloaded);
	case MEMBER_REFERRING:
		return take_score(v, &ret->referring);
	case MEMBER_COMMUNICATING:
		return take_score(v, &ret->communicating);
	case MEMBER_TIME:
		return take_time(v, &ret->time_s);
	case MEMBER_COUNT:
		break;
	}
	return true;
}

/* What is to become of all members of a line. */
struct line {
	struct reputation_scores *ret;
	unsigned seen, told; /* bits of members; told: not as null */
	const char *expected;
};

static void
take_member(struct line *l, const struct json_read *r, const struct json_value *v)
{
	enum member member = member_of(v);

	if (member == MEMBER_COUNT || l->expected != NULL)
		return;
	if ((l->seen & BIT(member)) != 0)
		l->expected = "each member once, and not as a list";
	l->seen |= BIT(member);
	if (v->type == JSON_READ_NULL || l->expected != NULL)
		return;
	l->told |= BIT(member);
	if (!json_read_is_member(r) || !take(member, v, l->ret))
		l->expected = members[member].expected;
}

const char *
reputation_line(const char *text, size_t length, struct reputation_scores *ret)
{
	struct line l = { .ret = ret };
	struct json_read r;
	struct json_value v;
	int result;

	*ret = (struct reputation_scores){ 0 };
	json_read_begin(&r, text, length);
	while ((result = json_read_next(&r, &v)) == 1)
		take_member(&l, &r, &v);
	if (result != 0)
		return "a JSON object";
	if (l.expected != NULL)
		return l.expected;
	if ((l.told & BIT(MEMBER_ADDRESS)) == 0)
		return members[MEMBER_ADDRESS].expected;
	return (l.told & ALL_SCORES) != 0
		       ? NULL
		       : "one of \"url\", \"downloaded\", \"referring\" and \"communicating\" at least";
}
