/* Ids of findings, also where libcrypto has no memory left. */
#include "daemon/evidence/evidence_id.h"

#include <openssl/crypto.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool out_of_memory;

static void *
give(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return out_of_memory ? NULL : malloc(size);
}

static void *
give_more(void *block, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return out_of_memory ? NULL : realloc(block, size);
}

static void
take_back(void *block, const char *file, int line)
{
	(void)file;
	(void)line;
	free(block);
}

static void
ids_differ_by_all_that_they_are_made_of(void **state)
{
	struct evidence_digest *d = evidence_digest_new("sensor");
	struct addr a = addr_v4(10, 0, 0, 1);
	struct addr b = addr_v4(10, 0, 0, 2);
	char ids[6][UUID_TEXT_MAX];

	(void)state;
	assert_non_null(d);
	evidence_id(d, "scan", &a, 1, "23/tcp", 1, ids[0]);
	evidence_id(d, "sweep", &a, 1, "23/tcp", 1, ids[1]);
	evidence_id(d, "scan", &b, 1, "23/tcp", 1, ids[2]);
	evidence_id(d, "scan", &a, 2, "23/tcp", 1, ids[3]);
	evidence_id(d, "scan", &a, 1, "22/tcp", 1, ids[4]);
	evidence_id(d, "scan", &a, 1, "23/tcp", 2, ids[5]);
	for (size_t i = 0; i < 6; i++) {
		assert_true(evidence_id_is_valid(ids[i]));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(ids[i], ids[k]);
	}
	evidence_digest_free(d);
}

static void
without_memory_an_id_is_still_one_of_its_own(void **state)
{
	struct evidence_digest *d = evidence_digest_new("sensor");
	struct addr a = addr_v4(10, 0, 0, 1);
	char ids[4][UUID_TEXT_MAX];
	char again[UUID_TEXT_MAX];

	(void)state;
	assert_non_null(d);
	out_of_memory = true;
	evidence_id(d, "scan", &a, 1600000000, "", 1, ids[0]);
	evidence_id(d, "scan", &a, 1600000000, "", 2, ids[1]);
	evidence_id(d, "alert", &a, 1600000000, "", 1, ids[2]);
	evidence_id(d, "scan", &a, 1600003600, "", 1, ids[3]);
	evidence_id(d, "scan", &a, 1600000000, "", 1, again);
	out_of_memory = false;
	for (size_t i = 0; i < 4; i++) {
		assert_true(evidence_id_is_valid(ids[i]));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(ids[i], ids[k]);
	}
	assert_string_equal(ids[0], again);
	evidence_digest_free(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_differ_by_all_that_they_are_made_of),
		cmocka_unit_test(without_memory_an_id_is_still_one_of_its_own),
	};

	if (CRYPTO_set_mem_functions(give, give_more, take_back) != 1)
		return 77; /* this build of libcrypto lets nobody count its memory */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
