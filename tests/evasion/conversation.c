#include "tests/evasion/conversation.h"

#include "daemon/decode/decode.h"
#include "daemon/loop/capture/capture_file.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void __attribute__((noreturn)) give_up(const char *path, const char *why)
{
	(void)fprintf(stderr, "%s: %s\n", path, why);
	abort();
}

static bool
is_end(const struct addr *a, uint16_t a_port, const struct addr *b, uint16_t b_port)
{
	return a_port == b_port && memcmp(a, b, sizeof(*a)) == 0;
}

/* The flow of a packet, a new one if there is none; who sends first opened it. */
static struct conversation_flow *
flow_of(struct conversation *c, const struct packet *p, bool *ret_from_opener)
{
	bool is_tcp = p->ip_proto == IPPROTO_TCP;

	for (size_t i = 0; i < c->flow_count; i++) {
		struct conversation_flow *f = &c->flows[i];
		const struct build *o = &f->opener;
		*ret_from_opener = is_end(&o->src, o->src_port, &p->src, p->src_port);
		if (f->is_tcp == is_tcp &&
			((*ret_from_opener && is_end(&o->dst, o->dst_port, &p->dst, p->dst_port)) ||
				(is_end(&o->src, o->src_port, &p->dst, p->dst_port) &&
					is_end(&o->dst, o->dst_port, &p->src, p->src_port))))
			return f;
	}
	if (c->flow_count == CONVERSATION_FLOWS)
		return NULL;
	*ret_from_opener = true;
	struct conversation_flow *f = &c->flows[c->flow_count++];
	*f = (struct conversation_flow){ .is_tcp = is_tcp };
	f->opener.src = p->src;
	f->opener.dst = p->dst;
	f->opener.src_port = p->src_port;
	f->opener.dst_port = p->dst_port;
	return f;
}

static void
say(struct conversation *c, const char *path, struct conversation_flow *f, bool from_opener,
	struct cursor bytes)
{
	uint8_t flow = (uint8_t)(f - c->flows);
	struct turn *last = c->turn_count > 0 ? &c->turns[c->turn_count - 1] : NULL;
	uint32_t size = (uint32_t)cursor_left(&bytes);

	if (size > CONVERSATION_BYTES - c->size)
		give_up(path, "too long for a conversation");
	memcpy(c->bytes + c->size, bytes.at, size);
	if (last != NULL && f->is_tcp && last->flow == flow && last->from_opener == from_opener) {
		last->size += size;
	} else {
		if (c->turn_count == CONVERSATION_TURNS)
			give_up(path, "too many turns for a conversation");
		c->turns[c->turn_count++] = (struct turn){
			.flow = flow,
			.from_opener = from_opener,
			.at = f->is_tcp ? f->said[!from_opener] : 0,
			.size = size,
			.bytes = c->bytes + c->size,
		};
	}
	c->size += size;
	f->said[!from_opener] += size;
}

static void
take(struct conversation *c, const char *path, const struct packet *p)
{
	bool from_opener;
	struct cursor bytes = p->payload;
	struct conversation_flow *f = flow_of(c, p, &from_opener);

	if (f == NULL)
		give_up(path, "too many flows for a conversation");
	if (cursor_left(&bytes) != p->payload_bytes)
		give_up(path, "a packet is cut short");
	uint32_t *next = &f->next[!from_opener];
	if (f->is_tcp && (p->tcp_flags & TCP_SYN) != 0)
		*next = p->tcp_seq + 1;
	if (p->payload_bytes == 0)
		return;
	if (f->is_tcp) {
		uint32_t again = *next - p->tcp_seq; /* bytes of it that came before */
		if ((int32_t)again < 0)
			give_up(path, "a segment is missing");
		if (again >= p->payload_bytes)
			return;
		(void)cursor_sub(&bytes, again);
		*next = p->tcp_seq + p->payload_bytes;
	}
	say(c, path, f, from_opener, bytes);
}

void
conversation_read(struct conversation *ret_c, const char *path)
{
	char error[CAPTURE_ERROR_MAX];
	struct frame frames[CAPTURE_BATCH_MAX];
	struct capture_file *capture;
	struct packet p;
	size_t count;

	if (capture_file_open(&path, 1, NULL, &capture, error) != 0)
		give_up(path, error);
	memset(ret_c, 0, sizeof(*ret_c));
	while ((count = capture_file_next(capture, frames)) > 0)
		for (size_t i = 0; i < count; i++) {
			decode(&frames[i], &p);
			if (p.has_ports && (p.ip_proto == IPPROTO_TCP || p.ip_proto == IPPROTO_UDP))
				take(ret_c, path, &p);
		}
	capture_file_close(capture);
	for (size_t i = 0; i < ret_c->turn_count; i++)
		for (size_t j = ret_c->turn_count; j-- > 0;)
			if (ret_c->turns[j].flow == ret_c->turns[i].flow) {
				ret_c->turns[j].is_last = true;
				break;
			}
}

static void
to_v6(struct addr *a)
{
	static const uint8_t prefix[12] = { 0x20, 0x01, 0x0d, 0xb8 };

	memcpy(a->byte, prefix, sizeof(prefix));
}

void
conversation_to_v6(struct conversation *c)
{
	for (size_t i = 0; i < c->flow_count; i++) {
		to_v6(&c->flows[i].opener.src);
		to_v6(&c->flows[i].opener.dst);
	}
}
