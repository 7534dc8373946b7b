/*
 * test_dns_oracle.c -- ldns as the oracle: of every message that it can read, we read the same.
 *
 * Messages are made with a fixed seed: names compressed at random against all that came before, records of the
 * types whose text is told; then bytes of them are changed. Where ldns refuses a message nothing is claimed.
 * Built without ldns, it is skipped.
 */
#include <stdio.h>

#ifndef HAVE_LDNS

int
main(void)
{
	fprintf(stderr, "skipped: built without libldns-dev\n");
	return 77;
}

#else

#include "daemon/proto/dns_record.h"
#include "daemon/proto/proto.h"
#include "tests/support/dns_build.h"

#include <ldns/ldns.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

extern const struct protocol protocol_dns;

enum { MESSAGES = 20000, NAMES_MAX = 64, ANSWERS = 8 };

/* ---- making messages ---- */

static uint32_t seed;

static unsigned
below(unsigned limit)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % limit;
}

struct made {
	struct dns_build b;
	size_t names[NAMES_MAX]; /* where they begin: all may be pointed to */
	size_t name_count;
};

/* Up to three labels of any bytes, then the root or a pointer to an earlier name. */
static void
make_name(struct made *m)
{
	size_t begin = m->b.size;

	for (unsigned labels = below(4); labels > 0; labels--) {
		unsigned length = 1 + below(12);
		dns_build_u8(&m->b, length);
		while (length-- > 0)
			dns_build_u8(&m->b, below(20) == 0 ? below(256) : 'A' + below(58));
	}
	if (m->name_count > 0 && below(3) > 0)
		dns_build_u16(&m->b, 0xc000U | (unsigned)m->names[below((unsigned)m->name_count)]);
	else
		dns_build_u8(&m->b, 0);
	if (m->name_count < NAMES_MAX)
		m->names[m->name_count++] = begin;
}

static void
make_bytes(struct made *m, size_t size)
{
	while (size-- > 0)
		dns_build_u8(&m->b, below(256));
}

static void
make_data(struct made *m, unsigned type)
{
	switch (type) {
	case DNS_A:
		make_bytes(m, 4);
		break;
	case DNS_AAAA:
		make_bytes(m, 16);
		break;
	case DNS_TXT:
		for (unsigned strings = 1 + below(3); strings > 0; strings--) {
			unsigned length = below(40);
			dns_build_u8(&m->b, length);
			make_bytes(m, length);
		}
		break;
	case DNS_SOA:
		make_name(m);
		make_name(m);
		make_bytes(m, 20);
		break;
	case DNS_SRV:
	case DNS_MX:
		make_bytes(m, type == DNS_SRV ? 6 : 2);
		make_name(m);
		break;
	default:
		make_name(m);
	}
}

static void
make_message(struct made *m)
{
	static const unsigned types[] = { DNS_A, DNS_NS, DNS_CNAME, DNS_SOA, DNS_PTR, DNS_MX,
		DNS_TXT, DNS_AAAA, DNS_SRV, DNS_DNAME };
	unsigned answers = below(ANSWERS + 1);

	m->name_count = 0;
	dns_build_header(&m->b, below(65536), 0x8000U | below(2048) | below(4), 1, answers, 0, 0);
	make_name(m);
	dns_build_u16(&m->b, 1 + below(260));
	dns_build_u16(&m->b, 1);
	while (answers-- > 0) {
		unsigned type = types[below(sizeof(types) / sizeof(types[0]))];
		make_name(m);
		dns_build_u16(&m->b, type);
		dns_build_u16(&m->b, 1);
		make_bytes(m, 4);
		size_t at = m->b.size;
		dns_build_u16(&m->b, 0);
		make_data(m, type);
		m->b.bytes[at] = (uint8_t)((m->b.size - at - 2) >> 8);
		m->b.bytes[at + 1] = (uint8_t)(m->b.size - at - 2);
	}
}

/* ---- what ldns says ---- */

/* Bytes as we write them: a NUL spelled out; of a name in lower case. */
static size_t
put(char *text, size_t used, uint8_t byte, bool is_name)
{
	if (byte == 0)
		return used + (size_t)sprintf(text + used, "\\x00");
	text[used] = (char)(is_name && byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
	return used + 1;
}

/* A name of ldns, which is not compressed any more, as we write it. */
static size_t
put_name(char *text, size_t used, const ldns_rdf *name)
{
	const uint8_t *at = ldns_rdf_data(name);

	for (size_t begin = used; *at != 0; at += 1 + *at) {
		if (used > begin)
			text[used++] = '.';
		for (unsigned i = 0; i < *at; i++)
			used = put(text, used, at[1 + i], true);
	}
	text[used] = '\0';
	return used;
}

/* A string of ldns, which begins with its length. */
static size_t
put_string(char *text, size_t used, const ldns_rdf *string)
{
	const uint8_t *at = ldns_rdf_data(string);

	used += (size_t)sprintf(text + used, "%sTXT %u ", used > 0 ? " " : "", at[0]);
	for (unsigned i = 0; i < at[0]; i++)
		used = put(text, used, at[1 + i], false);
	return used;
}

/* What we should say of a record. returns false when we say it in our own way, or nothing */
static bool
text_of(const ldns_rr *rr, char *text)
{
	size_t used = 0;
	struct addr addr;

	text[0] = '\0';
	switch (ldns_rr_get_type(rr)) {
	case LDNS_RR_TYPE_A:
		addr = addr_from_v4(ldns_rdf_data(ldns_rr_rdf(rr, 0)));
		addr_format(&addr, text);
		return true;
	case LDNS_RR_TYPE_AAAA:
		addr = addr_from_v6(ldns_rdf_data(ldns_rr_rdf(rr, 0)));
		addr_format(&addr, text);
		return true;
	case LDNS_RR_TYPE_TXT:
		for (size_t i = 0; i < ldns_rr_rd_count(rr); i++)
			used = put_string(text, used, ldns_rr_rdf(rr, i));
		text[used] = '\0';
		return true;
	case LDNS_RR_TYPE_MX:
		put_name(text, 0, ldns_rr_rdf(rr, 1));
		return true;
	case LDNS_RR_TYPE_SRV:
		put_name(text, 0, ldns_rr_rdf(rr, 3));
		return true;
	case LDNS_RR_TYPE_NS:
	case LDNS_RR_TYPE_CNAME:
	case LDNS_RR_TYPE_SOA:
	case LDNS_RR_TYPE_PTR:
	case LDNS_RR_TYPE_DNAME:
		put_name(text, 0, ldns_rr_rdf(rr, 0));
		return true;
	default:
		return false;
	}
}

/* ---- holding one against the other ---- */

struct compared {
	const ldns_pkt *pkt;
	bool is_changed;
	unsigned told, records, missed;
};

/*
 * Record by record, in their order. Changed messages may have pointers that go forward: ldns follows them, we say
 * nothing of such a record.
 */
static void
compare_answers(struct compared *c, const struct obs_dns *d)
{
	static char text[64 * 1024];
	const ldns_rr_list *answers = ldns_pkt_answer(c->pkt);
	size_t told = 0;

	for (size_t i = 0; i < ldns_rr_list_rr_count(answers); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(answers, i);
		if (!text_of(rr, text) || strlen(text) >= DNS_NAME_MAX)
			return;
		bool is_same = told < d->texts.count && strcmp(d->texts.at[told], text) == 0 &&
			       d->ttls.at[told] / 1000000000 == ldns_rr_ttl(rr);
		assert_true(is_same || c->is_changed);
		c->records += is_same;
		c->missed += !is_same;
		told += is_same;
	}
	assert_int_equal(d->texts.count, told);
}

static void
compare(void *context, const struct observation *o)
{
	struct compared *c = context;
	const struct obs_dns *d = o->dns;
	const ldns_rr_list *questions = ldns_pkt_question(c->pkt);
	char name[4096];

	if (o->kind != OBS_DNS)
		return;
	c->told++;
	assert_int_equal(d->trans_id, ldns_pkt_id(c->pkt));
	assert_int_equal(d->rcode & 0xf, ldns_pkt_get_rcode(c->pkt));
	assert_int_equal(d->authoritative == TRUTH_YES, ldns_pkt_aa(c->pkt));
	assert_int_equal(d->truncated == TRUTH_YES, ldns_pkt_tc(c->pkt));
	assert_int_equal(d->recursion_desired == TRUTH_YES, ldns_pkt_rd(c->pkt));
	assert_int_equal(d->recursion_available == TRUTH_YES, ldns_pkt_ra(c->pkt));
	assert_int_equal((d->z & 2) != 0, ldns_pkt_ad(c->pkt));
	assert_int_equal((d->z & 1) != 0, ldns_pkt_cd(c->pkt));
	if (d->query_type != TRANSACTION_UNSET) {
		const ldns_rr *last =
			ldns_rr_list_rr(questions, ldns_rr_list_rr_count(questions) - 1);
		put_name(name, 0, ldns_rr_owner(last));
		if (strlen(name) < DNS_NAME_MAX && d->query_type != DNS_NB &&
			d->query_type != DNS_NBSTAT)
			assert_string_equal(d->query, name);
		assert_int_equal(d->query_type, ldns_rr_get_type(last));
		assert_int_equal(d->query_class, ldns_rr_get_class(last));
	}
	compare_answers(c, d);
}

/*
 * Does each record end where its length says? ldns goes on behind what the type takes, whatever the length.
 */
static bool
lengths_agree(const struct dns_build *b, const ldns_pkt *pkt)
{
	size_t at = 12;
	bool agree = true;
	ldns_rdf *owner;
	ldns_rr *rr;

	for (unsigned i = 0; i < ldns_pkt_qdcount(pkt); i++) {
		assert_int_equal(ldns_wire2rr(&rr, b->bytes, b->size, &at, LDNS_SECTION_QUESTION),
			LDNS_STATUS_OK);
		ldns_rr_free(rr);
	}
	for (unsigned i = 0; i < ldns_pkt_ancount(pkt); i++) {
		size_t behind = at;
		assert_int_equal(
			ldns_wire2dname(&owner, b->bytes, b->size, &behind), LDNS_STATUS_OK);
		ldns_rdf_deep_free(owner);
		assert_int_equal(ldns_wire2rr(&rr, b->bytes, b->size, &at, LDNS_SECTION_ANSWER),
			LDNS_STATUS_OK);
		ldns_rr_free(rr);
		agree &= at ==
			 behind + 10 + (size_t)(b->bytes[behind + 8] << 8) + b->bytes[behind + 9];
	}
	return agree;
}

/* What ldns reads to its end has nothing that is wrong, but that ldns follows pointers that go forward. */
static void
hear_weird(void *context, enum weird kind)
{
	(void)context;
	if (kind != WEIRD_DNS_POINTER)
		fail_msg("%s", weird_name(kind));
}

/* returns whether ldns could read it */
static bool
hold(struct compared *c, const struct dns_build *b)
{
	struct dns_pending_state {
		uint64_t room[128];
	} state = { 0 };
	struct proto_call call = {
		.src_port = 53, .emit = compare, .weird = hear_weird, .context = c, .state = &state
	};
	ldns_pkt *pkt;

	assert_true(protocol_dns.state_size <= sizeof(state));
	if (ldns_wire2pkt(&pkt, b->bytes, b->size) != LDNS_STATUS_OK)
		return false;
	c->pkt = pkt;
	if (lengths_agree(b, pkt) && ldns_pkt_qr(pkt) &&
		ldns_pkt_get_opcode(pkt) == LDNS_PACKET_QUERY) {
		unsigned told = c->told;
		protocol_dns.parse(&call, cursor_over(b->bytes, b->size));
		assert_int_equal(c->told, told + 1);
	}
	ldns_pkt_free(pkt);
	return true;
}

static void
what_ldns_reads_we_read_the_same(void **state)
{
	struct compared c = { 0 };
	unsigned read = 0;

	(void)state;
	seed = 1;
	for (unsigned i = 0; i < MESSAGES; i++) {
		struct made m;
		make_message(&m);
		read += hold(&c, &m.b);
	}
	print_message("%u messages, %u read by ldns, %u records\n", MESSAGES, read, c.records);
	assert_in_range(read, MESSAGES / 10 * 9, MESSAGES);
	assert_in_range(c.records, MESSAGES * 3, MESSAGES * ANSWERS);
}

static void
so_we_do_of_changed_ones(void **state)
{
	struct compared c = { .is_changed = true };
	unsigned read = 0;

	(void)state;
	seed = 2;
	for (unsigned i = 0; i < MESSAGES; i++) {
		struct made m;
		make_message(&m);
		for (unsigned changes = 1 + below(3); changes > 0; changes--)
			m.b.bytes[below((unsigned)m.b.size)] = (uint8_t)below(256);
		if (below(4) == 0)
			m.b.size -= below((unsigned)m.b.size - 12);
		read += hold(&c, &m.b);
	}
	print_message("%u messages, %u read by ldns, %u records, %u of ldns alone\n", MESSAGES,
		read, c.records, c.missed);
	assert_in_range(read, MESSAGES / 10, MESSAGES);
	assert_in_range(c.missed, 0, c.records / 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_ldns_reads_we_read_the_same),
		cmocka_unit_test(so_we_do_of_changed_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
