/*
 * main_timeline.h -- what the host did in the window that is looked at; only what is shown is asked for.
 */
#pragma once

#include "viewer/model.h"

/* Draws it, and puts the peer under the cursor into m->address when keys go here. */
void main_timeline_draw(struct model *m, const struct area *a);
/* Enter: the conversation. Space, +: what was said, or not. s: the newest first. w: copies the peer. A click. */
bool main_timeline_key(struct model *m, const struct key_event *e);
/* Look a little further for the filter's text. returns false when all was looked at */
bool main_timeline_go_on(struct model *m);
