#include "daemon/proto/proto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/proto_cuts.h"

extern const struct protocol protocol_kerberos_tcp;

static void
exchanges_are_told_however_they_are_cut(void **state)
{
	const struct proto_piece *pieces;
	size_t count = proto_cuts_seed("kerberos_tcp/as", &pieces);

	(void)state;
	proto_cuts(&protocol_kerberos_tcp, pieces, count,
		"kerberos request_type=AS client=enterprise_principal@AD.VLADG.NET/VLADG.NET "
		"service=krbtgt/VLADG.NET success=no error_msg=CLIENT_NOT_FOUND "
		"till=1421708112000000000 forwardable=yes renewable=no\n"
		"- proto=kerberos success=no user=enterprise_principal@AD.VLADG.NET/VLADG.NET "
		"method=AS known_by=reply\n");
	count = proto_cuts_seed("kerberos_tcp/tgs", &pieces);
	proto_cuts(&protocol_kerberos_tcp, pieces, count,
		"kerberos request_type=TGS client=spotless/OFFENSE.LOCAL "
		"service=HTTP/dc-mantvydas.offense.local success=yes till=2136422885000000000 "
		"cipher=rc4-hmac forwardable=yes renewable=yes\n");
}

static void
a_gap_over_a_beginning_ends_it_with_what_is_known(void **state)
{
	static struct proto_rig r;
	const struct proto_piece *pieces;

	(void)state;
	(void)proto_cuts_seed("kerberos_tcp/as", &pieces);
	proto_rig_init(&r, &protocol_kerberos_tcp);
	proto_rig_feed(&r, true, pieces[0].bytes, pieces[0].size);
	proto_rig_gap(&r, false, 10);
	assert_true(r.is_over);
	assert_int_equal(r.told, 1);
	proto_rig_done(&r);
}

static void
what_is_too_long_is_none(void **state)
{
	static struct proto_rig r;

	(void)state;
	proto_rig_init(&r, &protocol_kerberos_tcp);
	proto_rig_feed(&r, true, BYTES("\x00\x10\x00\x01"));
	assert_true(r.is_over);
	proto_rig_done(&r);
	proto_rig_init(&r, &protocol_kerberos_tcp);
	proto_rig_feed(&r, true, BYTES("\x00\x10\x00\x00"));
	assert_false(r.is_over);
	proto_rig_done(&r);
}

static void
first_messages_are_recognised(void **state)
{
	const struct proto_piece *pieces;

	(void)state;
	(void)proto_cuts_seed("kerberos_tcp/as", &pieces);
	proto_cuts_recognised(&protocol_kerberos_tcp, pieces, 4 + 14);
	proto_cuts_strangers(&protocol_kerberos_tcp);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exchanges_are_told_however_they_are_cut),
		cmocka_unit_test(a_gap_over_a_beginning_ends_it_with_what_is_known),
		cmocka_unit_test(what_is_too_long_is_none),
		cmocka_unit_test(first_messages_are_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
