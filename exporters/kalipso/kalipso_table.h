/* kalipso_table.h -- feature dictionaries and tuples of a window as Kalipso's tables read them (kalipso.md 3.2). */
#pragma once

#include "daemon/observation.h"
#include "daemon/tuples/features.h"
#include "exporters/kalipso/dialect.h"

enum kalipso_parts {
	KALIPSO_PACKETS, /* "198.51.100.130":3 */
	KALIPSO_OBJECTS, /* {"pkts":3,"spkts":3,"stime":"1602075700.000000","uid":[]} */
};

/*
 * One dictionary as a JSON object.
 *
 * Over t->tuples_max rows those with the most bytes are written, as they are what the UI shows first; and no
 * more inner rows than that in all. What is not written, for this or for want of room in `out`, is counted.
 */
void kalipso_table(struct dialect_target *t, struct strbuf *out, const struct tuples *tuples,
	const struct feature_name *which, enum kalipso_parts parts);

/* Is there anything in that dictionary? */
bool kalipso_table_has_rows(const struct tuples *tuples, const struct feature_name *which);
