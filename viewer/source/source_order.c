#include "viewer/source/source_order.h"

#include "daemon/base/addr.h"
#include "viewer/source/source_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_FIRST = 16 };

void *
source_row_add(struct source_rows_of *r)
{
	if (r->count == r->room) {
		size_t room = r->room > 0 ? 2 * r->room : ROOM_FIRST;
		void *rows = arena_alloc(r->memory, room * r->row_size);
		if (rows == NULL)
			return NULL;
		if (r->count > 0)
			memcpy(rows, r->rows, r->count * r->row_size);
		r->rows = rows;
		r->room = room;
	}
	return (char *)r->rows + r->row_size * r->count++;
}

/* qsort() wants no NULL, not even for nothing. */
static void
order(void *rows, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	if (count > 1)
		qsort(rows, count, size, compare);
}

/* ---- keys ---- */

/* What a key is compared by: a number, an address, or else its letters. */
struct place {
	unsigned kind; /* in order: 0 a number, 1 IPv4, 2 IPv6, 3 neither */
	struct addr addr;
	const char *text;
};

static struct place
place_of(const char *text)
{
	struct place p = { .kind = 3, .text = text };

	if (*text != '\0' && text[strspn(text, "0123456789")] == '\0')
		p.kind = 0;
	else if (addr_parse(text, &p.addr))
		p.kind = addr_is_v4(&p.addr) ? 1 : 2;
	return p;
}

/* Without zeros in front, the longer number is the greater. */
static int
compare_numbers(const char *a, const char *b)
{
	a += strspn(a, "0");
	b += strspn(b, "0");
	size_t of_a = strlen(a);
	size_t of_b = strlen(b);
	return of_a != of_b ? (of_a > of_b) - (of_a < of_b) : strcmp(a, b);
}

static int
compare_places(const struct place *a, const struct place *b)
{
	int difference = 0;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->kind == 0)
		difference = compare_numbers(a->text, b->text);
	else if (a->kind < 3)
		difference = memcmp(&a->addr, &b->addr, sizeof(a->addr));
	return difference != 0 ? difference : strcmp(a->text, b->text);
}

int
source_key_compare(const char *a, const char *b)
{
	const struct place of_a = place_of(a);
	const struct place of_b = place_of(b);

	return compare_places(&of_a, &of_b);
}

bool
source_tuple_key(const char *key, size_t length, struct arena *m, struct source_tuple *ret)
{
	const char *text = source_text(m, key, length);
	const char *port = strchr(text, '-');
	const char *proto = NULL;

	if (port != NULL && isdigit((unsigned char)port[1])) {
		proto = strchr(port + 1, '-'); /* an address has no '-', and "ipv6-icmp" has one */
	} else {
		proto = strrchr(text, ':');
		port = proto;
		while (port != NULL && port > text && *--port != ':')
			;
	}
	if (port == NULL || proto == NULL || port == text || *port != *proto)
		return false;
	ret->peer = source_text(m, text, (size_t)(port - text));
	ret->port = source_text(m, port + 1, (size_t)(proto - port - 1));
	ret->proto = proto + 1;
	return true;
}

/* ---- profiles ---- */

struct profile_place {
	struct place place;
	struct source_profile profile;
};

static int
compare_profiles(const void *a, const void *b)
{
	const struct profile_place *x = a;
	const struct profile_place *y = b;

	if (x->profile.infected != y->profile.infected)
		return x->profile.infected ? -1 : 1;
	return compare_places(&x->place, &y->place);
}

void
source_profiles_order(struct source_profile *profiles, size_t count, struct arena *room)
{
	struct profile_place *places =
		count > 1 ? arena_alloc(room, count * sizeof(*places)) : NULL;

	if (places == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		places[i] = (struct profile_place){ place_of(profiles[i].host), profiles[i] };
	order(places, count, sizeof(*places), compare_profiles);
	for (size_t i = 0; i < count; i++)
		profiles[i] = places[i].profile;
}

/* ---- what is in order of time, or number ---- */

static int
compare_windows(const void *a, const void *b)
{
	const struct source_window *x = a;
	const struct source_window *y = b;

	return (x->id.number > y->id.number) - (x->id.number < y->id.number);
}

void
source_windows_order(struct source_window *windows, size_t count)
{
	order(windows, count, sizeof(*windows), compare_windows);
}

static int
compare_times(uint64_t a, uint64_t b, const char *id_of_a, const char *id_of_b)
{
	return a != b ? (a > b) - (a < b) : strcmp(id_of_a, id_of_b);
}

static int
compare_evidence(const void *a, const void *b)
{
	const struct source_evidence *x = a;
	const struct source_evidence *y = b;

	return compare_times(x->ts_ns, y->ts_ns, x->id, y->id);
}

void
source_evidence_order(struct source_evidence *evidence, size_t count)
{
	order(evidence, count, sizeof(*evidence), compare_evidence);
}

static int
compare_alerts(const void *a, const void *b)
{
	const struct source_alert *x = a;
	const struct source_alert *y = b;

	return compare_times(x->ts_ns, y->ts_ns, x->id, y->id);
}

void
source_alerts_order(struct source_alert *alerts, size_t count)
{
	order(alerts, count, sizeof(*alerts), compare_alerts);
}

/* ---- tables ---- */

/* A row, or a part of one, with what its key is: an address is read once, and not at each comparison. */
struct row_place {
	struct place place;
	union {
		struct source_row row;
		struct source_part part;
	};
};

static int
compare_rows(const void *a, const void *b)
{
	const struct row_place *x = a;
	const struct row_place *y = b;
	int protos = strcmp(x->row.proto, y->row.proto); /* "TCP" is before "UDP" by itself */

	if (protos != 0)
		return protos;
	if (x->row.bytes != y->row.bytes)
		return x->row.bytes < y->row.bytes ? 1 : -1;
	if (x->row.packets != y->row.packets) /* all that a scan has */
		return x->row.packets < y->row.packets ? 1 : -1;
	return compare_places(&x->place, &y->place);
}

void
source_table_order(struct source_row *rows, size_t count)
{
	struct row_place *places = count > 1 ? malloc(count * sizeof(*places)) : NULL;

	if (places == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		places[i] = (struct row_place){ place_of(rows[i].key), { .row = rows[i] } };
	order(places, count, sizeof(*places), compare_rows);
	for (size_t i = 0; i < count; i++)
		rows[i] = places[i].row;
	free(places);
}

static int
compare_parts(const void *a, const void *b)
{
	const struct row_place *x = a;
	const struct row_place *y = b;

	if (x->part.packets != y->part.packets)
		return x->part.packets < y->part.packets ? 1 : -1;
	return compare_places(&x->place, &y->place);
}

void
source_parts_order(struct source_part *parts, size_t count)
{
	struct row_place *places = count > 1 ? malloc(count * sizeof(*places)) : NULL;

	if (places == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		places[i] = (struct row_place){ place_of(parts[i].key), { .part = parts[i] } };
	order(places, count, sizeof(*places), compare_parts);
	for (size_t i = 0; i < count; i++)
		parts[i] = places[i].part;
	free(places);
}
