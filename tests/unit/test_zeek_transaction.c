/* test_zeek_transaction.c -- a transaction as a row of Zeek's log, and as an object. */
#include "exporters/zeek_transaction.h"
#include "tests/support/transaction_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { LINE_MAX_BYTES = 2048 };

struct fixture {
	struct sample said;
	struct obs_talk talk;
	struct observation o;
	char text[LINE_MAX_BYTES];
	struct strbuf out;
};

static struct fixture *
fixture_of(const struct sample *said)
{
	static struct fixture f;

	f = (struct fixture){
		.said = *said,
		.talk = { .uid = { "Cabc" },
			.orig = addr_from_v4((const uint8_t[]){ 10, 0, 0, 1 }),
			.resp = addr_from_v4((const uint8_t[]){ 10, 0, 0, 2 }),
			.orig_port = 40000,
			.resp_port = 80,
			.ip_proto = 6 },
		.o = { .kind = OBS_HTTP, .ts_ns = UINT64_C(1700000002000000000) },
	};
	f.o.talk = &f.talk;
	f.o.said = &f.said;
	strbuf_init(&f.out, f.text, sizeof(f.text));
	return &f;
}

static void
some_fields_may_stand_before_the_ends(void **state)
{
	const struct sample s = sample_unset();
	struct fixture *f = fixture_of(&s);
	struct transaction_kind kind = sample_kind;

	(void)state;
	kind.before_ends = 1;
	zeek_transaction_header(&f->out, &kind);
	assert_non_null(strstr(f->text,
		"#fields\tts\tname\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tsort\tcount"));
	assert_non_null(strstr(
		f->text, "#types\ttime\tstring\tstring\taddr\tport\taddr\tport\tenum\tcount"));
	strbuf_reset(&f->out);
	zeek_transaction_tsv(&f->out, &kind, &f->o);
	assert_non_null(strstr(f->text, "\t-\tCabc\t10.0.0.1\t40000\t10.0.0.2\t80\t-\t"));
}

static void
the_header_names_and_types_all_columns(void **state)
{
	const struct sample s = sample_unset();
	struct fixture *f = fixture_of(&s);

	(void)state;
	zeek_transaction_header(&f->out, &sample_kind);
	assert_non_null(strstr(f->text, "#path\tsample\n"));
	assert_non_null(strstr(f->text,
		"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tname\tsort\tcount\tis_so\twhen"
		"\tlength\thost.addr\thost.port\ttexts\tlengths\tfuid\n"));
	assert_non_null(strstr(f->text,
		"#types\ttime\tstring\taddr\tport\taddr\tport\tstring\tenum\tcount\tbool\ttime\tinterval"
		"\taddr\tport\tset[string]\tvector[interval]\tstring\n"));
}

static void
a_row_has_a_value_for_each_column(void **state)
{
	const struct sample s = sample_full();
	struct fixture *f = fixture_of(&s);

	(void)state;
	zeek_transaction_tsv(&f->out, &sample_kind, &f->o);
	assert_string_equal(f->text,
		"1700000002.000000\tCabc\t10.0.0.1\t40000\t10.0.0.2\t80\ttab\\x09here\ttcp\t7\tF"
		"\t1700000000.250000\t0.250000\t10.0.0.9\t53\tone,(empty),a\\x2cb\t1.500000,0.000000\t-");
}

static void
what_is_not_known_is_a_dash(void **state)
{
	const struct sample s = sample_unset();
	struct fixture *f = fixture_of(&s);

	(void)state;
	f->o.began_ns = UINT64_C(1700000001000000000);
	zeek_transaction_tsv(&f->out, &sample_kind, &f->o);
	assert_string_equal(f->text,
		"1700000001.000000\tCabc\t10.0.0.1\t40000\t10.0.0.2\t80\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-");
}

static void
what_looks_unset_and_is_not_is_escaped(void **state)
{
	struct sample s = sample_unset();

	(void)state;
	s.name = "-";
	s.sort = "";
	struct fixture *f = fixture_of(&s);
	zeek_transaction_tsv(&f->out, &sample_kind, &f->o);
	assert_non_null(strstr(f->text, "\t80\t\\x2d\t(empty)\t-"));
}

static void
a_nul_that_a_parser_made_harmless_is_escaped_once(void **state)
{
	struct sample s = sample_unset();

	(void)state;
	s.name = "a\\x00b\\x01\\x0";
	struct fixture *f = fixture_of(&s);
	zeek_transaction_tsv(&f->out, &sample_kind, &f->o);
	assert_non_null(strstr(f->text, "\t80\ta\\x00b\\\\x01\\\\x0\t-"));
}

static void
a_log_without_a_conversation_has_no_ends(void **state)
{
	struct transaction_kind kind = sample_kind;
	const struct sample s = sample_unset();
	struct fixture *f = fixture_of(&s);

	(void)state;
	kind.has_ends = false;
	zeek_transaction_tsv(&f->out, &kind, &f->o);
	assert_string_equal(f->text, "1700000002.000000\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-");
}

static void
a_log_of_joined_conversations_has_their_uids(void **state)
{
	struct transaction_kind kind = sample_kind;
	const struct sample s = sample_unset();
	struct fixture *f = fixture_of(&s);

	(void)state;
	kind.has_ends = false;
	kind.has_uids = true;
	zeek_transaction_header(&f->out, &kind);
	assert_non_null(strstr(f->text, "#fields\tts\tuids\tname\t"));
	assert_non_null(strstr(f->text, "#types\ttime\tset[string]\tstring\t"));
	strbuf_reset(&f->out);
	zeek_transaction_tsv(&f->out, &kind, &f->o);
	assert_string_equal(f->text, "1700000002.000000\tCabc\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-");
	strbuf_reset(&f->out);
	zeek_transaction_json(&f->out, &kind, &f->o);
	assert_string_equal(f->text, "{\"ts\":1700000002.000000,\"uids\":[\"Cabc\"]}");
}

static void
an_object_leaves_out_what_is_not_known(void **state)
{
	struct sample s = sample_unset();

	(void)state;
	s.texts = (struct text_list){ sample_texts, 2 };
	s.count = 0;
	struct fixture *f = fixture_of(&s);
	zeek_transaction_json(&f->out, &sample_kind, &f->o);
	assert_string_equal(f->text,
		"{\"ts\":1700000002.000000,\"uid\":\"Cabc\",\"id.orig_h\":\"10.0.0.1\",\"id.orig_p\":40000,"
		"\"id.resp_h\":\"10.0.0.2\",\"id.resp_p\":80,\"count\":0,\"texts\":[\"one\",\"\"]}");
}

static void
an_object_has_each_value_in_its_type(void **state)
{
	const struct sample s = sample_full();
	struct fixture *f = fixture_of(&s);

	(void)state;
	zeek_transaction_json(&f->out, &sample_kind, &f->o);
	assert_non_null(strstr(f->text,
		"\"name\":\"tab\\there\",\"sort\":\"tcp\",\"count\":7,\"is_so\":false,\"when\":1700000000.250000,"
		"\"length\":0.250000,\"host.addr\":\"10.0.0.9\",\"host.port\":53,"
		"\"texts\":[\"one\",\"\",\"a,b\"],\"lengths\":[1.500000,0.000000]}"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(some_fields_may_stand_before_the_ends),
		cmocka_unit_test(the_header_names_and_types_all_columns),
		cmocka_unit_test(a_row_has_a_value_for_each_column),
		cmocka_unit_test(what_is_not_known_is_a_dash),
		cmocka_unit_test(what_looks_unset_and_is_not_is_escaped),
		cmocka_unit_test(a_nul_that_a_parser_made_harmless_is_escaped_once),
		cmocka_unit_test(a_log_without_a_conversation_has_no_ends),
		cmocka_unit_test(a_log_of_joined_conversations_has_their_uids),
		cmocka_unit_test(an_object_leaves_out_what_is_not_known),
		cmocka_unit_test(an_object_has_each_value_in_its_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
