/*
 * Whether a record is the last of its conversation is what the exporter says (IPFIX 136); one that does not
 * say cuts what is older than its active time-out, which nobody sets below PIECE_MIN_NS: what is shorter is
 * whole.
 *
 * Who opened it: who sent a SYN and no ACK; else who began, as far as the clocks of exporters tell; else
 * who has the higher port. A direction that stays alone and looks like an answer (from a low port, a
 * refusal) is one: the other host asked, and its packets went another way.
 */
#include "daemon/input/flow_conversation.h"

#include "daemon/base/time_text.h"
#include "daemon/flow/flow_key.h"
#include "daemon/flow/flow_uid.h"
#include "daemon/input/flow_words.h"

#include <netinet/in.h>

enum { SERVICE_PORTS = 1024 };

#define PIECE_MIN_NS (30 * NS_PER_S)

bool
flow_conversation_key(const struct flow_part *part, struct flow_key *ret_key, unsigned *ret_side)
{
	struct packet as_packet = {
		.kind = PACKET_IP,
		.src = part->src,
		.dst = part->dst,
		.ip_proto = part->ip_proto,
		.has_ports = true,
		.src_port = flow_key_is_icmp(part->ip_proto) ? 0 : part->src_port,
		.dst_port = flow_key_is_icmp(part->ip_proto) ? 0 : part->dst_port,
		.icmp_type = (uint8_t)part->src_port,
		.icmp_code = (uint8_t)part->dst_port,
	};

	if (!flow_key_make(&as_packet, ret_key))
		return false;
	*ret_side = flow_key_side(ret_key, &as_packet);
	return true;
}

static bool
sent_all(const struct flow_direction *s, uint8_t flags)
{
	return (s->sent.tcp_flags & flags) == flags;
}

static bool
is_closed(const struct flow_conversation *c)
{
	const struct flow_direction *s = c->side;

	if (c->key.ip_proto != IPPROTO_TCP)
		return false;
	return sent_all(&s[0], TCP_RST) || sent_all(&s[1], TCP_RST) ||
	       (sent_all(&s[0], TCP_FIN) && sent_all(&s[1], TCP_FIN));
}

bool
flow_conversation_holds(const struct flow_conversation *c, unsigned side,
	const struct flow_part *part, const struct flow_pair_plan *plan)
{
	const struct flow_direction *known = &c->side[side];
	uint64_t reach = known->is_known ? plan->linger_ns : plan->wait_ns;
	bool opens_again = known->is_known && part->ip_proto == IPPROTO_TCP &&
			   (part->forward.tcp_flags & TCP_SYN) != 0 && sent_all(known, TCP_SYN) &&
			   part->start_ns > known->last_ns;

	if (opens_again)
		return false;
	if (part->start_ns > c->last_ns && part->start_ns - c->last_ns > reach)
		return false;
	return part->end_ns >= c->start_ns || c->start_ns - part->end_ns <= reach;
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
add_side(struct flow_direction *s, const struct flow_part *part, const struct flow_sent *sent,
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

void
flow_conversation_begin(
	struct flow_conversation *c, const struct flow_key *key, const struct flow_part *part)
{
	c->key = *key;
	c->start_ns = part->start_ns;
	c->last_ns = part->end_ns;
	c->vlan = part->vlan;
}

bool
flow_conversation_add(struct flow_conversation *c, unsigned side, const struct flow_part *part)
{
	struct flow_direction *forward = &c->side[side];
	struct flow_direction *reverse = &c->side[!side];

	if (!add_side(forward, part, &part->forward, &part->src_mac))
		return false;
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
	return true;
}

bool
flow_conversation_is_paired(const struct flow_conversation *c)
{
	return c->side[0].is_known && c->side[1].is_known;
}

bool
flow_conversation_goes_on(const struct flow_conversation *c)
{
	return (c->side[0].may_go_on || c->side[1].may_go_on) && !is_closed(c);
}

static bool
has_low_port(uint16_t port, uint16_t other)
{
	return port < SERVICE_PORTS && other >= SERVICE_PORTS;
}

/* Of a direction that nobody told the other of: is it an answer? */
static bool
is_answer(const struct flow_direction *s, uint16_t port, uint16_t other)
{
	return s->sent.tcp_flags == (TCP_ACK | TCP_RST) || has_low_port(port, other);
}

/* Both directions are known, and no flag says who opened it. */
static unsigned
opener_by_time(const struct flow_conversation *c, const uint16_t port[2])
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
opener(const struct flow_conversation *c)
{
	const uint16_t port[2] = { c->key.low_port, c->key.high_port };
	bool is_tcp = c->key.ip_proto == IPPROTO_TCP;

	for (unsigned i = 0; i < 2; i++)
		if (c->side[i].has_opened)
			return i;
	for (unsigned i = 0; is_tcp && i < 2; i++)
		if (sent_all(&c->side[i], TCP_SYN) && !sent_all(&c->side[i], TCP_ACK))
			return i;
	if (flow_key_is_icmp(c->key.ip_proto)) /* its ports are no ports */
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
delta_of(const struct flow_direction *s)
{
	struct flow_sent delta = { .packets = s->sent.packets - s->told.packets,
		.bytes = s->sent.bytes - s->told.bytes };

	return flow_side_of(&delta);
}

/* Of a sampled conversation nothing can be said of what was not seen. */
static struct flow_words
words_of(const struct flow_conversation *c, const struct flow_direction *orig,
	const struct flow_direction *resp)
{
	if (c->is_sampled)
		return (struct flow_words){
			.state = CONN_OTH, .ended = FLOW_END_TIMEOUT, .established = true
		};
	return flow_words_of_sent(c->key.ip_proto, &orig->sent, &resp->sent);
}

static void
set_ends(const struct flow_conversation *c, unsigned by, struct obs_flow *f)
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

void
flow_conversation_tell(struct flow_conversation *c, bool is_end, struct obs_flow *ret_flow)
{
	unsigned by = opener(c);
	struct flow_direction *orig = &c->side[by];
	struct flow_direction *resp = &c->side[!by];
	struct flow_words w = words_of(c, orig, resp);

	*ret_flow = (struct obs_flow){
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
	set_ends(c, by, ret_flow);
	flow_uid_make(&c->key, c->start_ns, 0, &ret_flow->id, &ret_flow->uid);
	ret_flow->id += ret_flow->id == 0;
	for (unsigned i = 0; i < 2; i++)
		c->side[i].told = c->side[i].sent;
	c->side[by].has_opened = true; /* whatever comes, it stays who it was */
	c->previous_ns = c->last_ns;
	c->is_told = true;
}
