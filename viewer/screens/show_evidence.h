/* show_evidence.h -- evidence as all screens have it: the colours of levels, and rows. */
#pragma once

#include "viewer/screens/sheet.h"
#include "viewer/source/source.h"

/* Of what is unknown: plain. */
enum grid_colour show_level_colour(const char *threat);

/* A sheet of evidence; windows: of many, with the day and the window's number. */
struct sheet show_evidence_sheet(const struct source_evidence *rows, size_t count, bool windows);
