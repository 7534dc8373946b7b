/*
 * source_order.h -- what all kinds of sources do alike with their rows: let them grow, put them in order, take keys apart.
 *
 * Orders are those of source.h, and total: the same rows are in the same order, wherever they come from.
 */
#pragma once

#include "viewer/source/source.h"

/* Rows that become more, in the arena of who asked. Zeroed but for the first two. */
struct source_rows_of {
	struct arena *memory;
	size_t row_size;
	void *rows;
	size_t count, room;
};

/* Room for one more, zeroed. returns NULL when memory is out: what was there before is still good */
void *source_row_add(struct source_rows_of *r);

/*
 * Put profiles in order, infected first, then by address: IPv4, IPv6, then what is no address, by its letters.
 *
 * room  sorted in here and left there; when it has none, they stay as they are
 */
void source_profiles_order(struct source_profile *profiles, size_t count, struct arena *room);
void source_windows_order(struct source_window *windows, size_t count); /* by number */
void source_evidence_order(struct source_evidence *evidence, size_t count);
void source_alerts_order(struct source_alert *alerts, size_t count);
/* TCP before UDP, there the most bytes first, then by key; a row's parts: the most packets first. As they are when
 * memory is out. */
void source_table_order(struct source_row *rows, size_t count);
void source_parts_order(struct source_part *parts, size_t count);

/* Ports by number, addresses by what they are, other texts by their letters. returns < 0, 0, > 0 */
int source_key_compare(const char *a, const char *b);

/*
 * Take the key of a tuple apart: "203.0.113.66-48101-tcp", or with ':' as the first generations have it. Fills peer,
 * port and proto. returns false when it is none
 */
bool source_tuple_key(const char *key, size_t length, struct arena *m, struct source_tuple *ret);
