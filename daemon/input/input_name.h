/*
 * input_name.h -- which files of a directory are logs, and of which log each is a piece.
 *
 * Known are the logs of Zeek that are followed, "eve", and nfdump's "nfcapd". A writer that rotates its log
 * gives the pieces names: conn.log, conn.00:00:00-01:00:00.log.gz, conn-24-04-19_00.00.00.log,
 * conn.2024-04-19.log, conn.log.1, conn.log-20240419.gz, eve-2024-04-19.json, nfcapd.202404191200. With
 * labels it is conn.log.labeled.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct input_name {
	const char *log; /* "conn", "eve", "nfcapd"; static */
	bool is_live;    /* its writer writes here: no piece of the past */
	bool is_labeled;
	size_t bare_length; /* of the name without what labels put behind it */
};

/* returns false when a file of that name is none of those */
bool input_name_parse(const char *name, struct input_name *ret);

/* Is a directory of that name one of days ("2024-04-19"), as Zeek's archive has them? */
bool input_name_is_day(const char *name);
