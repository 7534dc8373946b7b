/* test_zeek_said.c -- every log of a transaction comes back as it was written, and with what columns leave out. */
#include "daemon/input/zeek_state.h"

#include "daemon/input/zeek_certificates.h"
#include "daemon/transactions/dhcp.h"
#include "daemon/transactions/file.h"
#include "daemon/transactions/software.h"
#include "exporters/zeek_transaction.h"
#include "tests/support/input_rig.h"

#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { LINE_ROOM = 16 << 10 };

static int
rig_open(void **state)
{
	struct input_rig *r = input_rig_new(&input_zeek);

	r->s.shared = calloc(1, input_zeek.shared_size);
	*state = r;
	return r->s.shared == NULL;
}

static int
rig_close(void **state)
{
	struct input_rig *r = *state;

	free(r->s.shared);
	input_rig_free(r);
	return 0;
}

static const char *const words[] = { "one", "", "a,b", "-" };
static const uint64_t lengths[] = { 1500000000, 0, 250000000 };

static void
set_field(void *at, enum field_type type, int i)
{
	switch (type) {
	case FIELD_TEXT:
		*(const char **)at = words[i / 2 % 4];
		break;
	case FIELD_COUNT:
		*(uint64_t *)at = (uint64_t)i;
		break;
	case FIELD_TRUTH:
		*(enum truth *)at = i % 4 < 2 ? TRUTH_YES : TRUTH_NO;
		break;
	case FIELD_TIME:
		*(uint64_t *)at = UINT64_C(1700000000250000000);
		break;
	case FIELD_INTERVAL:
		*(uint64_t *)at = (uint64_t)i * 1000000;
		break;
	case FIELD_ADDR:
		*(struct addr *)at = addr_v4(10, 0, 0, (uint8_t)i);
		break;
	case FIELD_PORT:
		*(uint16_t *)at = (uint16_t)(i + 1);
		break;
	case FIELD_TEXTS:
		*(struct text_list *)at = (struct text_list){ words, 3 };
		break;
	case FIELD_INTERVALS:
		*(struct interval_list *)at = (struct interval_list){ lengths, 3 };
		break;
	case FIELD_NEVER:
		break;
	}
}

/* The even or odd fields get a value each, the others are unset. `said` is zeroed. */
static void
fill(const struct transaction_kind *kind, void *said, int parity)
{
	int i = 0;

	for (const struct transaction_field *f = kind->fields; f->name != NULL; f++, i++) {
		uint64_t *at = (void *)((uint8_t *)said + f->offset);

		if (i % 2 == parity)
			set_field(at, f->type, i);
		else if (f->type == FIELD_COUNT || f->type == FIELD_INTERVAL)
			*at = TRANSACTION_UNSET;
	}
}

static void
assert_same_text(const char *a, const char *b)
{
	assert_true((a == NULL) == (b == NULL));
	if (a != NULL)
		assert_string_equal(a, b);
}

static size_t
size_of(enum field_type type)
{
	switch (type) {
	case FIELD_COUNT:
	case FIELD_TIME:
	case FIELD_INTERVAL:
		return sizeof(uint64_t);
	case FIELD_TRUTH:
		return sizeof(enum truth);
	case FIELD_ADDR:
		return sizeof(struct addr);
	case FIELD_PORT:
		return sizeof(uint16_t);
	default:
		return 0;
	}
}

static void
assert_same(const struct transaction_kind *kind, const void *a, const void *b)
{
	for (const struct transaction_field *f = kind->fields; f->name != NULL; f++) {
		const void *left = transaction_at(f, a);
		const void *right = transaction_at(f, b);
		const struct text_list *texts = left;
		const struct text_list *others = right;
		const struct interval_list *intervals = left;
		const struct interval_list *other_intervals = right;

		if (f->type == FIELD_TEXT)
			assert_same_text(*(const char *const *)left, *(const char *const *)right);
		else if (f->type == FIELD_TEXTS) {
			assert_int_equal(texts->count, others->count);
			for (size_t i = 0; i < texts->count; i++)
				assert_string_equal(texts->at[i], others->at[i]);
		} else if (f->type == FIELD_INTERVALS) {
			assert_int_equal(intervals->count, other_intervals->count);
			for (size_t i = 0; i < intervals->count; i++)
				assert_int_equal(intervals->at[i], other_intervals->at[i]);
		} else if (f->type != FIELD_NEVER)
			assert_memory_equal(left, right, size_of(f->type));
	}
}

/* Fields that the reader takes for more than their column: names of files for certificates. */
static bool
is_finished(const struct transaction_kind *kind)
{
	return kind->kind == OBS_TLS || kind->kind == OBS_X509;
}

static void
there_and_back(struct input_rig *r, const struct transaction_kind *kind, int parity, bool json)
{
	_Alignas(max_align_t) uint8_t said[TRANSACTION_SIZE_MAX] = { 0 };
	static char text[LINE_ROOM];
	struct obs_talk talk = { .orig = addr_v4(10, 0, 0, 1),
		.resp = addr_v4(10, 0, 0, 2),
		.orig_port = 40000,
		.resp_port = 80,
		.uid = { "CCmDhK2D8U7fiDa8a" } };
	struct observation o = { .kind = (enum obs_kind)kind->kind,
		.ts_ns = UINT64_C(1700000000250000000),
		.talk = &talk,
		.said = said };
	struct strbuf line;

	fill(kind, said, parity);
	input_rig_begin(r, NULL);
	strbuf_init(&line, text, sizeof(text));
	zeek_transaction_header(&line, kind);
	for (char *at = text, *end; !json && (end = strchr(at, '\n')) != NULL; at = end + 1) {
		*end = '\0';
		assert_int_equal(input_rig_line(r, at), 0);
	}
	strbuf_reset(&line);
	if (json) {
		zeek_transaction_json(&line, kind, &o);
		line.text[line.length - 1] = ',';
		strbuf_printf(&line, "\"_path\":\"%s\"}", kind->log);
	} else
		zeek_transaction_tsv(&line, kind, &o);
	assert_int_equal(input_rig_line(r, text), 1);
	assert_string_equal(r->s.log, kind->log);
	assert_int_equal(r->s.items[0].o.kind, kind->kind);
	/* An answer of DNS is known when it has come; the line has the question's time. */
	const struct obs_dns *dns = kind->kind == OBS_DNS ? (const void *)said : NULL;
	bool knows = dns != NULL && dns->rtt_ns != TRANSACTION_UNSET;
	assert_int_equal(r->s.items[0].o.ts_ns, o.ts_ns + (knows ? dns->rtt_ns : 0));
	assert_int_equal(r->s.items[0].o.began_ns, knows ? o.ts_ns : 0);
	if (kind->has_ends || kind->has_uids)
		assert_string_equal(r->s.items[0].talk.uid.text, talk.uid.text);
	if (kind->has_ends) {
		assert_memory_equal(&r->s.items[0].talk.resp, &talk.resp, sizeof(talk.resp));
		assert_int_equal(r->s.items[0].talk.orig_port, 40000);
	}
	if (!is_finished(kind))
		assert_same(kind, said, r->s.items[0].o.said);
}

static void
every_log_comes_back_as_it_was_written(void **state)
{
	unsigned logs = 0;

	for (size_t i = 0; i < transaction_count; i++) {
		if (transactions[i]->log == NULL)
			continue;
		logs++;
		for (int parity = 0; parity < 2; parity++) {
			there_and_back(*state, transactions[i], parity, /* json= */ false);
			there_and_back(*state, transactions[i], parity, /* json= */ true);
		}
	}
	assert_true(logs >= 20);
}

/* The last line's observation of a file without "_path". */
static const struct input_item *
json(struct input_rig *r, const char *line)
{
	input_rig_begin(r, NULL);
	assert_int_equal(input_rig_line(r, line), 1);
	input_zeek.telling(&r->s, &r->s.items[0]);
	return &r->s.items[0];
}

static void
answers_that_are_addresses_are_found(void **state)
{
	const struct input_item *item = json(*state,
		"{\"ts\":1.5,\"uid\":\"C1\",\"id.orig_h\":\"10.0.0.1\",\"id.resp_h\":\"10.0.0.2\","
		"\"proto\":\"udp\",\"query\":\"WWW.Example.COM\",\"rcode\":0,\"qtype_name\":\"A\","
		"\"answers\":[\"alias.example.com\",\"192.0.2.7\",\"2001:db8::7\"],"
		"\"TTLs\":[60.0,15.5]}");
	const struct obs_dns *dns = item->o.dns;

	assert_int_equal(item->o.kind, OBS_DNS);
	assert_string_equal(dns->query, "www.example.com");
	assert_int_equal(dns->answer_count, 2);
	struct addr expected = addr_v4(192, 0, 2, 7);
	assert_true(addr_equal(&dns->answers[0].addr, &expected));
	assert_int_equal(dns->answers[0].ttl_s, 15);
	assert_int_equal(dns->answers[1].ttl_s, 0);
	assert_null(dns->answers[0].name);
	assert_int_equal(item->talk.ip_proto, IPPROTO_UDP);
	assert_int_equal(item->talk.id != 0, 1);
}

static void
where_types_are_told_only_those_are_addresses(void **state)
{
	(void)json(*state, "{\"ts\":1.5,\"query\":\"a\",\"qtype\":1,\"answers\":[\"192.0.2.9\"],"
			   "\"TTLs\":[60.0]}");
	const struct input_item *item = json(*state,
		"{\"ts\":1.5,\"proto\":\"tcp\",\"query\":\"a\",\"qtype\":16,"
		"\"answers\":[\"192.0.2.7\",\"192.0.2.8\"],\"answer_types\":[\"TXT\",\"A\"]}");

	assert_int_equal(item->o.dns->answer_count, 1);
	assert_int_equal(item->o.dns->answers[0].addr.byte[15], 8);
	assert_int_equal(item->o.dns->answers[0].ttl_s, 0); /* and not that of a line before */
	assert_int_equal(item->talk.ip_proto, IPPROTO_TCP);
}

static void
the_ends_of_a_file_are_in_one_form_or_the_other(void **state)
{
	const struct input_item *item = json(*state,
		"{\"ts\":1.5,\"fuid\":\"F1\",\"tx_hosts\":[\"10.0.0.2\"],\"rx_hosts\":[\"10.0.0.1\"],"
		"\"conn_uids\":[\"C1\",\"C2\"],\"source\":\"HTTP\",\"is_orig\":false}");

	assert_string_equal(item->talk.uid.text, "C1");
	assert_int_equal(item->o.file->sender.byte[15], 2);
	assert_int_equal(item->o.file->receiver.byte[15], 1);
	assert_int_equal(item->talk.orig.byte[15], 1);
	item = json(*state, "{\"ts\":1.5,\"fuid\":\"F1\",\"uid\":\"C3\",\"id.orig_h\":\"10.0.0.1\","
			    "\"id.resp_h\":\"10.0.0.2\",\"source\":\"SMTP\",\"is_orig\":true}");
	assert_string_equal(item->talk.uid.text, "C3");
	assert_int_equal(item->o.file->sender.byte[15], 1);
	assert_int_equal(item->o.file->receiver.byte[15], 2);
}

static void
a_program_is_of_the_host_that_asks_or_that_listens(void **state)
{
	const struct input_item *item = json(*state,
		"{\"ts\":1.5,\"host\":\"10.0.0.9\",\"software_type\":\"SSH::CLIENT\",\"name\":\"a\"}");

	assert_int_equal(item->talk.orig.byte[15], 9);
	assert_true(addr_is_unspecified(&item->talk.resp));
	item = json(*state,
		"{\"ts\":1.5,\"host\":\"10.0.0.9\",\"host_p\":22,\"software_type\":\"SSH::SERVER\"}");
	assert_true(addr_is_unspecified(&item->talk.orig));
	assert_int_equal(item->talk.resp.byte[15], 9);
	assert_int_equal(item->talk.resp_port, 22);
}

static void
dhcp_has_the_ports_of_dhcp(void **state)
{
	const struct input_item *item = json(*state,
		"{\"ts\":1.5,\"uids\":[\"C1\",\"C2\"],\"client_addr\":\"10.0.0.5\","
		"\"server_addr\":\"10.0.0.1\",\"mac\":\"08:00:27:7f:09:e1\",\"msg_types\":[\"ACK\"]}");

	assert_string_equal(item->talk.uid.text, "C1");
	assert_int_equal(item->talk.orig.byte[15], 5);
	assert_int_equal(item->talk.resp.byte[15], 1);
	assert_int_equal(item->talk.orig_port, 68);
	assert_int_equal(item->talk.resp_port, 67);
	item = json(*state, /* of Bro 2.5 */
		"{\"ts\":1.5,\"uid\":\"C4\",\"id.orig_h\":\"10.0.0.7\",\"id.orig_p\":68,"
		"\"id.resp_h\":\"10.0.0.1\",\"id.resp_p\":67,\"mac\":\"08:00:27:7f:09:e1\","
		"\"assigned_ip\":\"10.0.0.7\",\"lease_time\":86400.0,\"trans_id\":4}");
	assert_int_equal(item->talk.orig.byte[15], 7);
	assert_int_equal(item->o.dhcp->assigned_addr.byte[15], 7);
	assert_int_equal(item->o.dhcp->xid, 4);
}

#define SHA256 "fc85d5ae673d6d3befce84844d750aff3c8d3c9f041330017ed3c47b9c26c86e"

static void
a_handshake_meets_its_certificate(void **state)
{
	struct input_rig *r = *state;
	const struct input_item *item = json(r,
		"{\"ts\":1.5,\"fingerprint\":\"" SHA256 "\",\"certificate.serial\":\"2D\","
		"\"certificate.subject\":\"CN=a\",\"certificate.issuer\":\"CN=b\","
		"\"certificate.not_valid_before\":-5.0,\"certificate.not_valid_after\":7.0}");

	assert_string_equal(item->o.x509->fingerprint, SHA256);
	assert_int_equal(item->o.x509->not_before_ns, 0);
	item = json(r, "{\"ts\":2.5,\"uid\":\"C1\",\"version\":\"TLSv12\",\"cipher\":\"x\","
		       "\"issuer\":\"CN=its own\",\"cert_chain_fps\":[\"" SHA256 "\",\"other\"]}");
	assert_string_equal(item->o.tls->subject, "CN=a");
	assert_string_equal(item->o.tls->issuer, "CN=its own");
	assert_string_equal(item->o.tls->serial, "2D");
	assert_int_equal(item->o.tls->not_after_ns, UINT64_C(7000000000));
	assert_int_equal(item->o.tls->server_chain.count, 2);
	assert_int_equal(item->talk.ip_proto, IPPROTO_TCP);
	assert_int_equal(item->key_ns, UINT64_C(3500000000)); /* the certificate comes later */
	item = json(r, "{\"ts\":2.5,\"version\":\"TLSv12\",\"subject\":\"CN=c\","
		       "\"cert_chain_fps\":[\"" SHA256 "\"]}");
	assert_int_equal(item->key_ns, 0);
}

static void
up_to_zeek_4_they_meet_by_the_files_name(void **state)
{
	struct input_rig *r = *state;

	(void)json(r, "{\"ts\":1.5,\"fuid\":\"F1\",\"tx_hosts\":[\"10.0.0.2\"],\"source\":\"SSL\","
		      "\"sha1\":\"0a6b201a7bff643cc5dd6631e5940e858ee07d25\"}");
	const struct input_item *item =
		json(r, "{\"ts\":1.5,\"id\":\"F1\",\"certificate.serial\":\"2D\","
			"\"certificate.subject\":\"CN=a\"}");
	assert_null(item->o.x509->fingerprint);
	assert_string_equal(item->o.x509->subject, "CN=a");
	item = json(r,
		"{\"ts\":2.5,\"version\":\"DTLSv12\",\"cipher\":\"x\","
		"\"cert_chain_fuids\":[\"F1\",\"F2\"],\"client_cert_chain_fuids\":[\"F3\"]}");
	assert_string_equal(item->o.tls->subject, "CN=a");
	assert_string_equal(item->o.tls->sha1, "0a6b201a7bff643cc5dd6631e5940e858ee07d25");
	assert_int_equal(item->o.tls->server_chain.count, 0);
	assert_int_equal(item->o.tls->client_chain.count, 0);
	assert_int_equal(item->talk.ip_proto, IPPROTO_UDP);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_open, rig_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_log_comes_back_as_it_was_written),
		TEST(answers_that_are_addresses_are_found),
		TEST(where_types_are_told_only_those_are_addresses),
		TEST(the_ends_of_a_file_are_in_one_form_or_the_other),
		TEST(a_program_is_of_the_host_that_asks_or_that_listens),
		TEST(dhcp_has_the_ports_of_dhcp),
		TEST(a_handshake_meets_its_certificate),
		TEST(up_to_zeek_4_they_meet_by_the_files_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
