/* test_pkinit.c -- certificates in Kerberos, wherever they lie, and no others. */
#include "daemon/proto/pkinit.h"

#include "daemon/transactions/x509.h"
#include "tests/support/x509_sample.h"

#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { REQUEST = 0x6a, REPLY = 0x6b, SIGNED = 16, SIGNED_ANSWER = 17 };

/* What is wrapped is moved: a value is made from the inside out. */
struct value {
	size_t size;
	uint8_t bytes[16 * 1024];
};

static void
wrap(struct value *v, uint8_t tag)
{
	assert(v->size + 4 <= sizeof(v->bytes));
	memmove(v->bytes + 4, v->bytes, v->size);
	v->bytes[0] = tag;
	v->bytes[1] = 0x82;
	v->bytes[2] = (uint8_t)(v->size >> 8);
	v->bytes[3] = (uint8_t)v->size;
	v->size += 4;
}

static void
put_before(struct value *v, const void *bytes, size_t size)
{
	assert(v->size + size <= sizeof(v->bytes));
	memmove(v->bytes + size, v->bytes, v->size);
	memcpy(v->bytes, bytes, size);
	v->size += size;
}

/* `count` certificates: the leaf, then the root again and again. */
static void
message(struct value *v, uint8_t tag, uint8_t type, unsigned count)
{
	const uint8_t kind[] = { 0xa1, 3, 2, 1, type };

	v->size = 0;
	for (unsigned i = 1; i < count; i++)
		put_before(v, x509_sample_root, sizeof(x509_sample_root));
	put_before(v, x509_sample_leaf, sizeof(x509_sample_leaf));
	wrap(v, 0xa0);
	put_before(v, "\2\1\3\x31\0\x30\0", 7); /* version, digests, what is signed */
	wrap(v, 0x30);
	wrap(v, 0xa0);
	put_before(v, "\6\1\x2a", 3);
	wrap(v, 0x30);
	wrap(v, 0x80);
	wrap(v, 0x30);
	if (type == SIGNED_ANSWER)
		wrap(v, 0xa0);
	wrap(v, 4);
	wrap(v, 0xa2);
	put_before(v, kind, sizeof(kind));
	wrap(v, 0x30);
	put_before(v, "\x30\7\xa1\3\2\1\2\xa2\0", 9); /* a time stamp goes before it */
	wrap(v, 0x30);
	wrap(v, tag == REQUEST ? 0xa3 : 0xa2);
	put_before(v, "\xa1\3\2\1\5", 5);
	wrap(v, 0x30);
	wrap(v, tag);
}

struct seen {
	unsigned told, hosts, clients;
	char first[65];
};

static void
see(void *context, const struct observation *o)
{
	struct seen *s = context;

	assert_int_equal(o->kind, OBS_X509);
	if (s->told++ == 0)
		memcpy(s->first, o->x509->fingerprint, sizeof(s->first));
	s->hosts += o->x509->is_host == TRUTH_YES;
	s->clients += o->x509->is_client == TRUTH_YES;
}

static struct seen
read_from(bool from_orig, const struct value *v, size_t size)
{
	struct seen seen = { 0 };
	const struct proto_call call = { .from_orig = from_orig, .emit = see, .context = &seen };

	pkinit_read(&call, cursor_over(v->bytes, size));
	return seen;
}

static void
both_sides_certificates_are_told(void **state)
{
	static struct value v;

	(void)state;
	message(&v, REQUEST, SIGNED, 2);
	struct seen seen = read_from(true, &v, v.size);
	assert_int_equal(seen.told, 2);
	assert_int_equal(seen.hosts, 1);
	assert_int_equal(seen.clients, 2);
	assert_string_equal(seen.first, X509_SAMPLE_LEAF_SHA256);
	message(&v, REPLY, SIGNED_ANSWER, 1);
	seen = read_from(false, &v, v.size);
	assert_int_equal(seen.told, 1);
	assert_int_equal(seen.clients, 0);
}

static void
what_is_another_message_or_another_type_has_none(void **state)
{
	static struct value v;

	(void)state;
	message(&v, 0x6c, SIGNED, 1); /* for a service's ticket */
	assert_int_equal(read_from(true, &v, v.size).told, 0);
	message(&v, REQUEST, SIGNED + 2, 1);
	assert_int_equal(read_from(true, &v, v.size).told, 0);
	message(&v, REQUEST, SIGNED_ANSWER, 1); /* signed, and not by its choice */
	v.bytes[0] = 0x6d;
	assert_int_equal(read_from(true, &v, v.size).told, 0);
}

static void
so_many_are_read_and_no_more(void **state)
{
	static struct value v;

	(void)state;
	for (unsigned count = PKINIT_CERTIFICATES_MAX - 1; count <= PKINIT_CERTIFICATES_MAX + 1;
		count++) {
		message(&v, REQUEST, SIGNED, count);
		unsigned want = count < PKINIT_CERTIFICATES_MAX ? count : PKINIT_CERTIFICATES_MAX;
		assert_int_equal(read_from(true, &v, v.size).told, want);
	}
}

static void
of_what_is_cut_those_are_told_that_are_whole(void **state)
{
	static struct value v;
	static struct value cut;

	(void)state;
	message(&v, REQUEST, SIGNED, 2);
	for (size_t size = 0; size <= v.size; size++) {
		memcpy(cut.bytes, v.bytes, size);
		size_t rest = v.size - size;
		unsigned want = rest == 0 ? 2 : rest <= sizeof(x509_sample_root);
		assert_int_equal(read_from(true, &cut, size).told, want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_sides_certificates_are_told),
		cmocka_unit_test(what_is_another_message_or_another_type_has_none),
		cmocka_unit_test(so_many_are_read_and_no_more),
		cmocka_unit_test(of_what_is_cut_those_are_told_that_are_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
