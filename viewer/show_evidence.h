/* show_evidence.h -- evidence as all screens have it: levels, rows, one by its id. */
#pragma once

#include "viewer/sheet.h"
#include "viewer/source.h"

enum { EVIDENCE_COLUMNS_MAX = 6 };

/* What a sheet of evidence is made of; `columns` are those that it has. */
struct evidence_rows {
	const struct source_evidence *evidence;
	size_t count;
	struct column columns[EVIDENCE_COLUMNS_MAX];
	uint8_t kinds[EVIDENCE_COLUMNS_MAX];
	size_t column_count;
};

/* 0 to 1: what a level weighs. An unknown one weighs nothing. */
double show_level(const char *threat);
enum grid_colour show_level_colour(const char *threat);

/*
 * A sheet over r->evidence.
 *
 * r        filled in; borrowed for the sheet's life
 * windows  they are of many: with the day, and the window's number
 * width    of what it is drawn into
 */
struct sheet show_evidence_sheet(struct evidence_rows *r, bool windows, unsigned width);

/* returns NULL when it is not there */
const struct source_evidence *show_evidence_find(
	const struct source_evidence *rows, size_t count, const char *id);
