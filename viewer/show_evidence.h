/* show_evidence.h -- evidence as all screens have it: levels, rows, one by its id. */
#pragma once

#include "viewer/sheet.h"
#include "viewer/source.h"

enum { EVIDENCE_COLUMNS = 5 };

/* 0 to 1: what a level weighs. An unknown one weighs nothing. */
double show_level(const char *threat);
enum grid_colour show_level_colour(const char *threat);

/* A sheet of evidence; the first column is the time, or with `windows` the window's number too. */
struct sheet show_evidence_sheet(const struct source_evidence *rows, size_t count, bool windows);

/* returns NULL when it is not there */
const struct source_evidence *show_evidence_find(
	const struct source_evidence *rows, size_t count, const char *id);
