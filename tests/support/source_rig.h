/* source_rig.h -- a source over a store that is made for one test. */
#pragma once

#include "tests/support/store_build.h"
#include "viewer/source/source.h"

/* One host in one window of one run, from second 100 to 200. */
#define ONE_RUN                                                                                    \
	"INSERT INTO runs(id, version, sensor, live, inputs, settings, ended, packets, bytes,"     \
	" flows, first_ns, last_ns) VALUES(1, '0.1', 'edge', 0, '[\"a.pcap\"]', '', 1, 7, 700, 3," \
	" 100, 190);"
#define ONE_WINDOW                                                                                      \
	ONE_RUN "INSERT INTO profiles VALUES(1, '10.0.0.5');"                                           \
		"INSERT INTO windows(id, profile, run, number, start_ns, end_ns, told_ns, closed, sum)" \
		" VALUES(7, 1, 1, 1, 100, 200, 150, 1, 2.5);"

/* Of the test at hand. */
extern struct arena memory;
extern struct source *source;

int source_rig_setup(void **state);
int source_rig_teardown(void **state);

void open_file(const char *path);
/* Over a new store that these statements fill. */
void open_with(const char *sql);
/* It is not opened, and the one line why not has these words. */
void assert_refused(const char *path, const char *words);
void assert_trouble(const char *words);
void assert_no_trouble(void);
struct source_window_id window(const char *host, int64_t number);
