/*
 * input_stream.h -- what a format is: a function from a line to observations.
 *
 * The rig (input.c) opens files, finds lines, merges streams and counts; a format only says what a line
 * means. It keeps what it needs between lines (columns, certificates, half conversations) in a state of
 * its own, and writes what it tells into the stream's items.
 */
#pragma once

#include "daemon/input/input.h"
#include "daemon/transactions/transaction_read.h"

enum {
	INPUT_ITEMS_MAX = 4,        /* observations of one line */
	INPUT_TEXT_MAX = 64 << 10,  /* bytes of texts of one line */
	INPUT_LINE_MAX = 256 << 10, /* a longer one is skipped and counted */
	INPUT_COMPLAINT_MAX = 200,
};

#define INPUT_LOOK_EVERYWHERE UINT64_MAX /* look_ahead: the lines lie in no order at all */

/* An observation and the room for all that it points to. What a conversation's end has stands before the rest. */
struct input_item {
	struct observation o;
	uint64_t key_ns; /* time that has come when it is told; 0: as o.ts_ns */
	struct obs_flow flow;
	char history[FLOW_HISTORY_MAX + 1];
	char service[64];
	char label[128];
	struct obs_talk talk;
	struct obs_arp arp;
	struct obs_tunnel tunnel; /* its flow is the one above */
	struct obs_weird weird;
	struct transaction_read said;
};

struct input_stream {
	const struct input_plan *plan;
	const struct input_format *format;
	void *state;  /* `state_size` bytes, zeroed at first */
	void *shared; /* `shared_size` bytes, zeroed at first: one for all streams of the format */
	const char *path;     /* as people are told it */
	const char *log;      /* static text: what the format found the file to be; "" at first */
	uint64_t line;        /* number of the line at hand, from 1 */
	uint64_t believed_ns; /* the latest time that has come with a line; 0: none has */
	uint64_t doubted_ns;  /* of the line before, which was too far ahead; 0: it was not */
	bool in_any_order; /* the rig puts them in order: one far ahead harms none of the others */
	uint64_t look_ahead; /* lines ahead of which one may belong here, by begin(); 0: none */
	struct input_item items[INPUT_ITEMS_MAX];
	char *text; /* INPUT_TEXT_MAX bytes that the items' texts share; free again with each line */
	size_t text_used;
	char complaint[INPUT_COMPLAINT_MAX]; /* of a bad line: "orig_pkts: \"x\" is no count" */
	uint64_t skipped;                    /* lines of nothing that we follow */
	uint64_t kept;                       /* lines that are held back, to be told later */
	uint64_t cut_texts;                  /* for which there was no room */
	uint64_t unknown;                    /* logs, events or columns that nobody follows */
	uint64_t evicted, refused; /* of what is held back, as flow_pair_counters has them */
};

/* One row of input_formats.def. */
struct input_format {
	const char *name;
	enum input_kind kind;
	size_t state_size;
	size_t shared_size; /* what one file says of another's lines; owns nothing. 0: none */
	/*
	 * What a line says. `line` is NUL-terminated, without '\n' and '\r', and may be written to.
	 *
	 * returns  how many items were filled, 0 .. INPUT_ITEMS_MAX; 0 for a header, for a line of nothing that
	 *          we follow (input_stream_skip() says that it was no header) and for one that is held back
	 *          (input_stream_keep() says so); -EBADMSG: see `complaint`
	 */
	int (*line)(struct input_stream *s, char *line, size_t length);
	/*
	 * At little cost, when what a line tells began, and the key of it: of a file that is put in order all lines are
	 * asked before they are told. What is wrong here harms the order only. NULL: line() is asked.
	 *
	 * returns  false: line() is to be asked
	 */
	bool (*times)(const struct input_stream *s, const char *line, size_t length,
		uint64_t *ret_begin_ns, uint64_t *ret_key_ns);
	/*
	 * An item is about to be told: whatever comes before it in other files was read by now, so this is the
	 * time to look into `shared`. NULL: no line depends on another file's.
	 */
	void (*telling)(struct input_stream *s, struct input_item *item);
	/*
	 * What the format held back, and may hold back no longer now that `now_ns` has come: the latest key
	 * of the stream so far (a format that told nothing yet knows the times of its lines better), and
	 * UINT64_MAX at the end. Called after each line, until it gives 0. NULL: nothing is ever held back.
	 *
	 * returns  1: items[0] is filled; 0
	 */
	int (*held)(struct input_stream *s, uint64_t now_ns);
	/*
	 * A file begins, before its first line; s->path is its name. At the second and later ones of a stream
	 * (rotation) what was kept of the file before is forgotten: headers, columns. NULL: nothing to do.
	 *
	 * first  of the file's bytes as many as are at hand, 0 .. 128 KiB, for who must look ahead
	 */
	void (*begin)(struct input_stream *s, const char *first, size_t length);
	void (*done)(void *state); /* NULL: the state owns nothing */
	/*
	 * Where the lines are not those of the file, open what they come from: a program that reads it.
	 * NULL: the file has the lines.
	 *
	 * returns  a descriptor, which the rig closes; -errno and one line
	 */
	int (*open)(struct input_stream *s, const char *path, char ret_error[INPUT_ERROR_MAX]);
	/* Its lines are over, or are wanted no more. returns 0; -EIO: they were not all, s->complaint says why. */
	int (*close)(struct input_stream *s);
};

/* The time that has come with an item. */
static inline uint64_t
input_item_key(const struct input_item *item)
{
	return item->key_ns != 0 ? item->key_ns : item->o.ts_ns;
}

/* When what it tells began. */
static inline uint64_t
input_item_begins(const struct input_item *item)
{
	return observation_is_flow(&item->o) ? item->flow.start_ns : item->o.ts_ns;
}

/*
 * Make an item empty: zeroed, its transaction unset with the stream's texts behind it.
 *
 * index   0 .. INPUT_ITEMS_MAX - 1, in this order: an item's texts lie behind those of the one before, which
 *         takes no more of them
 * fields, size  of the struct that is read; NULL: none
 */
struct input_item *input_stream_item(
	struct input_stream *s, size_t index, const struct transaction_field *fields, size_t size);

/* The line at hand is nothing that we follow: counted as skipped. returns 0. */
int input_stream_skip(struct input_stream *s);

/* The line at hand is read, and held back: held() will tell it. returns 0. */
int input_stream_keep(struct input_stream *s);

/*
 * Is the time that comes with the line believed? One line of the year 2100 would close every window, and all
 * that follows would come late. What is more than a year ahead is believed when the next line says so too:
 * somebody set a clock. Of lines that are put in order it is the last, and believed. The rig asks for the first
 * item of each line; a format that keeps a line asks before.
 *
 * returns  0; -EBADMSG, and `complaint` says by how much
 */
int input_stream_time(struct input_stream *s, uint64_t key_ns);

/*
 * The line at hand is bad: `what` (a column) and `value` go into the complaint, made safe to print.
 *
 * returns  -EBADMSG
 */
int input_stream_bad(
	struct input_stream *s, const char *what, struct text_view value, const char *expected);

/* Copy a text into the `room` bytes of one of an item's: cut where it is longer; NULL is "". */
void input_item_text(char *to, size_t room, const char *text);

/* The flow is the conversation of item->talk: its names, ends and protocol. */
void input_item_ends(struct input_item *item);

/*
 * Fill what every flow needs and no log has: deltas are totals, previous_ns is the start, texts that are
 * NULL become "", o points to the flow, the key is the end. `kind` OBS_FLOW_END.
 */
void input_item_flow(struct input_item *item);

/* The item tells its transaction of that kind, in the conversation of item->talk. */
void input_item_said(struct input_item *item, enum obs_kind kind);
