#include "daemon/proto/proto.h"
#include "daemon/transactions/dns.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

extern const struct protocol protocol_dns;

/* An answer of 8.8.8.8: www.Example.com is an alias of example.com, which is 93.184.216.34 and an IPv6 address. */
static const uint8_t answer[] = {
	0x12,
	0x34,
	0x81,
	0x80,
	0,
	1,
	0,
	3,
	0,
	0,
	0,
	0, /* header */
	3,
	'w',
	'w',
	'w',
	7,
	'E',
	'x',
	'a',
	'm',
	'p',
	'l',
	'e',
	3,
	'c',
	'o',
	'm',
	0, /* at 12 */
	0,
	1,
	0,
	1,
	0xc0,
	12,
	0,
	5,
	0,
	1,
	0,
	0,
	1,
	0,
	0,
	2,
	0xc0,
	16, /* CNAME */
	0xc0,
	16,
	0,
	1,
	0,
	1,
	0,
	0,
	0,
	60,
	0,
	4,
	93,
	184,
	216,
	34, /* A */
	0xc0,
	16,
	0,
	28,
	0,
	1,
	0,
	0,
	0,
	60,
	0,
	16, /* AAAA */
	0x26,
	6,
	0x28,
	0,
	2,
	0x20,
	0,
	1,
	2,
	0x48,
	0x18,
	0x93,
	0x25,
	0xc8,
	0x19,
	0x46,
};

struct seen {
	unsigned count;
	struct obs_dns dns;
	char query[DNS_NAME_MAX];
	struct dns_answer answers[DNS_ANSWERS_MAX];
};

static void
keep(void *context, const struct observation *o)
{
	struct seen *s = context;

	assert_int_equal(o->kind, OBS_DNS);
	s->count++;
	s->dns = *o->dns;
	memcpy(s->query, o->dns->query, strlen(o->dns->query) + 1);
	memcpy(s->answers, o->dns->answers, o->dns->answer_count * sizeof(s->answers[0]));
}

/* Parse a copy that ends where its memory ends, so that a byte too far is seen. */
static struct seen
parse(const uint8_t *bytes, size_t length)
{
	struct seen s = { 0 };
	struct proto_call call = {
		.ts_ns = 5,
		.src = addr_v4(8, 8, 8, 8),
		.dst = addr_v4(10, 0, 0, 1),
		.emit = keep,
		.context = &s,
	};
	uint8_t *copy = malloc(length + 1);

	memcpy(copy, bytes, length);
	uint8_t *exact = realloc(copy, length == 0 ? 1 : length);
	assert_int_equal(protocol_dns.parse(&call, cursor_over(exact, length)), PROTO_MORE);
	free(exact);
	return s;
}

static bool
looks(const uint8_t *bytes, size_t length)
{
	const struct proto_call call = { 0 };

	return protocol_dns.looks_like(&call, cursor_over(bytes, length)) == PROTO_YES;
}

static void
an_answer_names_its_addresses(void **state)
{
	(void)state;
	assert_true(looks(answer, sizeof(answer)));
	struct seen s = parse(answer, sizeof(answer));
	assert_int_equal(s.count, 1);
	assert_string_equal(s.query, "www.example.com");
	assert_int_equal(s.dns.query_type, 1);
	assert_int_equal(s.dns.rcode, 0);
	assert_int_equal(s.dns.answer_count, 2);
	struct addr v4 = addr_v4(93, 184, 216, 34);
	assert_true(addr_equal(&s.answers[0].addr, &v4));
	assert_int_equal(s.answers[0].ttl_s, 60);
	assert_int_equal(s.answers[1].addr.byte[0], 0x26);
	assert_int_equal(s.answers[1].addr.byte[15], 0x46);
	struct addr client = addr_v4(10, 0, 0, 1);
	assert_true(addr_equal(&s.dns.client, &client));
}

static void
cut_at_every_byte_it_tells_what_was_there(void **state)
{
	(void)state;
	for (size_t length = 0; length < sizeof(answer); length++) {
		struct seen s = parse(answer, length);
		(void)looks(answer, length);
		if (length < 33) /* the question is not whole */
			assert_true(s.count == 0 || length >= 29);
		if (length < 63)
			assert_int_equal(s.dns.answer_count, 0);
		else if (length < sizeof(answer))
			assert_int_equal(s.dns.answer_count, 1);
	}
}

static void
every_changed_byte_is_survived(void **state)
{
	uint8_t damaged[sizeof(answer)];

	(void)state;
	for (size_t at = 0; at < sizeof(answer); at++)
		for (unsigned value = 0; value < 256; value++) {
			memcpy(damaged, answer, sizeof(answer));
			damaged[at] = (uint8_t)value;
			struct seen s = parse(damaged, sizeof(damaged));
			assert_true(s.count <= 1 && s.dns.answer_count <= 2);
			(void)looks(damaged, sizeof(damaged));
		}
}

static void
a_query_is_recognised_and_emits_nothing(void **state)
{
	uint8_t query[33];

	(void)state;
	memcpy(query, answer, sizeof(query));
	query[2] = 0x01;
	query[3] = 0;
	query[7] = 0;
	assert_true(looks(query, sizeof(query)));
	assert_int_equal(parse(query, sizeof(query)).count, 0);
}

static void
a_pointer_may_only_go_back(void **state)
{
	uint8_t loop[33] = { 0x12, 0x34, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0 };

	(void)state;
	loop[12] = 0xc0;
	loop[13] = 12; /* to itself */
	loop[15] = 1;
	loop[17] = 1;
	assert_int_equal(parse(loop, sizeof(loop)).count, 0);
	loop[13] = 20; /* forward */
	assert_int_equal(parse(loop, sizeof(loop)).count, 0);
	loop[13] = 11; /* back, to a zero: the empty name */
	assert_int_equal(parse(loop, sizeof(loop)).count, 1);
	assert_string_equal(parse(loop, sizeof(loop)).query, "");
}

static void
strange_bytes_in_names_are_spelled_out(void **state)
{
	uint8_t odd[24] = { 0, 0, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4, 'a', '.', 0x1b, 0xff, 0, 0, 1,
		0, 1 };

	(void)state;
	assert_string_equal(parse(odd, 22).query, "a\\046\\027\\255");
}

static void
a_name_longer_than_its_room_is_not_told(void **state)
{
	uint8_t wide[400] = { 0, 0, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
	size_t at = 12;

	(void)state;
	for (int label = 0; label < 5; label++) {
		wide[at++] = 63;
		memset(wide + at, 'x', 63);
		at += 63;
	}
	wide[at++] = 0;
	assert_int_equal(parse(wide, at + 4).count, 0);
}

static void
what_is_not_dns_does_not_look_like_it(void **state)
{
	const uint8_t text[] = "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n";
	uint8_t notify[sizeof(answer)];

	(void)state;
	assert_false(looks(text, sizeof(text) - 1));
	assert_false(looks(answer, 11));
	memcpy(notify, answer, sizeof(answer));
	notify[2] = 0xa0; /* an opcode that is not a query */
	assert_false(looks(notify, sizeof(notify)));
	memcpy(notify, answer, sizeof(answer));
	notify[32] = 9; /* class 9 */
	assert_false(looks(notify, sizeof(notify)));
}

static void
more_than_24_answers_are_capped(void **state)
{
	uint8_t many[12 + 6 + 40 * 16] = { 0, 0, 0x80, 0, 0, 1, 0, 40, 0, 0, 0, 0, 1, 'x', 0, 0, 1,
		0, 1 };
	size_t at = 19;

	(void)state;
	for (int i = 0; i < 39; i++) {
		const uint8_t record[16] = { 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 1, 1, 1,
			(uint8_t)i };
		memcpy(many + at, record, sizeof(record));
		at += sizeof(record);
	}
	struct seen s = parse(many, at);
	assert_int_equal(s.dns.answer_count, DNS_ANSWERS_MAX);
	assert_int_equal(s.answers[23].addr.byte[15], 23);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_names_its_addresses),
		cmocka_unit_test(cut_at_every_byte_it_tells_what_was_there),
		cmocka_unit_test(every_changed_byte_is_survived),
		cmocka_unit_test(a_query_is_recognised_and_emits_nothing),
		cmocka_unit_test(a_pointer_may_only_go_back),
		cmocka_unit_test(strange_bytes_in_names_are_spelled_out),
		cmocka_unit_test(a_name_longer_than_its_room_is_not_told),
		cmocka_unit_test(what_is_not_dns_does_not_look_like_it),
		cmocka_unit_test(more_than_24_answers_are_capped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
