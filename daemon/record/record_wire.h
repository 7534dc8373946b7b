/*
 * record_wire.h -- a record as bytes, to cross from one process to another of the same program.
 *
 * Not a file format: both ends are forks of one build, so there is no version, and nothing but a
 * record that was packed here ever comes in. It is read as carefully as bytes of strangers are,
 * all the same.
 */
#pragma once

#include "daemon/base/blob.h"
#include "daemon/base/cursor.h"
#include "daemon/record/record.h"
#include "daemon/record/window_wire.h"
#include "daemon/transactions/transaction_wire.h"

#include <stdbool.h>

enum {
	/* The longest packed record: an alert with all the ids that it may name. */
	RECORD_WIRE_MAX = 8 * 1024,
	RECORD_WIRE_PIECE_MIN = WINDOW_PIECE_MIN + 16,
	RECORD_WIRE_LOSSES_MAX = 96,
};

/* Kinds of windows: they are packed in pieces. */
#define RECORD_WIRE_WINDOWS (RECORD_BIT(RECORD_WINDOW) | RECORD_BIT(RECORD_WINDOW_SO_FAR))
/* All others. */
#define RECORD_WIRE_KINDS ((RECORD_BIT(RECORD_KIND_COUNT) - 1) & ~RECORD_WIRE_WINDOWS)

/* A record that was unpacked, and what it points to. Strings lie in the bytes that it came from. */
struct record_unpacked {
	struct record record;
	union {
		struct record_evidence evidence;
		struct record_alert alert;
		struct obs_tunnel tunnel;
		struct record_clock_jump clock_jump;
		struct record_capture_gap capture_gap;
		struct record_loss_span loss_span;
		struct record_weird weird;
		struct record_timeline timeline;
		struct record_device device;
		struct record_address address;
		struct obs_arp arp;
		struct record_totals totals;
	};
	struct observation transaction;
	struct obs_talk talk;         /* what it points to */
	struct transaction_room said; /* and its struct */
	struct obs_flow flow;         /* of a flow, or a tunnel's */
	struct obs_outside outside;   /* what the flow points to, if it was carried */
	struct evidence_kind kind;    /* of evidence, or an alert's strongest */
	struct record_loss losses[RECORD_WIRE_LOSSES_MAX];
	struct record_loss weirds[RECORD_WIRE_LOSSES_MAX];
	struct record_loss whitelist[RECORD_WIRE_LOSSES_MAX];
};

/*
 * Append one record to `out`.
 *
 * r    of a kind in RECORD_WIRE_KINDS
 * out  overflows, and is to be thrown away, when there is no room
 */
void record_pack(struct blob *out, const struct record *r);

/*
 * Read one record.
 *
 * in            moves past it; the bytes must outlive `ret_unpacked`
 * ret_unpacked  written only in part when false is returned; holds pointers into itself
 * returns       false when the bytes are none that record_pack() wrote
 */
bool record_unpack(struct cursor *in, struct record_unpacked *ret_unpacked);

/*
 * Append one piece of a window.
 *
 * r        of a kind in RECORD_WIRE_WINDOWS
 * p        window_packing_of(r->window) before the first piece
 * out      has room for RECORD_WIRE_PIECE_MIN bytes at least
 * returns  true when it was the last piece
 */
bool record_pack_window(struct blob *out, const struct record *r, struct window_packing *p);

/* Is what comes next a piece of a window? */
bool record_is_window(const struct cursor *in);

/*
 * Read one piece of a window; record_is_window().
 *
 * ret_record  of WINDOW_WHOLE: a record that points into `windows`
 */
enum window_unpacked record_unpack_window(
	struct cursor *in, struct window_unpacking *windows, struct record *ret_record);
