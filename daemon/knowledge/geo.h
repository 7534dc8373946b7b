/*
 * geo.h -- where an address is, and whose network it is in, as databases in MaxMind's format say.
 *
 * Two layouts are read: MaxMind's own (country.iso_code, autonomous_system_number and _organization) and the
 * flat one of others (country_code or country, asn, as_name). What no database says is unknown, and accuses
 * nobody. Opening the files is the caller's.
 */
#pragma once

#include "daemon/base/addr.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	GEO_DATABASES_MAX = 2, /* one for countries, one for networks; or one for both */
	GEO_ORG_MAX = 96,    /* bytes of a network's name, the NUL included; the rest is left out */
	GEO_REMEMBERED = 64, /* addresses whose answers are kept */
};

struct MMDB_s;
struct geo;

/* Empty: everything is unknown. returns NULL when memory is out */
struct geo *geo_new(void);
void geo_free(struct geo *g); /* or NULL; closes its databases */

/*
 * Take a database, after trying it: its description is sound, thousands of places of it can be read, and
 * at least one of them has a country or a network.
 *
 * db       as MMDB_open() made it
 * returns  NULL; or what is wrong with it, a sentence's end, and `db` stays the caller's
 * cost     4096 nodes and 8192 look-ups at most: 13 ms for the countries of the Internet
 */
const char *geo_add(struct geo *g, const struct MMDB_s *db);

/*
 * The country of an address.
 *
 * returns  two upper-case letters (ISO 3166-1), valid as long as `g`; NULL when it is not known
 * cost     0.1 us for one of the last GEO_REMEMBERED addresses, 1 us a database for another. Allocates nothing
 */
const char *geo_country(struct geo *g, const struct addr *a);

/*
 * The autonomous system that an address belongs to.
 *
 * ret_org  who runs it, as the database has it, not checked for anything; NULL when that is not known. Valid until
 *          GEO_REMEMBERED - 1 other addresses are asked about. May be NULL
 * returns  0 when it is not known
 */
uint32_t geo_asn(struct geo *g, const struct addr *a, const char **ret_org);
