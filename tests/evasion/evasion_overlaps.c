/*
 * evasion_overlaps.c -- E1: two fragments that bring bytes for the same place.
 *
 * All ways in which two ranges can lie to each other (the 13 of Allen 1983, as Shankar and Paxson 2003
 * went through them), with each policy. The marker spells whose bytes the victim reads: units of 8 bytes
 * are written `o` by the older fragment, `n` by the newer one, and `f` by what fills the rest.
 */
#include "daemon/weird.h"
#include "tests/evasion/parts.h"

#include <stdio.h>
#include <string.h>

enum {
	SPELLED_AT = 24, /* of the datagram's data: UDP, DNS header, length of the label, "abc" */
	SPELLED_UNITS = 7,
	SPELLED_END = SPELLED_AT + SPELLED_UNITS * PART_UNIT,
};

static void
first_wins(struct settings *s)
{
	s->fragments.policy = FRAGMENTS_FIRST;
}

static void
last_wins(struct settings *s)
{
	s->fragments.policy = FRAGMENTS_LAST;
}

static void
as_linux(struct settings *s)
{
	s->fragments.policy = FRAGMENTS_LINUX;
}

static void
as_windows(struct settings *s)
{
	s->fragments.policy = FRAGMENTS_WINDOWS;
}

static const struct stack {
	const char *name;
	void (*set)(struct settings *s);
} stacks[] = { { "first", first_wins }, { "last", last_wins }, { "linux", as_linux },
	{ "windows", as_windows } };

enum { FIRST, LAST, LINUX, WINDOWS, STACKS };

/* Units of the spelled label. */
struct range {
	unsigned from, to;
};

struct relation {
	const char *name;
	struct range older, newer;
	const char *spelled[STACKS]; /* what the victim reads; NULL: it drops the datagram */
};

static const struct relation relations[] = {
	{ "before", { 4, 6 }, { 0, 2 }, { "nnffoof", "nnffoof", "nnffoof", "nnffoof" } },
	{ "meets", { 2, 4 }, { 0, 2 }, { "nnoofff", "nnoofff", "nnoofff", "nnoofff" } },
	{ "overlaps", { 1, 5 }, { 0, 3 }, { "nooooff", "nnnooff", NULL, "nooooff" } },
	{ "starts", { 1, 5 }, { 1, 3 }, { "fooooff", "fnnooff", "fooooff", "fooooff" } },
	{ "during", { 1, 5 }, { 2, 4 }, { "fooooff", "fonnoff", "fooooff", "fooooff" } },
	{ "finishes", { 1, 5 }, { 3, 5 }, { "fooooff", "foonnff", "fooooff", "fooooff" } },
	{ "equals", { 1, 5 }, { 1, 5 }, { "fooooff", "fnnnnff", "fooooff", "fooooff" } },
	{ "started by", { 1, 4 }, { 1, 6 }, { "fooonnf", "fnnnnnf", NULL, "fooonnf" } },
	{ "contains", { 2, 4 }, { 0, 6 }, { "nnoonnf", "nnnnnnf", NULL, "nnnnnnf" } },
	{ "finished by", { 2, 5 }, { 0, 5 }, { "nnoooff", "nnnnnff", NULL, "nnoooff" } },
	{ "overlapped by", { 1, 5 }, { 3, 7 }, { "foooonn", "foonnnn", NULL, "foooonn" } },
	{ "met by", { 2, 4 }, { 4, 6 }, { "ffoonnf", "ffoonnf", "ffoonnf", "ffoonnf" } },
	{ "after", { 0, 2 }, { 4, 6 }, { "ooffnnf", "ooffnnf", "ooffnnf", "ooffnnf" } },
};

enum { RELATIONS = sizeof(relations) / sizeof(relations[0]) };

/* "abc", and each letter eight times. */
static void
spell(const char *letters, char ret_name[EVASION_NAME_MAX])
{
	char *at = ret_name + sprintf(ret_name, "abc");

	for (; *letters != '\0'; letters++, at += PART_UNIT)
		memset(at, *letters, PART_UNIT);
	(void)sprintf(at, ".example");
}

static void
send_units(struct evasion *v, const struct whole *w, struct range r, char letter)
{
	uint8_t bytes[SPELLED_UNITS * PART_UNIT];
	struct build b = part_of(w, SPELLED_AT + r.from * PART_UNIT, SPELLED_AT + r.to * PART_UNIT);

	memset(bytes, letter, sizeof(bytes));
	b.payload = bytes;
	evasion_send(v, build_ip, &b);
}

static bool
has(struct range r, unsigned unit)
{
	return r.from <= unit && unit < r.to;
}

struct overlap {
	const struct relation *relation;
	bool is_v6;
	bool is_same; /* both bring the same bytes */
};

static void
play_overlap(struct evasion *v, const void *argument)
{
	const struct overlap *o = argument;
	const struct relation *r = o->relation;
	struct whole w;

	whole_make(&w, o->is_v6, v->marker); /* the checksum is right for what the victim reads */
	part_send(v, &w, 0, SPELLED_AT);
	send_units(v, &w, r->older, o->is_same ? 'n' : 'o');
	send_units(v, &w, r->newer, 'n');
	for (unsigned unit = 0; unit < SPELLED_UNITS; unit++)
		if (!has(r->older, unit) && !has(r->newer, unit))
			send_units(v, &w, (struct range){ unit, unit + 1 }, 'f');
	part_send(v, &w, SPELLED_END, w.len);
}

static bool
overlap_touches(const struct relation *r)
{
	return r->older.from < r->newer.to && r->newer.from < r->older.to;
}

static bool
is_equal(const struct relation *r)
{
	return r->older.from == r->newer.from && r->older.to == r->newer.to;
}

/* IPv6 drops what overlaps, but for exact duplicates; Linux ignores all that is inside what is here. */
static bool
is_read(const struct overlap *o, unsigned stack)
{
	if (!overlap_touches(o->relation))
		return true;
	if (stack == LINUX)
		return o->relation->spelled[LINUX] != NULL;
	return !o->is_v6 || (o->is_same && is_equal(o->relation));
}

static void
overlap_expected(const struct overlap *o, unsigned stack, char text[128])
{
	const char *report = "";

	if (overlap_touches(o->relation)) {
		if (!o->is_same)
			report = weird_name(WEIRD_FRAGMENT_DIFFERENT);
		else if (!is_equal(o->relation))
			report = weird_name(WEIRD_FRAGMENT_OVERLAP);
	}
	(void)snprintf(text, 128, "%s%s%s%s", is_read(o, stack) ? "found" : "",
		is_read(o, stack) && report[0] != '\0' ? ", " : "",
		report[0] != '\0' ? "reported: " : "", report);
}

static void
play_relation(struct evasion_set *set, const struct overlap *o, unsigned stack)
{
	char name[128];
	char letters[SPELLED_UNITS + 1];
	char marker[EVASION_NAME_MAX];
	char expected[128];
	const char *spelled = o->relation->spelled[o->is_v6 ? FIRST : stack];

	(void)snprintf(letters, sizeof(letters), "%s",
		spelled != NULL ? spelled : o->relation->spelled[FIRST]);
	for (char *at = letters; o->is_same && *at != '\0'; at++)
		if (*at == 'o')
			*at = 'n';
	spell(letters, marker);
	overlap_expected(o, stack, expected);
	(void)snprintf(name, sizeof(name), "%s, %s: the newer fragment %s the older, %s bytes",
		o->is_v6 ? "IPv6" : "IPv4", stacks[stack].name, o->relation->name,
		o->is_same ? "the same" : "other");
	evasion_play(set,
		&(struct evasion_case){ .name = name,
			.play = play_overlap,
			.argument = o,
			.set = stacks[stack].set,
			.marker = marker,
			.expected = expected },
		1);
}

static void
play_relations(struct evasion_set *set)
{
	for (unsigned stack = 0; stack < STACKS; stack++)
		for (unsigned kind = 0; kind < 4; kind++)
			for (size_t i = 0; i < RELATIONS; i++) {
				struct overlap o = { &relations[i], kind / 2 == 1, kind % 2 == 1 };
				if (!o.is_v6 || stack == FIRST || stack == LINUX)
					play_relation(set, &o, stack);
			}
}

static const struct range older_runs[] = { { 0, 2 }, { 2, 4 } };

/* A run of two older ones, in order or not: Linux ignores what is inside a run, whatever it says. */
static void
play_run(struct evasion *v, const void *is_backwards)
{
	struct whole w;

	whole_make(&w, false, v->marker);
	part_send(v, &w, 0, SPELLED_AT);
	for (unsigned i = 0; i < 2; i++)
		send_units(v, &w, older_runs[is_backwards != NULL ? 1 - i : i], 'o');
	send_units(v, &w, (struct range){ 1, 3 }, 'n');
	send_units(v, &w, (struct range){ 4, 7 }, 'f');
	part_send(v, &w, SPELLED_END, w.len);
}

static void
play_runs(struct evasion_set *set)
{
	static const char different[] = "reported: fragment_different";

	for (unsigned stack = 0; stack < STACKS; stack++)
		for (int backwards = 0; backwards < 2; backwards++) {
			char name[128];
			char marker[EVASION_NAME_MAX];
			char expected[64];
			bool is_dropped = stack == LINUX && backwards;
			spell(stack == LAST ? "onnofff" : "oooofff", marker);
			(void)snprintf(expected, sizeof(expected), "%s%s",
				is_dropped ? "" : "found, ", different);
			(void)snprintf(name, sizeof(name),
				"IPv4, %s: a fragment over two older ones that came %s",
				stacks[stack].name, backwards ? "backwards" : "in order");
			evasion_play(set,
				&(struct evasion_case){ .name = name,
					.play = play_run,
					.argument = backwards ? &older_runs : NULL,
					.set = stacks[stack].set,
					.marker = marker,
					.expected = expected },
				1);
		}
}

int
main(void)
{
	struct evasion_set set = { .name = "overlaps" };

	play_relations(&set);
	play_runs(&set);
	return evasion_end(&set);
}
