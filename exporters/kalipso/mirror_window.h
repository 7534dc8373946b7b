/* mirror_window.h -- the windows of a mirror: found by host and number, due for targets, forgotten by age. */
#pragma once

#include "exporters/kalipso/mirror_inside.h"

/* returns NULL when there is none */
struct mirror_window *mirror_window_find(
	const struct mirror *m, const struct addr *host, int64_t number);

/* Find it, or make one: then the one that changed longest ago may have to go. returns NULL when memory is out */
struct mirror_window *mirror_window_open(
	struct mirror *m, const struct addr *host, const struct record_window_ref *ref);

/* Take over what is told of it. returns false when its tuples found no memory: then the old ones stay */
bool mirror_window_take(
	struct mirror *m, struct mirror_window *w, const struct record_window *from);

/* It changed: due for every target, and the last to be forgotten. */
void mirror_window_changed(struct mirror *m, struct mirror_window *w);

/* Due for one target, whole. */
void mirror_window_due(struct mirror *m, struct mirror_window *w, uint32_t target);

/* Free all that it has. Targets that may have it are told. */
void mirror_window_forget(struct mirror *m, struct mirror_window *w);
