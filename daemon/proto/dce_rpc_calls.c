#include "daemon/proto/dce_rpc_calls.h"

#include "daemon/base/strbuf.h"
#include "daemon/proto/wire_text.h"
#include "daemon/transactions/dce_rpc.h"

#include <string.h>

enum {
	REQUEST = 0,
	RESPONSE = 2,
	FAULT = 3,
	BIND = 11,
	BIND_ACK = 12,
	ALTER_CONTEXT = 14,
	TYPE_MAX = 19,
	IS_FIRST = 0x01,
	VERSION = 5,
	SYNTAX_BYTES = 20, /* a UUID and a version */
	AUTH_HEAD = 8,
};

struct header {
	uint8_t type, flags;
	bool is_big; /* numbers are big-endian */
	uint16_t size, auth_size;
	uint32_t id;
};

static uint16_t
read_16(const struct header *h, struct cursor *c)
{
	return h->is_big ? cursor_be16(c) : cursor_le16(c);
}

static uint32_t
read_32(const struct header *h, struct cursor *c)
{
	return h->is_big ? cursor_be32(c) : cursor_le32(c);
}

/* returns false when no message begins so: the format of numbers has few values, and zeros behind them */
static bool
header_read(struct cursor *c, struct header *h)
{
	uint8_t version = cursor_u8(c);
	uint8_t minor = cursor_u8(c);

	h->type = cursor_u8(c);
	h->flags = cursor_u8(c);
	uint8_t order = cursor_u8(c);
	uint8_t floats = cursor_u8(c);
	uint16_t zero = cursor_be16(c);
	h->is_big = order >> 4 == 0;
	h->size = read_16(h, c);
	h->auth_size = read_16(h, c);
	h->id = read_32(h, c);
	return version == VERSION && minor <= 1 && h->type <= TYPE_MAX && order >> 4 <= 1 &&
	       (order & 0xf) <= 1 && floats <= 3 && zero == 0 && h->size >= DCE_RPC_HEAD;
}

uint32_t
dce_rpc_size(struct cursor head)
{
	/* Where nothing came yet stands what is no reason to refuse it. */
	uint8_t bytes[DCE_RPC_HEAD] = { VERSION, [8] = DCE_RPC_HEAD, [9] = DCE_RPC_HEAD };
	size_t left = cursor_left(&head);
	struct header h;

	cursor_bytes(&head, bytes, left < sizeof(bytes) ? left : sizeof(bytes));
	struct cursor c = cursor_over(bytes, sizeof(bytes));
	if (!header_read(&c, &h))
		return UINT32_MAX;
	return left < 10 ? 0 : h.size;
}

/* ---- what is told ---- */

static const struct dce_rpc_bound *
bound_of(const struct dce_rpc_calls *d, uint16_t id)
{
	for (size_t i = 0; i < DCE_RPC_BOUND; i++)
		if (d->bound[i].is_used && d->bound[i].id == id)
			return &d->bound[i];
	return NULL;
}

static void
put_hex(struct strbuf *out, uint32_t number)
{
	static const char digits[] = "0123456789abcdef";

	strbuf_text(out, "0x");
	for (unsigned shift = 32; shift > 0; shift -= 4)
		strbuf_char(out, digits[number >> (shift - 4) & 0xf]);
}

/* rtt_ns  TRANSACTION_UNSET: there was no answer; `fault` is NULL then, and when the call went well */
static void
tell(const struct dce_rpc_calls *d, struct dce_rpc_waiting *w, const struct proto_call *call,
	uint64_t rtt_ns, const char *fault)
{
	char endpoint[DCE_RPC_NAME_MAX];
	char operation[DCE_RPC_NAME_MAX];
	char uuid[DCE_RPC_UUID_TEXT];
	struct strbuf text;
	const struct dce_rpc_bound *b = bound_of(d, w->context);
	const struct dce_rpc_interface *i = b == NULL ? NULL : dce_rpc_interface_of(b->uuid);
	struct obs_dce_rpc said = {
		.rtt_ns = rtt_ns,
		.named_pipe = wire_text_or_null(d->pipe),
		.endpoint = i == NULL ? NULL : i->name,
		.operation = dce_rpc_operation_name(i, w->operation),
		.fault = fault,
	};

	if (b != NULL && i == NULL) {
		dce_rpc_uuid_text(b->uuid, uuid);
		strbuf_init(&text, endpoint, sizeof(endpoint));
		strbuf_text(&text, "unknown-");
		strbuf_text(&text, uuid);
		said.endpoint = endpoint;
	}
	if (said.operation == NULL) {
		strbuf_init(&text, operation, sizeof(operation));
		strbuf_text(&text, "unknown-");
		strbuf_u64(&text, w->operation);
		said.operation = operation;
	}
	w->is_used = false;
	call->emit(call->context, &(struct observation){ .kind = OBS_DCE_RPC,
					  .ts_ns = call->ts_ns,
					  .began_ns = w->ts_ns,
					  .interface = call->interface,
					  .dce_rpc = &said });
}

void
dce_rpc_calls_end(struct dce_rpc_calls *d, const struct proto_call *call)
{
	for (size_t i = 0; i < DCE_RPC_WAITING; i++) {
		struct dce_rpc_waiting *w = &d->waiting[(d->waiting_next + i) % DCE_RPC_WAITING];
		if (w->is_used)
			tell(d, w, call, TRANSACTION_UNSET, NULL);
	}
}

/* ---- messages ---- */

/* Its numbers are written as all numbers are; they are kept in little-endian order. */
static void
uuid_read(const struct header *h, struct cursor *c, uint8_t ret_uuid[DCE_RPC_UUID_BYTES])
{
	uint32_t low = read_32(h, c);
	uint16_t middle = read_16(h, c);
	uint16_t high = read_16(h, c);

	for (size_t i = 0; i < 4; i++)
		ret_uuid[i] = (uint8_t)(low >> 8 * i);
	for (size_t i = 0; i < 2; i++) {
		ret_uuid[4 + i] = (uint8_t)(middle >> 8 * i);
		ret_uuid[6 + i] = (uint8_t)(high >> 8 * i);
	}
	cursor_bytes(c, ret_uuid + 8, 8);
}

static struct dce_rpc_bound *
bound_new(struct dce_rpc_calls *d, uint16_t id)
{
	for (size_t i = 0; i < DCE_RPC_BOUND; i++)
		if (d->bound[i].is_used && d->bound[i].id == id)
			return &d->bound[i];
	struct dce_rpc_bound *b = &d->bound[d->bound_next];
	d->bound_next = (uint8_t)((d->bound_next + 1) % DCE_RPC_BOUND);
	return b;
}

static void
bind_read(struct dce_rpc_calls *d, const struct header *h, struct cursor c)
{
	(void)cursor_take(&c, 2 + 2 + 4); /* sizes of pieces, a group */
	unsigned count = cursor_u8(&c);
	(void)cursor_take(&c, 3);
	while (count-- > 0) {
		struct dce_rpc_bound b = { .is_used = true, .id = read_16(h, &c) };
		size_t syntaxes = cursor_u8(&c);
		(void)cursor_u8(&c);
		uuid_read(h, &c, b.uuid);
		(void)read_32(h, &c);
		if (c.short_read)
			return;
		*bound_new(d, b.id) = b;
		(void)cursor_take(&c, syntaxes * SYNTAX_BYTES);
	}
}

/* Where the server says that the calls go. */
static void
pipe_read(struct dce_rpc_calls *d, const struct header *h, struct cursor c)
{
	(void)cursor_take(&c, 2 + 2 + 4); /* sizes of pieces, a group */
	uint16_t size = read_16(h, &c);
	struct cursor text = cursor_sub(&c, size > 0 ? size - 1U : 0); /* without its NUL */

	if (size > 0 && !text.short_read)
		(void)wire_text(d->pipe, sizeof(d->pipe), text);
}

static void
request_read(struct dce_rpc_calls *d, const struct proto_call *call, const struct header *h,
	struct cursor c)
{
	struct dce_rpc_waiting w = { .is_used = true, .id = h->id, .ts_ns = call->ts_ns };

	(void)read_32(h, &c); /* how much is passed */
	w.context = read_16(h, &c);
	w.operation = read_16(h, &c);
	if (c.short_read)
		return;
	struct dce_rpc_waiting *place = &d->waiting[d->waiting_next];
	if (place->is_used)
		tell(d, place, call, TRANSACTION_UNSET, NULL);
	*place = w;
	d->waiting_next = (uint8_t)((d->waiting_next + 1) % DCE_RPC_WAITING);
}

static void
answer_read(struct dce_rpc_calls *d, const struct proto_call *call, const struct header *h,
	struct cursor c)
{
	char fault[sizeof("0x00000005")];
	struct strbuf text;

	(void)cursor_take(&c, 4 + 2 + 1 + 1); /* how much is passed, which interface, cancels */
	strbuf_init(&text, fault, sizeof(fault));
	put_hex(&text, read_32(h, &c));
	for (size_t i = 0; i < DCE_RPC_WAITING; i++) {
		struct dce_rpc_waiting *w = &d->waiting[i];
		if (!w->is_used || w->id != h->id)
			continue;
		uint64_t rtt = call->ts_ns > w->ts_ns ? call->ts_ns - w->ts_ns : 0;
		tell(d, w, call, rtt, h->type == FAULT ? fault : NULL);
		return;
	}
}

/* What is said of a log-in stands at the end. */
static struct cursor
auth_of(const struct header *h, struct cursor message)
{
	static const struct cursor nothing = { .short_read = true };

	if (h->auth_size == 0 || h->auth_size + AUTH_HEAD + DCE_RPC_HEAD > h->size)
		return nothing;
	(void)cursor_take(&message, (size_t)h->size - h->auth_size);
	size_t left = cursor_left(&message);
	return cursor_sub(&message, h->auth_size < left ? h->auth_size : left);
}

struct cursor
dce_rpc_message(struct dce_rpc_calls *d, const struct proto_call *call, struct cursor message)
{
	static const struct cursor nothing = { .short_read = true };
	struct cursor c = message;
	struct header h;

	if (!header_read(&c, &h))
		return nothing;
	bool is_first = (h.flags & IS_FIRST) != 0;
	switch (h.type) {
	case REQUEST:
		if (is_first)
			request_read(d, call, &h, c);
		return nothing;
	case RESPONSE:
	case FAULT:
		if (is_first)
			answer_read(d, call, &h, c);
		return nothing;
	case BIND:
	case ALTER_CONTEXT:
		bind_read(d, &h, c);
		break;
	case BIND_ACK:
		pipe_read(d, &h, c);
		break;
	default:
		break;
	}
	return auth_of(&h, message);
}
