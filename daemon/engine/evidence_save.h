/*
 * evidence_save.h -- the ledger of a window as bytes: what was told must not be told again.
 *
 * Detectors and kinds stand there by name, since the next engine may have others; what the names
 * of this engine do not cover is left out.
 */
#pragma once

#include "daemon/base/blob.h"
#include "daemon/base/cursor.h"

#include <stdbool.h>

struct engine;
struct window;

/* `w` is a window in which something was told. */
void evidence_save(const struct engine *e, const struct window *w, struct blob *b);

/*
 * Read what evidence_save() wrote.
 *
 * w        a window whose ledger is empty; NULL: look only whether it makes sense
 * returns  false when it does not; with a window only what made sense before may be given
 */
bool evidence_restore(struct engine *e, struct window *w, struct cursor *c);
