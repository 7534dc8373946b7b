/* show_evidence.h -- evidence as all screens have it: levels, rows, one by its id. */
#pragma once

#include "viewer/sheet.h"
#include "viewer/source.h"

/* 0 to 1: what a level weighs. An unknown one weighs nothing. */
double show_level(const char *threat);
enum grid_colour show_level_colour(const char *threat);

/* A sheet of evidence; windows: of many, with the day and the window's number. */
struct sheet show_evidence_sheet(const struct source_evidence *rows, size_t count, bool windows);

/* returns NULL when it is not there */
const struct source_evidence *show_evidence_find(
	const struct source_evidence *rows, size_t count, const char *id);
