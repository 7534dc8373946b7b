#include "daemon/loop/build_info.h"

#include "daemon/loop/version.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
version_revision_and_settings_are_labels(void **state)
{
	char memory[BUILD_INFO_LABEL_MAX];
	struct strbuf b;

	(void)state;
	strbuf_init(&b, memory, sizeof(memory));
	assert_true(build_info_label(&b, "abc")); /* FIPS 180-2, B.1 */
	assert_string_equal(b.text, "version=\"" NAIAD_VERSION "\",revision=\"" NAIAD_REVISION
				    "\",config_sha256=\"ba7816bf8f01cfea414140de5dae2223"
				    "b00361a396177a9cb410ff61f20015ad\"");
	assert_string_not_equal(NAIAD_REVISION, "");
}

static void
a_label_without_room_is_told(void **state)
{
	char memory[80];
	struct strbuf b;

	(void)state;
	strbuf_init(&b, memory, sizeof(memory));
	assert_false(build_info_label(&b, "abc"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(version_revision_and_settings_are_labels),
		cmocka_unit_test(a_label_without_room_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
