#define DETECTOR_UNDER_TEST detector_intel_client
#include "tests/support/intel_rig.h"

#include "daemon/transactions/quic.h"
#include "daemon/transactions/tls.h"

#define JA3  "6734f37431670b3ab4292b8f60f29984"
#define JA3S "e7d705a3286e19ea42f587b344ee6865"
#define JA4  "t13d1516h2_8daaf6152771_e5627efa2ab1"

static const struct addr server = { .byte = { [10] = 0xff, 0xff, 198, 51, 100, 3 } };

static void
tls(struct lists_rig *t, enum obs_role role, const struct obs_tls *hello)
{
	const struct obs_talk talk = talk_between(t->r.host, server);

	said(t, OBS_TLS, role, &talk, hello);
}

static void
know_all(struct lists_rig *t)
{
	const struct intel_indicator what[] = { intel_digest(INTEL_JA3, JA3, THREAT_MEDIUM),
		intel_digest(INTEL_JA3, JA3S, THREAT_HIGH),
		intel_digest(INTEL_JA4, JA4, THREAT_HIGH) };

	know(t, what, (const unsigned[]){ LIST_FIRST, LIST_FIRST, LIST_SECOND }, 3);
}

static void
a_listed_client_is_told_once(void **state)
{
	struct lists_rig *t = *state;

	tls(t, ROLE_CLIENT, &(struct obs_tls){ .ja3 = JA3 });
	know_all(t);
	tls(t, ROLE_CLIENT, &(struct obs_tls){ .ja3 = "0123456789abcdef0123456789abcdef" });
	tls(t, ROLE_CLIENT, &(struct obs_tls){ 0 });
	tls(t, ROLE_SERVER, &(struct obs_tls){ .ja3 = JA3 });
	assert_int_equal(t->r.raised_count, 0);
	tls(t, ROLE_CLIENT, &(struct obs_tls){ .ja3 = JA3 });
	tls(t, ROLE_CLIENT, &(struct obs_tls){ .ja3 = JA3 });
	assert_int_equal(t->r.raised_count, 1);
	const struct raised *a = rig_last(&t->r);
	assert_string_equal(a->kind->name, "MALICIOUS_JA3");
	assert_int_equal(a->threat, THREAT_MEDIUM);
	assert_string_equal(
		a->text, "greeted 198.51.100.3, whose JA3 " JA3 " first.txt lists (medium)");
	assert_string_equal(a->object, JA3);
	assert_true(addr_equal(&a->about, &server) && !a->decisive);
	assert_int_equal(a->port, 443);
	assert_int_equal(a->uid_count, 1);
}

static void
a_listed_server_is_charged_with_it_and_its_client_lightly(void **state)
{
	struct lists_rig *t = *state;

	know_all(t);
	tls(t, ROLE_CLIENT, &(struct obs_tls){ .ja3s = JA3S });
	assert_int_equal(t->r.raised_count, 2);
	assert_string_equal(t->r.raised[0].kind->name, "MALICIOUS_JA3S");
	assert_int_equal(t->r.raised[0].threat, THREAT_LOW);
	assert_string_equal(t->r.raised[0].text,
		"talked with 198.51.100.3, whose JA3S " JA3S " first.txt lists (high)");
	assert_true(t->r.raised[1].twin && addr_equal(&t->r.raised[1].host, &server));
	assert_int_equal(t->r.raised[1].threat, THREAT_HIGH);
	assert_string_equal(t->r.raised[1].text,
		"answered 10.0.0.1 with a hello whose JA3S " JA3S " first.txt lists (high)");
}

static void
a_client_of_quic_is_known_by_the_same(void **state)
{
	struct lists_rig *t = *state;
	const struct obs_talk talk = talk_between(t->r.host, server);

	know_all(t);
	said(t, OBS_QUIC, ROLE_CLIENT, &talk, &(struct obs_quic){ .ja4 = JA4, .ja3 = JA3 });
	assert_int_equal(t->r.raised_count, 2);
	assert_string_equal(t->r.raised[0].kind->name, "MALICIOUS_JA3");
	assert_string_equal(t->r.raised[1].kind->name, "MALICIOUS_JA4");
	assert_string_equal(t->r.raised[1].text,
		"greeted 198.51.100.3, whose JA4 " JA4 " second.txt lists (high)");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_listed_client_is_told_once),
		TEST(a_listed_server_is_charged_with_it_and_its_client_lightly),
		TEST(a_client_of_quic_is_known_by_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
