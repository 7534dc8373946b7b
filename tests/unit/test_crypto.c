/* What is asked of libcrypto before anything is computed. */
#include "daemon/loop/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
libcrypto_is_ready_again_and_again(void **state)
{
	(void)state;
	assert_true(crypto_ready());
	assert_true(crypto_ready());
}

int
main(void)
{
	/* Where it is not ready: tests/integration/failing_allocations.sh. */
	const struct CMUnitTest tests[] = { cmocka_unit_test(libcrypto_is_ready_again_and_again) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
