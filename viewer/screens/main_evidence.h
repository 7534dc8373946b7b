/* main_evidence.h -- the evidence of the window that is looked at. */
#pragma once

#include "viewer/model.h"

/* Draws it; the one under the cursor is m->evidence, and when keys go here the other party m->address. */
void main_evidence_draw(struct model *m, const struct area *a);
/* Another window was chosen: put the cursor on its strongest evidence, from which one wants to begin. */
void main_evidence_start(struct model *m);
/* Enter: explains it. < > s: sort. */
bool main_evidence_key(struct model *m, const struct key_event *e);
