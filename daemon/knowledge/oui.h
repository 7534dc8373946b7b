/*
 * oui.h -- who made a network card: the vendors of MAC addresses, as the IEEE registers them.
 *
 * Made once from the text of the registry's list of large blocks (MA-L, "oui.txt", in Debian the package
 * ieee-data); then only looked up. Reading the file is the caller's.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/cursor.h"

#include <stdint.h>

enum {
	OUI_ENTRIES_MAX = 131072, /* what is past it is left out; the list had 32 530 in 2022 */
	OUI_NAME_MAX = 96,        /* bytes of a name, the NUL included; the rest is left out */
};

struct oui;

/*
 * Make a table out of a list. Lines that name no block are passed over, so what is no such list at all
 * makes an empty table.
 *
 * text     any bytes; not needed afterwards
 * returns  NULL when memory is out
 * cost     5 ms for the list of 2022 (5 MB, 32 530 blocks), which takes 1 MB afterwards
 */
struct oui *oui_new(struct cursor text);
void oui_free(struct oui *o); /* or NULL */

uint32_t oui_count(const struct oui *o);
/* What it costs. */
uint64_t oui_bytes(const struct oui *o);

/*
 * Who made a card.
 *
 * returns  a name, valid as long as `o`, as the list has it; NULL when nobody registered the block, or the
 *          address is nobody's: made up by its user, or a group's
 */
const char *oui_vendor(const struct oui *o, const struct mac *mac);
