/* test_tls_certificates.c -- the Certificate message: who is told, who is trusted, what is cut. */
#include "daemon/proto/tls_certificates.h"

#include "daemon/proto/x509_cache.h"
#include "tests/support/tls_build.h"
#include "tests/support/x509_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static unsigned told, oddities;

static void
count(void *context, const struct observation *o)
{
	(void)context;
	assert_int_equal(o->kind, OBS_X509);
	told++;
}

static void
be_odd(void *context, enum weird kind)
{
	(void)context;
	assert_int_equal(kind, WEIRD_TLS_CERTIFICATE);
	oddities++;
}

static struct proto_call
call_of(bool from_orig, struct x509_trust *trust)
{
	told = 0;
	oddities = 0;
	return (struct proto_call){ .ts_ns = UINT64_C(1700000000000000000),
		.from_orig = from_orig,
		.trust = trust,
		.emit = count,
		.weird = be_odd };
}

/* All of a message at once. returns how many bytes of it were left */
static size_t
read_whole(struct proto_call *call, struct tls_session *s, const void *bytes, size_t size)
{
	struct cursor c = cursor_over(bytes, size);

	tls_certificates_take(call, s, &c);
	tls_certificates_end(call, s);
	return cursor_left(&c);
}

/* The leaf and the root. */
static void
chain_write(struct tls_build *b)
{
	size_t list = tls_build_open(b, 3);

	tls_build_number(b, sizeof(x509_sample_leaf), 3);
	tls_build_bytes(b, x509_sample_leaf, sizeof(x509_sample_leaf));
	tls_build_number(b, sizeof(x509_sample_root), 3);
	tls_build_bytes(b, x509_sample_root, sizeof(x509_sample_root));
	tls_build_close(b, list, 3);
}

static void
a_servers_chain_is_validated_when_somebody_is_trusted(void **state)
{
	static const char pem[] = X509_SAMPLE_ROOT_PEM;
	struct x509_trust *trust = x509_trust_new();
	struct tls_session s = { 0 };
	struct tls_session unasked = { 0 };
	struct tls_session client = { 0 };
	struct tls_session cacheless = { 0 };
	struct tls_build b = { 0 };
	struct x509_cache cache;

	(void)state;
	assert_int_equal(x509_trust_add(trust, pem, sizeof(pem) - 1), 1);
	assert_int_equal(x509_cache_init(&cache, &(struct hash_key){ { 1, 2 } }), 0);
	chain_write(&b);
	struct proto_call call = call_of(false, trust);
	call.certificates = &cache;
	(void)read_whole(&call, &s, b.bytes, b.size);
	assert_int_equal(told, 2);
	assert_string_equal(s.host.validation, "ok");
	assert_string_equal(s.host.subject, "CN=www.example.org,O=Example,C=CZ");
	call = call_of(false, NULL);
	call.certificates = &cache;
	(void)read_whole(&call, &unasked, b.bytes, b.size);
	assert_null(unasked.host.validation);
	call = call_of(false, trust);
	(void)read_whole(&call, &cacheless, b.bytes, b.size);
	assert_int_equal(told, 2);
	assert_null(cacheless.host.validation);
	/* A client's is told, and no more. */
	call = call_of(true, trust);
	call.certificates = &cache;
	(void)read_whole(&call, &client, b.bytes, b.size);
	assert_int_equal(told, 2);
	assert_false(client.has_host);
	assert_int_equal(client.chain_counts[1], 2);
	x509_cache_done(&cache);
	x509_trust_free(trust);
}

/* Whatever piece it comes in, what is whole is told and taken off, and the chain is validated at its end. */
static void
a_chain_is_read_as_it_comes(void **state)
{
	static const char pem[] = X509_SAMPLE_ROOT_PEM;
	struct x509_trust *trust = x509_trust_new();
	struct x509_cache cache;
	struct tls_build b = { 0 };

	(void)state;
	assert_int_equal(x509_trust_add(trust, pem, sizeof(pem) - 1), 1);
	assert_int_equal(x509_cache_init(&cache, &(struct hash_key){ { 1, 2 } }), 0);
	chain_write(&b);
	for (size_t part = 1; part <= b.size; part++) {
		struct tls_session s = { 0 };
		struct proto_call call = call_of(false, trust);
		size_t taken = 0;
		call.certificates = &cache;
		for (size_t there = part; taken < b.size; there += part) {
			size_t end = there < b.size ? there : b.size;
			struct cursor c = cursor_over(b.bytes + taken, end - taken);
			tls_certificates_take(&call, &s, &c);
			taken = end - cursor_left(&c);
			unsigned whole = end >= 6 + sizeof(x509_sample_leaf);
			assert_int_equal(told, end == b.size ? 2 : whole);
			assert_null(s.host.validation);
		}
		tls_certificates_end(&call, &s);
		assert_string_equal(s.host.validation, "ok");
	}
	x509_cache_done(&cache);
	x509_trust_free(trust);
}

static void
a_second_chain_of_a_side_is_not_read(void **state)
{
	struct tls_session s = { 0 };
	struct tls_build b = { 0 };

	(void)state;
	chain_write(&b);
	struct proto_call call = call_of(false, NULL);
	(void)read_whole(&call, &s, b.bytes, b.size);
	(void)read_whole(&call, &s, b.bytes, b.size);
	assert_int_equal(told, 2);
}

static void
what_is_there_of_a_cut_chain_is_read(void **state)
{
	struct tls_build b = { 0 };

	(void)state;
	chain_write(&b);
	for (size_t size = 0; size <= b.size; size++) {
		struct tls_session s = { 0 };
		struct proto_call call = call_of(false, NULL);
		(void)read_whole(&call, &s, b.bytes, size);
		unsigned want = size < 3 + 3 + sizeof(x509_sample_leaf) ? 0 : 1;
		assert_int_equal(told, size == b.size ? 2 : want);
		assert_int_equal(oddities, 0);
	}
}

static void
a_certificate_that_is_none_is_odd_once(void **state)
{
	struct tls_session s = { 0 };
	struct tls_build b = { 0 };

	(void)state;
	chain_write(&b);
	b.bytes[6] ^= 1; /* the leaf's first byte */
	struct proto_call call = call_of(false, NULL);
	(void)read_whole(&call, &s, b.bytes, b.size);
	(void)read_whole(&call, &s, b.bytes, b.size);
	assert_int_equal(told, 0);
	assert_int_equal(oddities, 1);
}

/* One that is longer than what is read may be a good one. */
static void
a_long_certificate_is_not_odd(void **state)
{
	static uint8_t bytes[6 + X509_BYTES_MAX + 1];

	(void)state;
	for (size_t size = X509_BYTES_MAX; size <= X509_BYTES_MAX + 1; size++) {
		struct tls_session s = { 0 };
		struct proto_call call = call_of(false, NULL);
		bytes[1] = (uint8_t)((size + 3) >> 8);
		bytes[2] = (uint8_t)(size + 3);
		bytes[4] = (uint8_t)(size >> 8);
		bytes[5] = (uint8_t)size;
		(void)read_whole(&call, &s, bytes, 6 + size);
		assert_int_equal(oddities, size == X509_BYTES_MAX);
	}
}

/* The library is not asked: what only it can tell from a certificate passes. */
static void
what_nobody_hears_of_is_looked_at_from_outside(void **state)
{
	const uint64_t both = OBS_BIT(OBS_X509) | OBS_BIT(OBS_TLS);
	struct tls_build b = { 0 };
	struct x509_cache cache;

	(void)state;
	assert_int_equal(x509_cache_init(&cache, &(struct hash_key){ { 1, 2 } }), 0);
	chain_write(&b);
	for (unsigned deaf = 0; deaf < 3; deaf++) {
		struct tls_session s = { 0 };
		struct proto_call call = call_of(false, NULL);
		call.certificates = &cache;
		call.unheard = deaf == 0 ? both : deaf == 1 ? OBS_BIT(OBS_X509) : OBS_BIT(OBS_TLS);
		assert_int_equal(read_whole(&call, &s, b.bytes, b.size), 0);
		assert_int_equal(table_count(&cache.table), deaf == 0 ? 0 : 2);
		assert_int_equal(oddities, 0);
	}
	b.bytes[6] ^= 1;
	struct tls_session s = { 0 };
	struct proto_call call = call_of(false, NULL);
	call.unheard = both;
	(void)read_whole(&call, &s, b.bytes, b.size);
	assert_int_equal(oddities, 1);
	x509_cache_done(&cache);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_servers_chain_is_validated_when_somebody_is_trusted),
		cmocka_unit_test(a_chain_is_read_as_it_comes),
		cmocka_unit_test(a_second_chain_of_a_side_is_not_read),
		cmocka_unit_test(what_is_there_of_a_cut_chain_is_read),
		cmocka_unit_test(a_certificate_that_is_none_is_odd_once),
		cmocka_unit_test(a_long_certificate_is_not_odd),
		cmocka_unit_test(what_nobody_hears_of_is_looked_at_from_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
