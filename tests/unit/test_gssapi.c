#include "daemon/proto/gssapi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/proto_cuts.h"

extern const struct protocol protocol_smb;

#define KERBEROS "\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"

/* What else a flow carries by such a blob. */
static const char *
also(const void *bytes, size_t size)
{
	static struct proto_rig r;
	struct ntlmssp n = { 0 };
	uint8_t *exact = malloc(size > 0 ? size : 1);

	assert_non_null(exact);
	memcpy(exact, bytes, size);
	proto_rig_init(&r, &protocol_smb);
	struct proto_call call = proto_rig_call(&r, true);
	gssapi_read(&n, &call, cursor_over(exact, size));
	free(exact);
	proto_rig_done(&r);
	return r.also;
}

static void
the_first_byte_tells_a_token(void **state)
{
	(void)state;
	assert_string_equal(also(BYTES("\x60\x03")), "gssapi");
	assert_string_equal(also(BYTES("\xa1\x03")), "gssapi");
	assert_string_equal(also(BYTES("\x61\x03")), "");
	assert_string_equal(also(BYTES("")), "");
}

static void
ntlm_may_be_inside_or_alone(void **state)
{
	(void)state;
	assert_string_equal(also(BYTES("NTLMSSP\0\x01\0\0\0")), "ntlm");
	assert_string_equal(also(BYTES("\x60\x20NNTLMSSP\0\x01\0\0\0")), "gssapi,ntlm");
	assert_string_equal(also(BYTES("\x60\x20NTLMSSP")), "gssapi");
}

/* That a mechanism is on offer is no log-in by it: a message of its must follow. */
static void
kerberos_is_there_with_its_messages_only(void **state)
{
	(void)state;
	assert_string_equal(also(BYTES("\x60\x20\x06" KERBEROS "\x01\0")), "gssapi,krb");
	assert_string_equal(also(BYTES("\xa1\x20" KERBEROS "\x02\0")), "gssapi,krb");
	assert_string_equal(also(BYTES("\xa1\x20" KERBEROS "\x03\0")), "gssapi,krb");
	assert_string_equal(also(BYTES("\x60\x20" KERBEROS "\x06\x0a")), "gssapi");
	assert_string_equal(also(BYTES("\x60\x20" KERBEROS "\x01")), "gssapi");
	assert_string_equal(also(BYTES("\x60\x20" KERBEROS KERBEROS "\x01\0")), "gssapi,krb");
	assert_string_equal(
		also(BYTES("\x60\x20\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x03\x01\0")),
		"gssapi");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_byte_tells_a_token),
		cmocka_unit_test(ntlm_may_be_inside_or_alone),
		cmocka_unit_test(kerberos_is_there_with_its_messages_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
