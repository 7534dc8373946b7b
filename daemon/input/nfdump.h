/* nfdump.h -- the reading of nfdump's text, wherever it comes from. */
#pragma once

#include "daemon/input/flow_pair.h"
#include "daemon/input/input_stream.h"
#include "daemon/input/nfdump_run.h"

enum { NFDUMP_COLUMNS = 13 };

struct nfdump_state {
	struct flow_pair *pair; /* made at the first line */
	struct nfdump_run run;  /* of a binary file */
	bool has_columns;
	bool is_over; /* the summary has begun */
	int at[NFDUMP_COLUMNS];
};

/* The functions of a struct input_format. */
int nfdump_line(struct input_stream *s, char *line, size_t length);
int nfdump_held(struct input_stream *s, uint64_t now_ns);
void nfdump_begin(struct input_stream *s, const char *first, size_t length);
void nfdump_done(void *state);
