/*
 * nfdump.c -- nfdump's text: one-way flow records in columns, paired into conversations.
 *
 * Columns by their names, in the older words (ts, sa, ipkt) and the newer ones (firstSeen, srcAddr, packets);
 * without a header where "-o csv" has them. Some versions cut times to whole seconds: the start is the
 * latest that fits both times and the duration. What follows the records ("Summary") is passed over.
 *
 * Sums of packets and bytes are sums; who is established follows the flags (flow_words.h).
 */
#include "daemon/input/nfdump.h"

#include "daemon/flow/flow_key.h"
#include "daemon/input/csv.h"
#include "daemon/input/flow_words.h"
#include "daemon/input/ip_proto_word.h"

#include "daemon/base/number_text.h"
#include "daemon/base/time_parse.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

enum column {
	FIRST,
	LAST,
	DURATION,
	SOURCE,
	DESTINATION,
	SOURCE_PORT,
	DESTINATION_PORT,
	PROTOCOL,
	FLAGS,
	PACKETS,
	BYTES,
	BACK_PACKETS,
	BACK_BYTES,
	COLUMN_COUNT,
};

enum { ALIASES = 3 };

struct column_name {
	const char *title[ALIASES]; /* the first is what people are told */
	int usual;                  /* where it stands without a header */
};

static const struct column_name names[COLUMN_COUNT] = {
	[FIRST] = { { "ts", "firstSeen", "first" }, 0 },
	[LAST] = { { "te", "lastSeen", "last" }, 1 },
	[DURATION] = { { "td", "duration" }, 2 },
	[SOURCE] = { { "sa", "srcAddr" }, 3 },
	[DESTINATION] = { { "da", "dstAddr" }, 4 },
	[SOURCE_PORT] = { { "sp", "srcPort" }, 5 },
	[DESTINATION_PORT] = { { "dp", "dstPort" }, 6 },
	[PROTOCOL] = { { "pr", "proto" }, 7 },
	[FLAGS] = { { "flg", "flags", "tcpFlags" }, 8 },
	[PACKETS] = { { "ipkt", "packets", "inPackets" }, 11 },
	[BYTES] = { { "ibyt", "bytes", "inBytes" }, 12 },
	[BACK_PACKETS] = { { "opkt", "outPackets" }, 13 },
	[BACK_BYTES] = { { "obyt", "outBytes" }, 14 },
};

static_assert((int)COLUMN_COUNT == (int)NFDUMP_COLUMNS, "each has its place");

/* A line, and what is made of it. */
struct row {
	struct input_stream *s;
	struct text_view column[COLUMN_COUNT]; /* empty where there is none */
	struct flow_part part;
};

static int
place_of(enum column column, const struct text_view *fields, size_t count)
{
	for (size_t f = 0; f < count; f++)
		for (unsigned a = 0; a < ALIASES && names[column].title[a] != NULL; a++)
			if (csv_is(fields[f], names[column].title[a]))
				return (int)f;
	return -1;
}

/* returns true when it is a header */
static bool
columns_named(struct nfdump_state *state, const struct text_view *fields, size_t count)
{
	if (place_of(FIRST, fields, count) < 0 || place_of(SOURCE, fields, count) < 0)
		return false;
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		state->at[i] = place_of(i, fields, count);
	state->has_columns = true;
	return true;
}

static void
columns_usual(struct nfdump_state *state)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		state->at[i] = names[i].usual;
	state->has_columns = true;
}

static int
bad(const struct row *r, enum column column, const char *expected)
{
	return input_stream_bad(r->s, names[column].title[0], r->column[column], expected);
}

static int
read_count(const struct row *r, enum column column, uint64_t *ret)
{
	const struct text_view *text = &r->column[column];

	*ret = 0;
	if (text->length == 0)
		return 0;
	if (number_text_count(text->at, text->length, ret) < 0)
		return bad(r, column, "count (nfdump -N prints numbers)");
	return 0;
}

static int
read_address(const struct row *r, enum column column, struct addr *ret)
{
	const struct text_view *text = &r->column[column];

	return addr_parse_bytes(text->at, text->length, ret) ? 0 : bad(r, column, "address");
}

static int
read_time(const struct row *r, enum column column, uint64_t *ret_ns)
{
	const struct text_view *text = &r->column[column];

	if (time_parse_date(text->at, text->length, r->s->plan->zone_s, ret_ns) == 0 ||
		number_text_seconds(text->at, text->length, ret_ns) == 0)
		return 0;
	return bad(r, column, "time");
}

static int
read_times(struct row *r)
{
	const struct text_view *duration = &r->column[DURATION];
	struct flow_part *part = &r->part;
	uint64_t length_ns = 0;
	int error = read_time(r, FIRST, &part->start_ns);

	if (error < 0)
		return error;
	if (duration->length != 0 &&
		number_text_seconds(duration->at, duration->length, &length_ns) < 0)
		return bad(r, DURATION, "number of seconds");
	part->end_ns = part->start_ns;
	if (r->column[LAST].length != 0)
		error = read_time(r, LAST, &part->end_ns);
	if (error < 0)
		return error;
	if (part->end_ns < length_ns || length_ns > UINT64_MAX - part->start_ns)
		return bad(r, DURATION, "number of seconds");
	if (part->end_ns - length_ns > part->start_ns)
		part->start_ns = part->end_ns - length_ns;
	part->end_ns = part->start_ns + length_ns;
	return 0;
}

/* "443", or of ICMP "3.1": type and code. */
static int
read_port(const struct row *r, enum column column, uint16_t *ret)
{
	const struct text_view *text = &r->column[column];
	const char *dot = text->length == 0 ? NULL : memchr(text->at, '.', text->length);
	size_t whole = dot == NULL ? text->length : (size_t)(dot - text->at);
	uint64_t value = 0;
	uint64_t code = 0;

	if (text->length != 0 && number_text_count(text->at, whole, &value) < 0)
		return bad(r, column, "port");
	if (dot != NULL) {
		if (value > UINT8_MAX ||
			number_text_count(dot + 1, text->length - whole - 1, &code) < 0 ||
			code > UINT8_MAX)
			return bad(r, column, "type and code of ICMP");
		value = value << 8 | code;
	}
	if (value > UINT16_MAX)
		return bad(r, column, "port");
	*ret = (uint16_t)value;
	return 0;
}

static int
read_ends(struct row *r)
{
	struct flow_part *part = &r->part;
	int error = read_address(r, SOURCE, &part->src);

	if (error == 0)
		error = read_address(r, DESTINATION, &part->dst);
	if (error == 0)
		error = read_port(r, SOURCE_PORT, &part->src_port);
	if (error == 0)
		error = read_port(r, DESTINATION_PORT, &part->dst_port);
	if (flow_key_is_icmp(part->ip_proto)) {
		uint16_t both = part->dst_port;
		part->src_port = both >> 8;
		part->dst_port = both & UINT8_MAX;
	}
	return error;
}

static int
read_numbers(struct row *r)
{
	struct flow_part *part = &r->part;
	int error = read_count(r, PACKETS, &part->forward.packets);

	if (error == 0)
		error = read_count(r, BYTES, &part->forward.bytes);
	if (error == 0)
		error = read_count(r, BACK_PACKETS, &part->reverse.packets);
	if (error == 0)
		error = read_count(r, BACK_BYTES, &part->reverse.bytes);
	/* What is told of both directions has the flags of both. */
	part->forward.tcp_flags = flow_words_flags(r->column[FLAGS]);
	if (part->reverse.packets != 0)
		part->reverse.tcp_flags = part->forward.tcp_flags;
	return error;
}

static int
read_row(struct row *r, struct flow_pair *pair)
{
	const struct text_view *protocol = &r->column[PROTOCOL];

	int error = read_times(r); /* what has none is no row at all */
	if (error < 0)
		return error;
	if (!ip_proto_word(protocol->at, protocol->length, &r->part.ip_proto))
		return input_stream_skip(r->s);
	error = read_ends(r);
	if (error == 0)
		error = read_numbers(r);
	if (error == 0)
		error = input_stream_time(r->s, r->part.end_ns);
	if (error < 0)
		return error;
	flow_pair_add(pair, &r->part, r->part.end_ns);
	return input_stream_keep(r->s);
}

/* "Summary" and the totals below it, or "No matching flows". */
static bool
is_talk(struct nfdump_state *state, struct text_view first)
{
	if (csv_is(first, "Summary") || csv_is(first, "No matching flows"))
		state->is_over = true;
	return state->is_over;
}

int
nfdump_line(struct input_stream *s, char *line, size_t length)
{
	struct nfdump_state *state = s->state;
	struct text_view fields[CSV_COLUMNS_MAX];
	struct row r = { .s = s };

	if (state->pair == NULL) {
		const struct flow_pair_plan plan = flow_pair_plan_of_files();
		state->pair = flow_pair_new(&plan);
	}
	if (state->pair == NULL)
		return input_stream_bad(s, "memory", (struct text_view){ line, length },
			"line that there is room for");
	size_t count =
		csv_split(line, length, csv_separator(line, length), fields, CSV_COLUMNS_MAX);
	if (is_talk(state, fields[0]) || columns_named(state, fields, count))
		return 0;
	if (!state->has_columns)
		columns_usual(state);
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		r.column[i] = state->at[i] >= 0 && (size_t)state->at[i] < count
				      ? fields[state->at[i]]
				      : (struct text_view){ "", 0 };
	return read_row(&r, state->pair);
}

/* The next conversation that need not wait. The lines' times are known here only: the rig is asked for the end alone. */
static bool
next_flow(struct input_stream *s, struct flow_pair *pair, bool is_over, struct obs_flow *ret_flow)
{
	bool is_due = flow_pair_next(pair, is_over ? UINT64_MAX : 0, ret_flow);
	struct flow_pair_counters c = flow_pair_counters(pair);

	s->evicted = c.evicted;
	s->refused = c.refused;
	return is_due;
}

int
nfdump_held(struct input_stream *s, uint64_t now_ns)
{
	struct nfdump_state *state = s->state;
	struct obs_flow flow;

	if (state->pair == NULL || !next_flow(s, state->pair, now_ns == UINT64_MAX, &flow))
		return 0;
	struct input_item *item = input_stream_item(s, 0, NULL, 0);
	struct flow_side orig_delta = flow.orig_delta;
	struct flow_side resp_delta = flow.resp_delta;
	uint64_t previous_ns = flow.previous_ns;
	item->flow = flow;
	input_item_flow(item);
	item->flow.orig_delta = orig_delta;
	item->flow.resp_delta = resp_delta;
	item->flow.previous_ns = previous_ns;
	if (flow.ended == FLOW_END_NONE)
		item->o.kind = OBS_FLOW_INTERIM;
	item->key_ns = flow_pair_now(state->pair); /* it was waited for */
	return 1;
}

void
nfdump_begin(struct input_stream *s, const char *first, size_t length)
{
	struct nfdump_state *state = s->state;

	(void)first;
	(void)length;
	state->has_columns = false;
	state->is_over = false;
}

void
nfdump_done(void *state)
{
	flow_pair_free(((struct nfdump_state *)state)->pair);
}

const struct input_format input_nfdump = {
	.name = "nfdump",
	.kind = INPUT_KIND_NFDUMP,
	.state_size = sizeof(struct nfdump_state),
	.line = nfdump_line,
	.held = nfdump_held,
	.begin = nfdump_begin,
	.done = nfdump_done,
};
