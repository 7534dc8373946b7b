/*
 * argus.c -- Argus' conversations, as ra(1) prints them: one line each, its columns named by the first line.
 *
 * Columns are found by parts of their names, as Slips does, since everybody prints others. An answer's
 * numbers are what is left of the sum, if they have no column of their own. ICMP has its type and code in
 * the source port ("0x0303": code, then type). Lines of what is not IP (arp, llc) are passed over.
 *
 * Argus counts the bytes of frames, and of a TCP state says which flags were seen, not when. So there is
 * no payload, no history, and no service.
 */
#include "daemon/flow/flow_key.h"
#include "daemon/input/csv.h"
#include "daemon/input/flow_id.h"
#include "daemon/input/flow_words.h"
#include "daemon/input/input_stream.h"
#include "daemon/input/ip_proto_word.h"

#include "daemon/base/number_text.h"
#include "daemon/base/time_parse.h"

#include <netinet/in.h>
#include <string.h>

enum column {
	TIME,
	DURATION,
	PROTOCOL,
	SOURCE,
	SOURCE_PORT,
	DIRECTION,
	DESTINATION,
	DESTINATION_PORT,
	STATE,
	PACKETS,
	BYTES,
	SOURCE_BYTES,
	SOURCE_PACKETS,
	DESTINATION_BYTES,
	DESTINATION_PACKETS,
	LABEL,
	COLUMN_COUNT,
};

struct column_name {
	const char *part;  /* of the column's name */
	const char *title; /* what people are told */
	int usual;         /* where it stands without a header; -1: nowhere */
};

static const struct column_name names[COLUMN_COUNT] = {
	[TIME] = { "time", "StartTime", 0 },
	[DURATION] = { "dur", "Dur", 1 },
	[PROTOCOL] = { "proto", "Proto", 2 },
	[SOURCE] = { "srca", "SrcAddr", 3 },
	[SOURCE_PORT] = { "sport", "Sport", 4 },
	[DIRECTION] = { "dir", "Dir", 5 },
	[DESTINATION] = { "dsta", "DstAddr", 6 },
	[DESTINATION_PORT] = { "dport", "Dport", 7 },
	[STATE] = { "state", "State", 8 },
	[PACKETS] = { "totpkts", "TotPkts", 11 },
	[BYTES] = { "totbytes", "TotBytes", 12 },
	[SOURCE_BYTES] = { "srcbytes", "SrcBytes", 13 },
	[SOURCE_PACKETS] = { "srcpkts", "SrcPkts", 14 },
	[DESTINATION_BYTES] = { "dstbytes", "DstBytes", -1 },
	[DESTINATION_PACKETS] = { "dstpkts", "DstPkts", -1 },
	[LABEL] = { "label", "Label", 15 },
};

struct argus_state {
	bool is_begun; /* the first line was looked at */
	char separator;
	int at[COLUMN_COUNT]; /* -1: the file has no such column */
};

/* A line, and what is made of it. */
struct row {
	struct input_stream *s;
	struct text_view column[COLUMN_COUNT]; /* empty where there is none */
	struct obs_flow *flow;
	bool is_turned; /* the destination opened it */
};

static void
columns_usual(struct argus_state *state)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		state->at[i] = names[i].usual;
}

/* returns false when this is no header */
static bool
columns_named(struct argus_state *state, const struct text_view *fields, size_t count)
{
	int at[COLUMN_COUNT];

	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		at[i] = -1;
		for (size_t f = 0; f < count && at[i] < 0; f++)
			if (csv_holds(fields[f], names[i].part))
				at[i] = (int)f;
	}
	if (at[TIME] < 0 || at[SOURCE] < 0 || at[DESTINATION] < 0)
		return false;
	memcpy(state->at, at, sizeof(at));
	return true;
}

static int
bad(const struct row *r, enum column column, const char *expected)
{
	return input_stream_bad(r->s, names[column].title, r->column[column], expected);
}

static int
read_count(const struct row *r, enum column column, uint64_t *ret)
{
	const struct text_view *text = &r->column[column];

	*ret = 0;
	if (text->length == 0)
		return 0;
	return number_text_count(text->at, text->length, ret) < 0 ? bad(r, column, "count") : 0;
}

/* ICMP and IGMP have none, or hexadecimal ones. */
static int
read_port(const struct row *r, enum column column, uint16_t *ret)
{
	const struct text_view *text = &r->column[column];
	uint64_t value = 0;

	if (text->length != 0 && number_text_any(text->at, text->length, &value) < 0)
		return bad(r, column, "port (ra -n prints numbers)");
	if (value > UINT16_MAX)
		return bad(r, column, "port");
	*ret = (uint16_t)value;
	return 0;
}

static int
read_address(const struct row *r, enum column column, struct addr *ret)
{
	const struct text_view *text = &r->column[column];

	return addr_parse_bytes(text->at, text->length, ret) ? 0 : bad(r, column, "address");
}

static int
read_times(const struct row *r)
{
	const struct text_view *start = &r->column[TIME];
	const struct text_view *duration = &r->column[DURATION];
	uint64_t length_ns = 0;
	struct obs_flow *f = r->flow;

	if (time_parse_date(start->at, start->length, r->s->plan->zone_s, &f->start_ns) < 0 &&
		number_text_seconds(start->at, start->length, &f->start_ns) < 0)
		return bad(r, TIME, "time");
	if (duration->length != 0 &&
		number_text_seconds(duration->at, duration->length, &length_ns) < 0)
		return bad(r, DURATION, "number of seconds");
	if (length_ns > UINT64_MAX - f->start_ns)
		return bad(r, DURATION, "number of seconds");
	f->last_ns = f->start_ns + length_ns;
	return 0;
}

/* Of ICMP type and code stand in the source port as one number, of ICMPv6 in two. */
static void
set_icmp(struct obs_flow *f)
{
	uint16_t both = f->orig_port;

	if (f->ip_proto != IPPROTO_ICMP)
		return;
	f->orig_port = both & UINT8_MAX;
	f->resp_port = both >> 8;
}

static int
read_ends(const struct row *r)
{
	struct obs_flow *f = r->flow;
	int error = read_address(r, SOURCE, &f->orig);

	if (error == 0)
		error = read_address(r, DESTINATION, &f->resp);
	if (error == 0)
		error = read_port(r, SOURCE_PORT, &f->orig_port);
	if (error == 0)
		error = read_port(r, DESTINATION_PORT, &f->resp_port);
	/* The tuples that other programs make of such a file have the destination port as it is written. */
	if (error == 0 && !r->s->plan->file_order)
		set_icmp(f);
	return error;
}

/* What both sent, less what the source sent, unless the destination has a column of its own. */
static int
read_shares(const struct row *r, enum column total, enum column source, enum column destination,
	uint64_t *ret_source, uint64_t *ret_destination)
{
	uint64_t sum;
	int error = read_count(r, total, &sum);

	if (error == 0)
		error = read_count(r, source, ret_source);
	if (error == 0)
		error = read_count(r, destination, ret_destination);
	if (error < 0)
		return error;
	if (r->column[source].length == 0)
		*ret_source = sum - (*ret_destination < sum ? *ret_destination : sum);
	if (r->column[destination].length == 0)
		*ret_destination = sum - (*ret_source < sum ? *ret_source : sum);
	return 0;
}

static int
read_numbers(const struct row *r)
{
	struct flow_side *orig = &r->flow->orig_total;
	struct flow_side *resp = &r->flow->resp_total;
	int error = read_shares(
		r, PACKETS, SOURCE_PACKETS, DESTINATION_PACKETS, &orig->packets, &resp->packets);

	if (error == 0)
		error = read_shares(r, BYTES, SOURCE_BYTES, DESTINATION_BYTES, &orig->ip_bytes,
			&resp->ip_bytes);
	orig->payload_bytes = orig->ip_bytes;
	resp->payload_bytes = resp->ip_bytes;
	return error;
}

static void
turn(struct obs_flow *f)
{
	struct addr addr = f->orig;
	struct flow_side side = f->orig_total;

	f->orig = f->resp;
	f->resp = addr;
	f->orig_total = f->resp_total;
	f->resp_total = side;
	if (flow_key_is_icmp(f->ip_proto))
		return; /* type and code are of both sides */
	uint16_t port = f->orig_port;
	f->orig_port = f->resp_port;
	f->resp_port = port;
}

/* Only "<-" says that the destination opened it: "<->" and "<?>" do not, and some words end in "->". */
static bool
opened_by_destination(struct text_view direction)
{
	return csv_holds(direction, "<-") && !csv_holds(direction, "<->");
}

static void
set_words(struct row *r)
{
	struct obs_flow *f = r->flow;
	struct flow_words w = flow_words_of_argus(r->column[STATE], f->ip_proto,
		f->orig_total.packets + f->resp_total.packets, r->is_turned);

	f->state = w.state;
	f->ended = w.ended;
	f->established = w.established;
}

static void
set_label(const struct row *r, struct input_item *item)
{
	size_t length = r->column[LABEL].length;

	if (length >= sizeof(item->label)) {
		length = sizeof(item->label) - 1;
		r->s->cut_texts++;
	}
	if (length != 0)
		memcpy(item->label, r->column[LABEL].at, length);
}

static int
read_row(struct row *r)
{
	struct input_item *item = input_stream_item(r->s, 0, NULL, 0);
	const struct text_view *protocol = &r->column[PROTOCOL];

	r->flow = &item->flow;
	int error = read_times(r); /* what has none is no row at all */
	if (error < 0)
		return error;
	if (!ip_proto_word(protocol->at, protocol->length, &item->flow.ip_proto))
		return input_stream_skip(r->s);
	error = read_ends(r);
	if (error == 0)
		error = read_numbers(r);
	if (error < 0)
		return error;
	r->is_turned = !r->s->plan->file_order && opened_by_destination(r->column[DIRECTION]);
	if (r->is_turned)
		turn(r->flow);
	set_words(r);
	set_label(r, item);
	flow_id_of_ends(r->flow, &r->flow->uid, &r->flow->id);
	input_item_flow(item);
	item->key_ns = r->flow->start_ns; /* some print when it began, some when it was over */
	return 1;
}

static int
argus_line(struct input_stream *s, char *line, size_t length)
{
	struct argus_state *state = s->state;
	struct text_view fields[CSV_COLUMNS_MAX];
	struct row r = { .s = s };

	if (length == 0)
		return 0;
	if (!state->is_begun)
		state->separator = csv_separator(line, length);
	size_t count = csv_split(line, length, state->separator, fields, CSV_COLUMNS_MAX);
	if (!state->is_begun) {
		state->is_begun = true;
		columns_usual(state);
		if (columns_named(state, fields, count))
			return 0;
	}
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		r.column[i] = state->at[i] >= 0 && (size_t)state->at[i] < count
				      ? fields[state->at[i]]
				      : (struct text_view){ "", 0 };
	int told = read_row(&r);
	/* Files that were put together have a header each. */
	return told < 0 && columns_named(state, fields, count) ? 0 : told;
}

static void
argus_begin(struct input_stream *s, const char *first, size_t length)
{
	struct argus_state *state = s->state;

	(void)first;
	(void)length;
	state->is_begun = false;
}

const struct input_format input_argus = {
	.name = "argus",
	.kind = INPUT_KIND_ARGUS,
	.state_size = sizeof(struct argus_state),
	.line = argus_line,
	.begin = argus_begin,
};
