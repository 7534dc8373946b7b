/*
 * dns.c -- DNS over UDP, and the transactions of all that is DNS: questions with their answers.
 *
 * Recognised by content: a plausible header and a question that parses; at the ports of DNS, NetBIOS,
 * multicast DNS and LLMNR also messages that are rare elsewhere. Only standard queries are transactions:
 * updates, notifications and NetBIOS registrations are read for the names of hosts alone (dns_own_name.c).
 *
 * An answer belongs to the oldest question of the other side with its id. In multicast DNS nobody answers to the
 * asker: questions stay without an answer, answers come unasked. What waits is bounded (dns_pending.h).
 * A flow is never done: each message is worth reading.
 */
#include "daemon/proto/dns.h"

#include "daemon/proto/dns_fault.h"
#include "daemon/proto/dns_message.h"
#include "daemon/proto/dns_name.h"
#include "daemon/proto/dns_own_name.h"
#include "daemon/proto/dns_words.h"

#include <assert.h>
#include <netinet/in.h>
#include <string.h>

/* Where the words of one transaction are kept while it is told. */
struct words {
	char type[DNS_WORD_MAX], class[DNS_WORD_MAX], rcode[DNS_WORD_MAX];
	char netbios[NETBIOS_NAME_MAX];
	char owner[DNS_NAME_MAX];
};

static enum truth
truth(uint16_t flags, uint16_t bit)
{
	return (flags & bit) != 0 ? TRUTH_YES : TRUTH_NO;
}

static void
set_flags(struct obs_dns *dns, uint16_t flags)
{
	dns->authoritative = truth(flags, DNS_AUTHORITATIVE);
	dns->truncated = truth(flags, DNS_TRUNCATED);
	dns->recursion_desired = truth(flags, DNS_RECURSION_DESIRED);
	dns->recursion_available = truth(flags, DNS_RECURSION_AVAILABLE);
	dns->z = (unsigned)(flags & DNS_Z) >> DNS_Z_SHIFT;
}

/* NetBIOS names are told as people know them; a status request of theirs has the number of SRV. */
static void
set_question(struct obs_dns *dns, const struct dns_query *query, struct words *w)
{
	const struct dns_question *q = &query->question;
	uint8_t service;

	dns->trans_id = query->id;
	dns->rtt_ns = dns->rcode = dns->query_class = dns->query_type = TRANSACTION_UNSET;
	dns->rejected = TRUTH_NO;
	set_flags(dns, query->flags);
	if (!q->is_there)
		return;
	dns->query = q->name;
	dns->query_class = q->class;
	dns->class_name = dns_class_word(q->class, w->class);
	dns->query_type = q->type;
	dns->type_name = dns_type_word(q->type, w->type);
	if ((q->type != DNS_NB && q->type != DNS_NBSTAT) ||
		!dns_name_netbios(q->name, w->netbios, &service))
		return;
	dns->query = w->netbios;
	if (q->type == DNS_NBSTAT)
		dns->type_name = "NBSTAT";
}

static void
tell(struct proto_call *call, const struct obs_dns *dns, uint64_t began_ns)
{
	call->emit(call->context, &(struct observation){ .kind = OBS_DNS,
					  .ts_ns = call->ts_ns,
					  .began_ns = began_ns,
					  .interface = call->interface,
					  .dns = dns });
}

static void
tell_unanswered(struct proto_call *call, const char *proto, const struct dns_query *q)
{
	bool is_senders = q->from_orig == call->from_orig;
	struct words words;
	struct obs_dns dns = {
		.client = is_senders ? call->src : call->dst,
		.server = is_senders ? call->dst : call->src,
		.proto = proto,
	};

	set_question(&dns, q, &words);
	tell(call, &dns, q->asked_ns);
}

static void
ask(struct proto_call *call, struct dns_pending *pending, const char *proto,
	const struct dns_query *query)
{
	struct dns_query oldest;

	while (!dns_pending_fits(pending, query) && dns_pending_oldest(pending, &oldest))
		tell_unanswered(call, proto, &oldest);
	dns_pending_add(pending, query);
}

/*
 * What both sides say. Whether recursion is desired, and the bits that have a meaning of their own in a
 * question (AD, CD), are the asker's to say.
 */
static void
set_answer_flags(struct obs_dns *dns, uint16_t flags, bool was_asked)
{
	enum truth desired = dns->recursion_desired;
	uint64_t z = dns->z;

	set_flags(dns, flags);
	if (!was_asked)
		return;
	dns->recursion_desired = desired;
	dns->z = z;
}

/* What an answer without a question is about: its first record. */
static void
set_owner(struct obs_dns *dns, struct cursor message, const struct dns_answers *answers,
	struct words *w)
{
	uint8_t service;

	if (answers->text_count == 0)
		return;
	if (!dns_record_owner(message, &answers->first, w->owner))
		w->owner[0] = '\0';
	dns->query = dns_name_netbios(w->owner, w->netbios, &service) ? w->netbios : w->owner;
}

static void
weird(struct proto_call *call, struct dns_talk *talk, enum weird kind)
{
	static_assert(WEIRD_COUNT <= 64, "a bit for each");
	if (kind == WEIRD_COUNT || (talk->weirds & WEIRD_BIT(kind)) != 0)
		return;
	talk->weirds |= WEIRD_BIT(kind);
	call->weird(call->context, kind);
}

/* Do both ask for the same? Whoever answers need not repeat what was asked. */
static bool
is_same_question(const struct dns_question *a, const struct dns_question *b)
{
	return !a->is_there || !b->is_there ||
	       (a->type == b->type && strcmp(a->name, b->name) == 0);
}

/*
 * Take out the question that is answered. Where a group is asked answers need neither have its number nor
 * repeat it.
 *
 * repeated  with what the answer repeats of it
 * returns   false when nobody asked
 */
static bool
take_question(struct proto_call *call, struct dns_talk *talk, const struct dns_query *repeated,
	struct dns_query *ret_asked)
{
	bool is_strict = dns_way_of(call) == DNS_SERVERS;

	if (!dns_pending_take(&talk->pending, repeated->id, !call->from_orig, ret_asked)) {
		if (is_strict && dns_pending_has(&talk->pending, !call->from_orig))
			weird(call, talk, WEIRD_DNS_NUMBER);
		return false;
	}
	if (is_strict && !is_same_question(&repeated->question, &ret_asked->question))
		weird(call, talk, WEIRD_DNS_QUESTION);
	return true;
}

/*
 * An answer. `repeated` is what it repeats of its question; `c` is behind the questions, short if nobody knows
 * where that is.
 */
static void
answer(struct proto_call *call, struct dns_talk *talk, const char *proto, struct cursor message,
	struct cursor c, const struct dns_header *h, const struct dns_query *repeated)
{
	struct dns_query asked;
	struct dns_answers answers;
	struct words words;
	struct obs_dns dns = { .client = call->dst, .server = call->src, .proto = proto };
	bool was_asked = take_question(call, talk, repeated, &asked);
	const struct dns_query *query = was_asked ? &asked : repeated;

	answers.text_count = answers.address_count = 0;
	bool is_whole = dns_answers_read(
		message, &c, h->answers, dns_way_of(call) == DNS_MULTICAST, &answers);
	set_question(&dns, query, &words);
	set_answer_flags(&dns, h->flags, was_asked);
	if (was_asked && call->ts_ns >= query->asked_ns)
		dns.rtt_ns = call->ts_ns - query->asked_ns;
	if (!query->question.is_there)
		set_owner(&dns, message, &answers, &words);
	dns.rcode = h->flags & DNS_RCODE;
	if (is_whole)
		dns.rcode |= dns_rcode_upper(message, c, h);
	dns.rcode_name = dns_rcode_word((uint16_t)dns.rcode, words.rcode);
	dns.texts = (struct text_list){ answers.texts, answers.text_count };
	dns.types = (struct text_list){ answers.types, answers.text_count };
	dns.ttls = (struct interval_list){ answers.ttls, answers.text_count };
	dns.answers = answers.addresses;
	dns.answer_count = answers.address_count;
	if (h->answers == 0 && h->authority == 0 && h->additional == 0)
		dns.rejected = TRUTH_YES;
	tell(call, &dns, was_asked ? query->asked_ns : 0);
}

void
dns_message(
	struct proto_call *call, struct dns_talk *talk, const char *proto, struct cursor message)
{
	struct cursor c = message;
	struct dns_query query; /* written as it is read: most of it is room for a name */
	struct dns_header h;

	if (!dns_header_read(&c, &h))
		return;
	struct cursor behind_header = c;
	if (dns_questions_read(message, &c, &h, &query.question)) {
		weird(call, talk, dns_fault(message, c, &h, h.questions, call->is_cut));
	} else {
		weird(call, talk, dns_fault(message, behind_header, &h, 0, call->is_cut));
		c.short_read = true;
	}
	dns_own_names(call, message, c, &h, &query.question);
	if ((h.flags & DNS_OPCODE) != 0)
		return;
	query.asked_ns = call->ts_ns;
	query.id = h.id;
	query.flags = h.flags;
	query.from_orig = call->from_orig;
	if ((h.flags & DNS_RESPONSE) == 0)
		ask(call, &talk->pending, proto, &query);
	else
		answer(call, talk, proto, message, c, &h, &query);
}

void
dns_over(struct proto_call *call, struct dns_talk *talk, const char *proto)
{
	struct dns_query query;

	while (dns_pending_oldest(&talk->pending, &query))
		tell_unanswered(call, proto, &query);
}

/* A datagram is all there is. */
static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	return dns_looks_like(call, first_bytes) == PROTO_YES ? PROTO_YES : PROTO_NO;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	dns_message(call, call->state, "udp", bytes);
	return PROTO_MORE;
}

static void
end(struct proto_call *call)
{
	dns_over(call, call->state, "udp");
}

static bool
is_idle(const void *state)
{
	const struct dns_talk *talk = state;

	return talk->pending.used == 0 && talk->weirds == 0;
}

const struct protocol protocol_dns = {
	.name = "dns",
	.ip_proto = IPPROTO_UDP,
	.state_size = sizeof(struct dns_talk),
	.looks_like = looks_like,
	.parse = parse,
	.is_idle = is_idle,
	.end = end,
};
