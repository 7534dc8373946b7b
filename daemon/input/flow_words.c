/*
 * A record of flags does not say in which order they were sent: "FSRPA" may have been closed and then
 * reset, or never closed. What both sides closed is taken for closed, then a reset is taken for the end;
 * that is what most of them were.
 */
#include "daemon/input/flow_words.h"

#include "daemon/decode/packet.h"
#include "daemon/flow/flow_key.h"
#include "daemon/input/csv.h"

#include <netinet/in.h>

enum {
	/* Packets in which a refusal, or a SYN that is repeated, fits, and nothing else does. */
	ATTEMPT_PACKETS_MAX = 3,
};

uint8_t
flow_words_flags(struct text_view letters)
{
	uint8_t flags = 0;

	for (size_t i = 0; i < letters.length; i++) {
		switch (letters.at[i]) {
		case 'F':
			flags |= TCP_FIN;
			break;
		case 'S':
			flags |= TCP_SYN;
			break;
		case 'R':
			flags |= TCP_RST;
			break;
		case 'P':
			flags |= TCP_PSH;
			break;
		case 'A':
			flags |= TCP_ACK;
			break;
		case 'U':
			flags |= TCP_URG;
			break;
		default: /* '.', and ECN's E, C, W */
			break;
		}
	}
	return flags;
}

static bool
has(const struct flow_sent *side, uint8_t flags)
{
	return (side->tcp_flags & flags) == flags;
}

/* Both took part in a handshake, as far as was seen. */
static enum conn_state
state_of_opened(const struct flow_sent *orig, const struct flow_sent *resp)
{
	if (has(orig, TCP_FIN) && has(resp, TCP_FIN))
		return CONN_SF;
	if (has(orig, TCP_RST))
		return CONN_RSTO;
	if (has(resp, TCP_RST))
		return CONN_RSTR;
	if (has(orig, TCP_FIN))
		return CONN_S2;
	return has(resp, TCP_FIN) ? CONN_S3 : CONN_S1;
}

/* Nobody is known to have answered a SYN. */
static enum conn_state
state_of_attempt(const struct flow_sent *orig)
{
	if (has(orig, TCP_RST))
		return CONN_RSTOS0;
	return has(orig, TCP_FIN) ? CONN_SH : CONN_S0;
}

/* An exporter that has no flags: all that is left is who sent packets. */
static enum conn_state
state_without_flags(const struct flow_sent *orig, const struct flow_sent *resp)
{
	return resp->packets == 0 && orig->packets <= ATTEMPT_PACKETS_MAX ? CONN_S0 : CONN_OTH;
}

/* It began before, or only its answers come by here. */
static enum conn_state
state_of_unopened(const struct flow_sent *resp)
{
	if (!has(resp, TCP_SYN))
		return CONN_OTH;
	if (has(resp, TCP_RST))
		return CONN_RSTRH;
	return has(resp, TCP_FIN) ? CONN_SHR : CONN_OTH;
}

enum conn_state
flow_words_tcp_state(const struct flow_sent *orig, const struct flow_sent *resp, bool both_are_seen)
{
	if (!has(orig, TCP_SYN))
		return state_of_unopened(resp);
	/* Who acknowledges was answered, if the answers go where nobody sees them. */
	if (has(resp, TCP_SYN) || (has(orig, TCP_ACK) && !both_are_seen))
		return state_of_opened(orig, resp);
	if (resp->packets == 0)
		return state_of_attempt(orig);
	return has(resp, TCP_RST) ? CONN_REJ : CONN_OTH;
}

static enum conn_state
tcp_state(const struct flow_sent *orig, const struct flow_sent *resp)
{
	if (orig->tcp_flags == 0 && resp->tcp_flags == 0)
		return state_without_flags(orig, resp);
	return flow_words_tcp_state(orig, resp, /* both_are_seen= */ false);
}

static enum conn_state
state_of_sent(uint8_t ip_proto, const struct flow_sent *orig, const struct flow_sent *resp)
{
	switch (ip_proto) {
	case IPPROTO_TCP:
		return tcp_state(orig, resp);
	case IPPROTO_UDP:
		return orig->packets != 0 && resp->packets != 0 ? CONN_SF : CONN_S0;
	default:
		return CONN_OTH;
	}
}

static enum flow_end_reason
reason_of(uint8_t ip_proto, enum conn_state state)
{
	switch (state) {
	case CONN_SF:
	case CONN_REJ:
	case CONN_RSTO:
	case CONN_RSTR:
	case CONN_RSTOS0:
		return ip_proto == IPPROTO_TCP ? FLOW_END_CLOSED : FLOW_END_TIMEOUT;
	default:
		return FLOW_END_TIMEOUT;
	}
}

static bool
tcp_established(const struct flow_sent *orig, const struct flow_sent *resp, enum conn_state state)
{
	if (has(orig, TCP_SYN) || has(resp, TCP_SYN))
		return has(orig, TCP_SYN | TCP_ACK) ||
		       (orig->packets == 0 && has(resp, TCP_SYN | TCP_ACK));
	return state == CONN_OTH;
}

struct flow_words
flow_words_of_sent(uint8_t ip_proto, const struct flow_sent *orig, const struct flow_sent *resp)
{
	struct flow_words w = { .state = state_of_sent(ip_proto, orig, resp) };

	w.ended = reason_of(ip_proto, w.state);
	w.established = ip_proto == IPPROTO_TCP
				? tcp_established(orig, resp, w.state)
				: conn_state_established(w.state, orig->packets + resp->packets);
	return w;
}

/* A state of both sides' flags, "SPA_SRPA": what stands before '_' is the source's. */
static struct flow_words
words_of_flags(struct text_view before, struct text_view behind, uint8_t ip_proto, bool turned)
{
	struct flow_sent src = { .packets = 1, .tcp_flags = flow_words_flags(before) };
	struct flow_sent dst = { .packets = behind.length != 0,
		.tcp_flags = flow_words_flags(behind) };
	struct flow_words w = turned ? flow_words_of_sent(ip_proto, &dst, &src)
				     : flow_words_of_sent(ip_proto, &src, &dst);

	w.established = (has(&src, TCP_SYN | TCP_ACK) && has(&dst, TCP_SYN | TCP_ACK)) ||
			(csv_holds(before, "PA") && csv_holds(behind, "PA"));
	return w;
}

enum established_by { NEVER, ALWAYS, BY_PACKETS };

struct state_word {
	const char *word;
	enum conn_state tcp, other;
	enum established_by established;
};

static struct flow_words
words_of_word(struct text_view word, uint8_t ip_proto, uint64_t packets)
{
	static const struct state_word words[] = {
		{ "CON", CONN_S1, CONN_SF, ALWAYS },
		{ "EST", CONN_S1, CONN_SF, ALWAYS },
		{ "ECO", CONN_OTH, CONN_OTH, ALWAYS },
		{ "UNK", CONN_OTH, CONN_OTH, ALWAYS },
		{ "FIN", CONN_SF, CONN_SF, BY_PACKETS },
		{ "CLO", CONN_SF, CONN_SF, NEVER },
		{ "RST", CONN_RSTO, CONN_RSTO, BY_PACKETS },
		{ "REQ", CONN_S0, CONN_S0, NEVER },
		{ "INT", CONN_S0, CONN_S0, NEVER },
		{ "TIM", CONN_S0, CONN_S0, NEVER },
	};
	struct flow_words w = { .state = CONN_OTH };
	bool is_short = packets <= ATTEMPT_PACKETS_MAX;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!csv_is(word, words[i].word))
			continue;
		w.state = ip_proto == IPPROTO_TCP ? words[i].tcp : words[i].other;
		w.established = words[i].established == ALWAYS ||
				(words[i].established == BY_PACKETS && !is_short);
		if (w.state == CONN_RSTO && is_short)
			w.state = CONN_REJ; /* a SYN and its refusal */
	}
	if (flow_key_is_icmp(ip_proto))
		w.state = CONN_OTH;
	w.ended = reason_of(ip_proto, w.state);
	return w;
}

struct flow_words
flow_words_of_argus(struct text_view word, uint8_t ip_proto, uint64_t packets, bool turned)
{
	const char *bar = word.length == 0 ? NULL : memchr(word.at, '_', word.length);

	if (bar == NULL || ip_proto != IPPROTO_TCP)
		return words_of_word(word, ip_proto, packets);
	struct text_view before = { word.at, (size_t)(bar - word.at) };
	struct text_view behind = { bar + 1, word.length - before.length - 1 };
	return words_of_flags(before, behind, ip_proto, turned);
}
