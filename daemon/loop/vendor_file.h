/* vendor_file.h -- the list of who made which network cards, read from its file. */
#pragma once

#include "daemon/record/record.h"

struct oui;

/*
 * Read the list, if anybody wants devices, or evidence: for that vendors are a help, and nothing is said when there
 * are none.
 *
 * path     NULL or "": none is wanted
 * wanted   RECORD_BIT()s of what is written
 * returns  to be freed with oui_free(); NULL when there is none, after a line that says why
 *          if devices are wanted
 */
struct oui *vendor_file_load(const char *path, uint32_t wanted);
