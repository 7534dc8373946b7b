/*
 * A conversation is found by its key, which is the same for both directions, and is in one of three lists:
 *
 *   fresh      something of it was not told yet; told `wait` after the first of that came
 *   lingering  all was told as an interim, and it goes on; ends `linger` later, unless more comes
 *   ready      it is over, because its ports opened the next one: told at once, found no more
 *
 * In each the first is the one that is due first. Whether a record is the last of its conversation is
 * what the exporter says (IPFIX 136); one that does not say cuts what is older than its active time-out,
 * which nobody sets below PIECE_MIN_NS: what is shorter is whole.
 *
 * Who opened it: who sent a SYN and no ACK; else who began, as far as the clocks of exporters tell; else
 * who has the higher port. A direction that stays alone and looks like an answer (from a low port, a
 * refusal) is one: the other host asked, and its packets went another way.
 */
#include "daemon/input/flow_pair.h"

#include "daemon/base/pool.h"
#include "daemon/base/table.h"
#include "daemon/base/time_text.h"
#include "daemon/flow_key.h"
#include "daemon/flow_uid.h"
#include "daemon/input/flow_words.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/queue.h>

enum {
	HEADROOM = 8192, /* conversations above the capacity that wait for being told */
	SERVICE_PORTS = 1024,
	FILE_WAIT_S = 60,
	FILE_LINGER_S = 120,
	ICMP_CODE_BITS = 8,
};

#define PIECE_MIN_NS (30 * NS_PER_S)

/* One direction. */
struct side {
	struct flow_sent sent, told; /* all of it; that part which was told */
	uint64_t start_ns, last_ns;
	uint32_t source;
	bool is_known;   /* a record of it came */
	bool may_go_on;  /* as its latest record has it */
	bool has_opened; /* an exporter says so */
	struct mac mac;
};

struct conversation {
	struct flow_key key;
	TAILQ_ENTRY(conversation) link;
	uint64_t since_ns; /* when it came into its list */
	uint64_t start_ns, last_ns, previous_ns;
	struct side side[2]; /* 0: the key's low end */
	uint16_t vlan;
	bool is_lingering;
	bool is_told; /* once at least: its start, and so its name, stays */
	bool is_sampled;
};

TAILQ_HEAD(conversations, conversation);

/* What the table keeps. */
struct waiting {
	struct flow_key key;
	struct conversation *conversation;
};

struct flow_pair {
	struct flow_pair_plan plan;
	struct table waiting;
	struct pool conversations;
	struct conversations fresh, lingering, ready;
	uint64_t now_ns;
	struct flow_pair_counters counters;
};

struct flow_pair_plan
flow_pair_plan_of_files(void)
{
	/* The key is fixed: whom a full table tells early must be the same in every run. */
	return (struct flow_pair_plan){ .capacity = FLOW_PAIR_CAPACITY,
		.wait_ns = FILE_WAIT_S * NS_PER_S,
		.linger_ns = FILE_LINGER_S * NS_PER_S,
		.hash_key = { { UINT64_C(0x6f6e65207761792c), UINT64_C(0x616e64206261636b) } } };
}

struct flow_pair *
flow_pair_new(const struct flow_pair_plan *plan)
{
	struct flow_pair *p = calloc(1, sizeof(*p));
	uint32_t room = plan->capacity + HEADROOM;

	if (p == NULL)
		return NULL;
	p->plan = *plan;
	TAILQ_INIT(&p->fresh);
	TAILQ_INIT(&p->lingering);
	TAILQ_INIT(&p->ready);
	if (table_init(&p->waiting, sizeof(struct waiting), sizeof(struct flow_key), room,
		    &plan->hash_key) < 0 ||
		pool_init(&p->conversations, sizeof(struct conversation), room) < 0) {
		flow_pair_free(p);
		return NULL;
	}
	return p;
}

void
flow_pair_free(struct flow_pair *p)
{
	if (p == NULL)
		return;
	table_done(&p->waiting);
	pool_done(&p->conversations);
	free(p);
}

static bool
is_icmp(uint8_t ip_proto)
{
	return ip_proto == IPPROTO_ICMP || ip_proto == IPPROTO_ICMPV6;
}

/* The key as packets have it, so that a question of ICMP and its answer are one conversation. */
static bool
key_of(const struct flow_part *part, struct flow_key *ret_key, unsigned *ret_side)
{
	struct packet as_packet = {
		.kind = PACKET_IP,
		.src = part->src,
		.dst = part->dst,
		.ip_proto = part->ip_proto,
		.has_ports = true,
		.src_port = is_icmp(part->ip_proto) ? 0 : part->src_port,
		.dst_port = is_icmp(part->ip_proto) ? 0 : part->dst_port,
		.icmp_type = (uint8_t)part->src_port,
		.icmp_code = (uint8_t)part->dst_port,
	};

	if (!flow_key_make(&as_packet, ret_key))
		return false;
	*ret_side = flow_key_side(ret_key, &as_packet);
	return true;
}

static bool
sent_all(const struct side *s, uint8_t flags)
{
	return (s->sent.tcp_flags & flags) == flags;
}

static bool
is_closed(const struct conversation *c)
{
	const struct side *s = c->side;

	if (c->key.ip_proto != IPPROTO_TCP)
		return false;
	return sent_all(&s[0], TCP_RST) || sent_all(&s[1], TCP_RST) ||
	       (sent_all(&s[0], TCP_FIN) && sent_all(&s[1], TCP_FIN));
}

/* Is the record of the conversation that waits, and not of the next one with the same ends? */
static bool
belongs(const struct flow_pair *p, const struct conversation *c, unsigned side,
	const struct flow_part *part)
{
	const struct side *known = &c->side[side];
	uint64_t reach = known->is_known ? p->plan.linger_ns : p->plan.wait_ns;
	bool opens_again = known->is_known && part->ip_proto == IPPROTO_TCP &&
			   (part->forward.tcp_flags & TCP_SYN) != 0 && sent_all(known, TCP_SYN) &&
			   part->start_ns > known->last_ns;

	if (opens_again)
		return false;
	if (part->start_ns > c->last_ns && part->start_ns - c->last_ns > reach)
		return false;
	return part->end_ns >= c->start_ns || c->start_ns - part->end_ns <= reach;
}

static struct conversations *
list_of(struct flow_pair *p, const struct conversation *c)
{
	return c->is_lingering ? &p->lingering : &p->fresh;
}

static void
wait_in(struct flow_pair *p, struct conversation *c, bool is_lingering)
{
	c->is_lingering = is_lingering;
	c->since_ns = p->now_ns;
	TAILQ_INSERT_TAIL(list_of(p, c), c, link);
}

/* Nobody finds it any more, and it is in no list. */
static void
leave(struct flow_pair *p, struct conversation *c)
{
	uint64_t hash = flow_key_hash(&c->key, &p->plan.hash_key);
	struct waiting *w = table_find(&p->waiting, &c->key, hash);

	TAILQ_REMOVE(list_of(p, c), c, link);
	table_remove(&p->waiting, w, hash);
}

/* returns NULL when there is no room */
static struct conversation *
open_one(struct flow_pair *p, const struct flow_key *key, uint64_t hash,
	const struct flow_part *part)
{
	struct conversation *c = pool_take(&p->conversations);
	struct waiting *w = c == NULL ? NULL : table_add(&p->waiting, key, hash);

	if (w == NULL) { /* the table has as much room as the pool */
		p->counters.refused++;
		return NULL;
	}
	w->conversation = c;
	c->key = *key;
	c->start_ns = part->start_ns;
	c->last_ns = part->end_ns;
	c->vlan = part->vlan;
	wait_in(p, c, /* is_lingering= */ false);
	return c;
}

static void
add_sent(struct flow_sent *to, const struct flow_sent *more)
{
	to->packets += more->packets;
	to->bytes += more->bytes;
	to->tcp_flags |= more->tcp_flags;
}

/* returns false when it is a copy of what another exporter told */
static bool
add_side(struct side *s, const struct flow_part *part, const struct flow_sent *sent,
	const struct mac *mac)
{
	bool is_long = part->end_ns - part->start_ns >= PIECE_MIN_NS;

	if (s->is_known && s->source != part->source)
		return false;
	if (!s->is_known) {
		s->is_known = true;
		s->source = part->source;
		s->start_ns = part->start_ns;
		s->last_ns = part->end_ns;
	}
	if (part->start_ns < s->start_ns)
		s->start_ns = part->start_ns;
	if (part->end_ns > s->last_ns)
		s->last_ns = part->end_ns;
	s->may_go_on =
		part->more == FLOW_PART_GOES_ON || (part->more == FLOW_PART_UNKNOWN && is_long);
	if (part->has_macs)
		s->mac = *mac;
	add_sent(&s->sent, sent);
	return true;
}

static void
add_part(struct flow_pair *p, struct conversation *c, unsigned side, const struct flow_part *part)
{
	struct side *forward = &c->side[side];
	struct side *reverse = &c->side[!side];
	bool was_both = forward->is_known && reverse->is_known;

	if (!add_side(forward, part, &part->forward, &part->src_mac)) {
		p->counters.copies++;
		return;
	}
	if (part->reverse.packets != 0)
		add_side(reverse, part, &part->reverse, &part->dst_mac);
	if (part->has_macs && !mac_is_card(&reverse->mac))
		reverse->mac = part->dst_mac;
	forward->has_opened |= part->src_opened;
	c->is_sampled |= part->rate > 1;
	if (!c->is_told && part->start_ns < c->start_ns)
		c->start_ns = part->start_ns;
	if (part->end_ns > c->last_ns)
		c->last_ns = part->end_ns;
	p->counters.paired += !was_both && forward->is_known && reverse->is_known;
}

void
flow_pair_add(struct flow_pair *p, const struct flow_part *part, uint64_t now_ns)
{
	struct flow_key key;
	unsigned side;

	if (now_ns > p->now_ns)
		p->now_ns = now_ns;
	if (!key_of(part, &key, &side))
		return;
	p->counters.parts++;
	uint64_t hash = flow_key_hash(&key, &p->plan.hash_key);
	struct waiting *w = table_find(&p->waiting, &key, hash);
	struct conversation *c = w == NULL ? NULL : w->conversation;
	if (c != NULL && !belongs(p, c, side, part)) {
		leave(p, c);
		TAILQ_INSERT_TAIL(&p->ready, c, link);
		c = NULL;
	}
	if (c != NULL && c->is_lingering) {
		TAILQ_REMOVE(&p->lingering, c, link);
		wait_in(p, c, /* is_lingering= */ false);
	}
	if (c == NULL)
		c = open_one(p, &key, hash, part);
	if (c != NULL)
		add_part(p, c, side, part);
}

static bool
has_low_port(uint16_t port, uint16_t other)
{
	return port < SERVICE_PORTS && other >= SERVICE_PORTS;
}

/* Of a direction that nobody told the other of: is it an answer? */
static bool
is_answer(const struct side *s, uint16_t port, uint16_t other)
{
	return s->sent.tcp_flags == (TCP_ACK | TCP_RST) || has_low_port(port, other);
}

/* Both directions are known, and no flag says who opened it. */
static unsigned
opener_by_time(const struct conversation *c, const uint16_t port[2])
{
	bool is_middle = c->key.ip_proto == IPPROTO_TCP && !sent_all(&c->side[0], TCP_SYN) &&
			 !sent_all(&c->side[1], TCP_SYN);

	for (unsigned i = 0; is_middle && i < 2; i++)
		if (has_low_port(port[i], port[!i]))
			return !i; /* it began before; the pieces' starts say nothing */
	if (c->side[0].start_ns != c->side[1].start_ns)
		return c->side[0].start_ns > c->side[1].start_ns;
	return port[0] < port[1];
}

/* Which end opened it. */
static unsigned
opener(const struct conversation *c)
{
	const uint16_t port[2] = { c->key.low_port, c->key.high_port };
	bool is_tcp = c->key.ip_proto == IPPROTO_TCP;

	for (unsigned i = 0; i < 2; i++)
		if (c->side[i].has_opened)
			return i;
	for (unsigned i = 0; is_tcp && i < 2; i++)
		if (sent_all(&c->side[i], TCP_SYN) && !sent_all(&c->side[i], TCP_ACK))
			return i;
	if (is_icmp(c->key.ip_proto)) /* its ports are no ports */
		return !c->side[0].is_known ||
		       (c->side[1].is_known && c->side[1].start_ns < c->side[0].start_ns);
	for (unsigned i = 0; i < 2; i++)
		if (!c->side[!i].is_known)
			return is_answer(&c->side[i], port[i], port[!i]) ? !i : i;
	return opener_by_time(c, port);
}

static struct flow_side
flow_side_of(const struct flow_sent *sent)
{
	return (struct flow_side){
		.packets = sent->packets, .ip_bytes = sent->bytes, .payload_bytes = sent->bytes
	};
}

static struct flow_side
delta_of(const struct side *s)
{
	struct flow_sent delta = { .packets = s->sent.packets - s->told.packets,
		.bytes = s->sent.bytes - s->told.bytes };

	return flow_side_of(&delta);
}

/* Of a sampled conversation nothing can be said of what was not seen. */
static struct flow_words
words_of(const struct conversation *c, const struct side *orig, const struct side *resp)
{
	if (c->is_sampled)
		return (struct flow_words){
			.state = CONN_OTH, .ended = FLOW_END_TIMEOUT, .established = true
		};
	return flow_words_of_sent(c->key.ip_proto, &orig->sent, &resp->sent);
}

static void
set_ends(const struct conversation *c, unsigned by, struct obs_flow *f)
{
	const struct addr *end[2] = { &c->key.low, &c->key.high };

	f->orig = *end[by];
	f->resp = *end[!by];
	f->ip_proto = c->key.ip_proto;
	flow_key_ports(&c->key, by, &f->orig_port, &f->resp_port);
	f->orig_mac = c->side[by].mac;
	f->resp_mac = c->side[!by].mac;
	f->has_macs = mac_is_card(&f->orig_mac) && mac_is_card(&f->resp_mac);
	f->vlan = c->vlan;
}

static void
tell(struct flow_pair *p, struct conversation *c, bool is_end, struct obs_flow *f)
{
	unsigned by = opener(c);
	struct side *orig = &c->side[by];
	struct side *resp = &c->side[!by];
	struct flow_words w = words_of(c, orig, resp);

	*f = (struct obs_flow){
		.start_ns = c->start_ns,
		.last_ns = c->last_ns,
		.previous_ns = c->is_told ? c->previous_ns : c->start_ns,
		.orig_total = flow_side_of(&orig->sent),
		.resp_total = flow_side_of(&resp->sent),
		.orig_delta = delta_of(orig),
		.resp_delta = delta_of(resp),
		.state = w.state,
		.ended = is_end ? w.ended : FLOW_END_NONE,
		.established = w.established,
		.history = "",
		.service = "",
		.label = "",
	};
	set_ends(c, by, f);
	flow_uid_make(&c->key, c->start_ns, 0, &f->id, &f->uid);
	f->id += f->id == 0;
	for (unsigned i = 0; i < 2; i++)
		c->side[i].told = c->side[i].sent;
	c->side[by].has_opened = true; /* whatever comes, it stays who it was */
	c->previous_ns = c->last_ns;
	c->is_told = true;
	p->counters.told++;
}

static void
tell_end(struct flow_pair *p, struct conversation *c, struct obs_flow *f)
{
	tell(p, c, /* is_end= */ true, f);
	pool_give(&p->conversations, c);
}

static void
tell_last(struct flow_pair *p, struct conversation *c, struct obs_flow *f)
{
	leave(p, c);
	tell_end(p, c, f);
}

static bool
is_due(const struct flow_pair *p, const struct conversation *c, uint64_t wait_ns)
{
	return c != NULL && p->now_ns - c->since_ns >= wait_ns;
}

/* Above the capacity: who was told already goes first, then who waits longest. */
static void
tell_evicted(struct flow_pair *p, struct obs_flow *f)
{
	struct conversation *c = TAILQ_FIRST(&p->lingering);

	if (c == NULL)
		c = TAILQ_FIRST(&p->fresh);
	bool is_early = !c->is_lingering;
	tell_last(p, c, f);
	if (is_early)
		f->ended = FLOW_END_EVICTED; /* the answer may be on its way */
	p->counters.evicted++;
}

bool
flow_pair_next(struct flow_pair *p, uint64_t now_ns, struct obs_flow *ret_flow)
{
	bool is_over = now_ns == UINT64_MAX;

	if (now_ns > p->now_ns && !is_over)
		p->now_ns = now_ns;
	struct conversation *c = TAILQ_FIRST(&p->ready);
	if (c != NULL) {
		TAILQ_REMOVE(&p->ready, c, link);
		tell_end(p, c, ret_flow);
		return true;
	}
	if (p->conversations.used > p->plan.capacity) {
		tell_evicted(p, ret_flow);
		return true;
	}
	c = TAILQ_FIRST(&p->fresh);
	if (is_due(p, c, is_over ? 0 : p->plan.wait_ns)) {
		bool goes_on = (c->side[0].may_go_on || c->side[1].may_go_on) && !is_closed(c);
		if (is_over || !goes_on) {
			tell_last(p, c, ret_flow);
			return true;
		}
		TAILQ_REMOVE(&p->fresh, c, link);
		wait_in(p, c, /* is_lingering= */ true);
		tell(p, c, /* is_end= */ false, ret_flow);
		return true;
	}
	c = TAILQ_FIRST(&p->lingering);
	if (is_due(p, c, is_over ? 0 : p->plan.linger_ns)) {
		tell_last(p, c, ret_flow);
		return true;
	}
	return false;
}

uint64_t
flow_pair_now(const struct flow_pair *p)
{
	return p->now_ns;
}

struct flow_pair_counters
flow_pair_counters(const struct flow_pair *p)
{
	return p->counters;
}
