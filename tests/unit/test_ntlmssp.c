#include "daemon/proto/ntlmssp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/proto_cuts.h"

/* A challenge of server "S" = "s.x" in "x", in something that is not NTLM's; and an answer of U of D at H. */
#define CHALLENGE                                          \
	"junkNTLNTLMSSP\0\2\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0" \
	"challeng\0\0\0\0\0\0\0\0\x1c\0\x1c\0\x30\0\0\0"   \
	"\1\0\2\0S\0\3\0\6\0s\0.\0x\0\5\0\2\0x\0\7\0\2\0zz\0\0\0\0"
#define ANSWER(flags)                                            \
	"NTLMSSP\0\3\0\0\0"                                      \
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"                       \
	"\2\0\2\0\x40\0\0\0\2\0\2\0\x42\0\0\0\2\0\2\0\x44\0\0\0" \
	"\0\0\0\0\0\0\0\0" flags "\0\0\0D\0U\0H\0"

static const char *
told(struct proto_rig *r, const char *answer, size_t size, enum truth success)
{
	static const struct protocol none;
	struct ntlmssp n = { 0 };

	proto_rig_init(r, &none);
	struct proto_call call = proto_rig_call(r, true);
	ntlmssp_tell(&n, &call, "smb", success); /* nothing is pending */
	ntlmssp_read(&n, &call, cursor_over(BYTES(CHALLENGE)));
	ntlmssp_read(&n, &call, cursor_over(answer, size));
	ntlmssp_tell(&n, &call, "smb", success);
	ntlmssp_tell(&n, &call, "smb", success); /* nothing any more */
	proto_rig_done(r);
	return r->text;
}

static void
both_sides_tell_their_names(void **state)
{
	static struct proto_rig r;

	(void)state;
	assert_string_equal(told(&r, BYTES(ANSWER("\1")), TRUTH_YES),
		"ntlm username=U hostname=H domainname=D server_nb_computer_name=S "
		"server_dns_computer_name=s.x server_tree_name=x success=yes\n"
		"- proto=smb success=yes user=U method=NTLM known_by=reply\n");
	assert_string_equal(told(&r, BYTES(ANSWER("\1")), TRUTH_UNKNOWN),
		"ntlm username=U hostname=H domainname=D server_nb_computer_name=S "
		"server_dns_computer_name=s.x server_tree_name=x\n"
		"- proto=smb user=U method=NTLM\n");
}

static void
names_may_be_in_bytes(void **state)
{
	static struct proto_rig r;

	(void)state;
	assert_non_null(strstr(told(&r, BYTES(ANSWER("\0")), TRUTH_NO),
		"username=U\\x00 hostname=H\\x00 domainname=D\\x00"));
}

static void
every_cut_is_borne(void **state)
{
	static struct proto_rig r;

	(void)state;
	for (size_t size = 0; size < sizeof(ANSWER("\1")) - 1; size++) {
		char *exact = malloc(size + 1);
		memcpy(exact, ANSWER("\1"), size);
		exact = realloc(exact, size > 0 ? size : 1);
		(void)told(&r, exact, size, TRUTH_YES);
		assert_int_equal(r.told, size < 12 ? 0 : size < 0x44 ? r.told : 2);
		free(exact);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_sides_tell_their_names),
		cmocka_unit_test(names_may_be_in_bytes),
		cmocka_unit_test(every_cut_is_borne),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
