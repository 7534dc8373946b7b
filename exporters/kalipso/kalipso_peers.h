/*
 * kalipso_peers.h -- peers of which nothing is known, and that have "{}" in IPsInfo all the same.
 *
 * One without ends the UI of 2020 when it is selected (kalipso.md 5.3). The wire names them, so they are bounded:
 * who was told is remembered, and those that no window named for longest go.
 */
#pragma once

#include "daemon/base/table.h"
#include "exporters/kalipso/dialect.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

enum {
	KALIPSO_PEERS_KEPT = 12288,      /* that have one while nothing is written */
	KALIPSO_PEERS_WINDOW_MAX = 4096, /* of one window; by default its tuples show fewer */
	KALIPSO_PEERS_MAX = KALIPSO_PEERS_KEPT + KALIPSO_PEERS_WINDOW_MAX,
};

struct kalipso_peers {
	struct table table;
	TAILQ_HEAD(, kalipso_peer) ages; /* the one that was named longest ago first */
	uint64_t forgotten;              /* whose entry was removed to make room */
};

/* returns 0 or -ENOMEM */
int kalipso_peers_init(struct kalipso_peers *p);
void kalipso_peers_done(struct kalipso_peers *p); /* a zeroed one as well */
/* Bytes that one takes at most. */
uint64_t kalipso_peers_bytes(void);

/* Give those of a window an entry, before it is written. */
void kalipso_peers_tell(struct dialect_target *t, const struct mirror_window *w);

/*
 * Make room for those of another window, if need be: remove some entries, but not what belongs to a profile or to an
 * address that is told. t->peers NULL: nothing happens. returns whether there may be more to remove
 */
bool kalipso_peers_gone(struct dialect_target *t);
