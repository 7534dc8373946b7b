/*
 * live_input_state.h -- the inputs beside the interfaces from inside, for the files that make them up.
 *
 * live_input_open.c opens and closes them, live_input.c has their events, live_input_take.c brings what they say to
 * the engine, live_input_report.c tells how they are.
 */
#pragma once

#include "daemon/input/input_file.h"
#include "daemon/loop/input_exporter.h"
#include "daemon/loop/input_positions.h"
#include "daemon/loop/input_socket.h"
#include "daemon/loop/input_udp.h"
#include "daemon/loop/input_watch.h"
#include "daemon/loop/input_where.h"
#include "daemon/loop/writer/writer.h"

#include <stdbool.h>
#include <stdint.h>

struct event;
struct live;

enum { LIVE_INPUT_LABEL_MAX = 256 };

struct live_input_counters {
	uint64_t observations; /* brought to the engine */
	uint64_t ahead;        /* of a time that has not come yet: dropped */
	uint64_t lines, read, skipped, bad, long_lines, cut_texts;
	uint64_t last_ns; /* time of what was told last; 0: nothing yet */
	uint64_t lag_ns;  /* how far that is behind the clock; 0: all that is there was read */
};

struct live_input {
	struct live *live;
	struct input_where where;
	uint32_t type; /* enum live_input_type */
	uint64_t delay_ns;
	char *path;                       /* as the setting has it, "unix:" and all */
	char label[LIVE_INPUT_LABEL_MAX]; /* of its metrics */
	uint16_t interface;               /* its number in `told`, behind the interfaces */
	struct live_input_counters counters;

	/* Files. */
	struct input *files;
	bool is_at_end;                 /* nothing more is there now */
	const struct observation *next; /* read, and not told yet; NULL: none is */
	uint64_t next_key_ns;

	/* A Unix socket, and what its lines mean. */
	struct input_socket *socket;
	struct input_plan plan;
	struct input_stream stream;
	struct input_file lines; /* that they make up: counted as a file's are */
	uint64_t line;           /* number of the last */

	/* UDP. */
	struct input_udp *udp;
	struct input_exporter *exporter;
	struct event *readable;
};

struct live_inputs {
	struct live_input of[LIVE_INPUTS_MAX];
	size_t count;
	struct input_position positions[INPUT_POSITIONS_MAX]; /* of the last run */
	size_t position_count;
	uint8_t noted[WRITER_NOTE_MAX]; /* positions of this run, as the writer has them */
	size_t noted_length;
	struct input_watch *watch; /* NULL: no files, or no inotify */
	struct event *watched, *more;
};

extern const struct metric live_input_metric_rows[];

/* live_input_take.c */

/*
 * Bring files' lines to the engine, over all inputs in the order of their times, for one turn.
 *
 * returns  whether there is more now
 */
bool live_input_take_files(struct live *l);
/* How far files were read and told. returns how many */
size_t live_input_positions(struct live *l, struct input_position ret[INPUT_POSITIONS_MAX]);
/* A line of a Unix socket; `input` is a struct live_input. */
void live_input_take_line(void *input, char *line, size_t length);
/* A datagram; the same. */
void live_input_take_datagram(void *input, const struct addr *from, struct cursor bytes);
/* What waited for its other direction, and need not wait after now_ns. */
void live_input_take_waiting(struct live_input *i, uint64_t now_ns);
/* What lines before it left open: at the end. */
void live_input_take_held(struct live_input *i);
