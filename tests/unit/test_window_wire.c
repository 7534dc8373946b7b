#include "daemon/observation.h"
#include "daemon/record/window_wire.h"
#include "daemon/tuples/features.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MEMORY ((size_t)1024 * 1024)

enum { BYTES = 1024 * 1024, S = 1000000000 };

/* A window, packed, and put together again. */
struct rig {
	struct arena memory;
	struct tuples tuples;
	struct record_window window;
	struct hash_key key;
	uint8_t *bytes;
	size_t length, pieces;
	struct window_unpacking u;
};

static struct rig *
rig_new(size_t memory_max)
{
	struct rig *r = calloc(1, sizeof(*r));

	arena_init(&r->memory, 64 * MEMORY, NULL);
	tuples_init(&r->tuples, &r->memory, &r->key);
	r->window = (struct record_window){
		.host = addr_v4(192, 168, 2, 12),
		.window = { -3, 5 * (uint64_t)S, 3605 * (uint64_t)S },
		.tuples = &r->tuples,
		.evidence = 7,
		.suppressed = 2,
		.sum = 1.25,
		.late = 9,
	};
	r->bytes = malloc(BYTES);
	window_unpacking_init(&r->u, memory_max);
	return r;
}

static void
rig_free(struct rig *r)
{
	window_unpacking_done(&r->u);
	arena_done(&r->memory);
	free(r->bytes);
	free(r);
}

static void
add(struct rig *r, unsigned peer, uint16_t port, bool established, enum obs_role role,
	uint64_t at_s)
{
	tuples_add(&r->tuples, &(struct tuple_flow){
				       .peer = addr_v4(203, 0, (uint8_t)(peer >> 8), (uint8_t)peer),
				       .orig_port = (uint16_t)(40000 + peer),
				       .resp_port = port,
				       .ip_proto = IPPROTO_TCP,
				       .role = (uint8_t)role,
				       .established = established,
				       .packets = 3 + peer,
				       .bytes = 700,
				       .orig_packets = 2,
				       .count = true,
				       .start_ns = at_s * S,
				       .duration_ns = (uint64_t)S / 2,
				       .payload_bytes_total = 700,
				       .ip_bytes_total = 900,
			       });
}

/* `piece` bytes at a time. */
static void
pack(struct rig *r, size_t piece)
{
	struct window_packing p = window_packing_of(&r->window);
	bool last = false;

	r->length = r->pieces = 0;
	while (!last) {
		struct blob out = blob_over(r->bytes + r->length, piece);
		last = window_pack(&p, &out);
		r->length += out.length;
		r->pieces++;
	}
}

static enum window_unpacked
unpack(struct rig *r, size_t length)
{
	struct cursor in = cursor_over(r->bytes, length);
	enum window_unpacked result = WINDOW_PART;

	while (cursor_left(&in) > 0 && result == WINDOW_PART)
		result = window_unpack(&r->u, &in);
	return result;
}

static void
same_letters(const struct tuple *a, const struct tuple *b)
{
	const struct letter_chunk *x = a->letters;
	const struct letter_chunk *y = b->letters;

	assert_int_equal(a->letter_count, b->letter_count);
	for (uint32_t i = 0; i < a->letter_count; i++) {
		char one[LETTER_TEXT_MAX];
		char other[LETTER_TEXT_MAX];

		for (int by_ip = 0; by_ip < 2; by_ip++) {
			(void)letter_text(&x->letters[i % LETTERS_PER_CHUNK], by_ip, one);
			(void)letter_text(&y->letters[i % LETTERS_PER_CHUNK], by_ip, other);
			assert_string_equal(one, other);
		}
		if (i % LETTERS_PER_CHUNK == LETTERS_PER_CHUNK - 1) {
			x = x->next;
			y = y->next;
		}
	}
}

static void
same(const struct rig *r)
{
	const struct record_window *got = &r->u.window;
	const struct tuple *b = got->tuples->first;
	const struct source_port *q = got->tuples->first_port;

	assert_true(addr_equal(&got->host, &r->window.host));
	assert_memory_equal(&got->window, &r->window.window, sizeof(got->window));
	assert_int_equal(got->evidence, 7);
	assert_int_equal(got->suppressed, 2);
	assert_true(got->sum == 1.25);
	assert_int_equal(got->late, 9);
	assert_false(got->truncated);
	assert_int_equal(got->tuples->count, r->tuples.count);
	assert_memory_equal(got->tuples->flows, r->tuples.flows, sizeof(r->tuples.flows));
	for (const struct tuple *a = r->tuples.first; a != NULL; a = a->next, b = b->next) {
		assert_non_null(b);
		assert_true(addr_equal(&a->peer, &b->peer));
		assert_int_equal(a->port, b->port);
		assert_int_equal(a->ip_proto, b->ip_proto);
		assert_int_equal(a->role, b->role);
		assert_int_equal(a->first_ns, b->first_ns);
		assert_int_equal(a->letter_state.last_ns, b->letter_state.last_ns);
		assert_int_equal(a->letter_state.last_but_one_ns, b->letter_state.last_but_one_ns);
		assert_int_equal(a->letter_state.seen, b->letter_state.seen);
		assert_memory_equal(a->sums, b->sums, sizeof(a->sums));
		same_letters(a, b);
	}
	assert_null(b);
	for (const struct source_port *p = r->tuples.first_port; p != NULL;
		p = p->next, q = q->next) {
		assert_non_null(q);
		assert_int_equal(p->port, q->port);
		assert_int_equal(p->ip_proto, q->ip_proto);
		assert_int_equal(p->role, q->role);
		assert_int_equal(p->established, q->established);
		assert_int_equal(p->flows, q->flows);
		assert_int_equal(p->packets, q->packets);
		assert_int_equal(p->bytes, q->bytes);
	}
	assert_null(q);
}

static void
fill(struct rig *r)
{
	for (unsigned i = 0; i < 600; i++)
		add(r, i % 400, (uint16_t)(20 + i % 3), i % 2 == 0,
			i % 5 == 0 ? ROLE_SERVER : ROLE_CLIENT, i);
	for (unsigned i = 0; i < 2000; i++)
		add(r, 9, 443, true, ROLE_CLIENT, 600 + 7 * (uint64_t)i);
}

static void
a_window_comes_back_whole_however_small_its_pieces_are(void **state)
{
	static const size_t sizes[] = { WINDOW_PIECE_MIN, WINDOW_PIECE_MIN + 1, 4000, BYTES / 2 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct rig *r = rig_new(MEMORY);

		fill(r);
		pack(r, sizes[i]);
		assert_true(r->pieces > (sizes[i] < WINDOW_PIECE_MAX ? 10 : 0));
		assert_int_equal(unpack(r, r->length), WINDOW_WHOLE);
		same(r);
		/* And once more: nothing of the one before is left. */
		assert_int_equal(unpack(r, r->length), WINDOW_WHOLE);
		same(r);
		rig_free(r);
	}
}

static void
a_window_without_anything_is_one_piece(void **state)
{
	struct rig *r = rig_new(MEMORY);

	(void)state;
	pack(r, WINDOW_PIECE_MIN);
	assert_int_equal(r->pieces, 1);
	assert_int_equal(unpack(r, r->length), WINDOW_WHOLE);
	same(r);
	rig_free(r);
}

static void
features_are_the_same_on_both_sides(void **state)
{
	const struct feature_name which = { FEATURE_DESTINATION_PORTS, ROLE_CLIENT, IPPROTO_TCP,
		true };
	const struct feature *a = NULL;
	const struct feature *b = NULL;
	struct rig *r = rig_new(8 * MEMORY);

	(void)state;
	fill(r);
	pack(r, 1000);
	assert_int_equal(unpack(r, r->length), WINDOW_WHOLE);
	size_t count = features_derive(&r->tuples, &which, &r->memory, &a);
	assert_int_equal(count, 4);
	assert_int_equal(features_derive(r->u.window.tuples, &which, &r->u.memory, &b), count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(a[i].port, b[i].port);
		assert_int_equal(a[i].packets, b[i].packets);
		assert_int_equal(a[i].part_count, b[i].part_count);
	}
	rig_free(r);
}

static void
what_finds_no_memory_is_left_out_and_said(void **state)
{
	struct rig *r = rig_new(2000);

	(void)state;
	fill(r);
	pack(r, 4000);
	assert_int_equal(unpack(r, r->length), WINDOW_WHOLE);
	assert_true(r->u.window.truncated && r->u.window.tuples->truncated);
	assert_in_range(r->u.window.tuples->count, 1, 20);
	rig_free(r);
}

static void
a_window_that_is_cut_short_is_never_whole(void **state)
{
	struct rig *r = rig_new(MEMORY);

	(void)state;
	for (unsigned i = 0; i < 8; i++)
		add(r, i, 80, true, ROLE_CLIENT, i);
	pack(r, WINDOW_PIECE_MIN);
	assert_in_range(r->pieces, 2, 9);
	for (size_t length = 1; length < r->length; length++)
		assert_int_not_equal(unpack(r, length), WINDOW_WHOLE);
	assert_int_equal(unpack(r, r->length), WINDOW_WHOLE);
	rig_free(r);
}

/* Of the letters of its last tuple, and of the tuples themselves. */
static void
without_room_for_more_a_window_ends_early_and_says_so(void **state)
{
	struct rig *r = rig_new(64 * MEMORY);

	(void)state;
	for (unsigned i = 0; i < 1000; i++)
		add(r, i < 3 ? i : 3, 443, true, ROLE_CLIENT, i);
	for (size_t room = WINDOW_PIECE_MIN; room < 6000; room++) {
		struct window_packing p = window_packing_of(&r->window);
		struct blob out = blob_over(r->bytes, room);

		p.no_more = true;
		assert_true(window_pack(&p, &out));
		assert_int_equal(unpack(r, out.length), WINDOW_WHOLE);
		assert_int_equal(r->u.window.truncated, p.tuple != NULL || p.port != NULL);
		assert_int_equal(r->u.tuples.truncated, r->u.window.truncated);
		assert_true(r->u.tuples.count <= 4);
	}
	assert_false(r->u.window.truncated);
	rig_free(r);
}

static void
a_first_piece_gives_up_what_was_not_finished(void **state)
{
	struct rig *r = rig_new(MEMORY);
	struct cursor in;

	(void)state;
	for (unsigned i = 0; i < 20; i++)
		add(r, i, 80, true, ROLE_CLIENT, i);
	pack(r, WINDOW_PIECE_MIN);
	in = cursor_over(r->bytes, r->length);
	assert_int_equal(window_unpack(&r->u, &in), WINDOW_PART);
	assert_int_equal(unpack(r, r->length), WINDOW_WHOLE);
	same(r);
	/* A later piece without the first is none. */
	in = cursor_over(r->bytes, r->length);
	(void)cursor_sub(&in, cursor_le16(&in));
	assert_int_equal(window_unpack(&r->u, &in), WINDOW_BAD);
	rig_free(r);
}

static void
bytes_that_nobody_packed_do_no_harm(void **state)
{
	struct rig *r = rig_new(MEMORY);

	(void)state;
	for (unsigned i = 0; i < 8; i++)
		add(r, i, 80, true, ROLE_CLIENT, i);
	pack(r, WINDOW_PIECE_MIN);
	for (size_t at = 0; at < r->length; at++)
		for (unsigned bit = 0; bit < 8; bit++) {
			r->bytes[at] ^= (uint8_t)(1U << bit);
			(void)unpack(r, r->length);
			r->bytes[at] ^= (uint8_t)(1U << bit);
		}
	assert_int_equal(unpack(r, r->length), WINDOW_WHOLE);
	same(r);
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_window_comes_back_whole_however_small_its_pieces_are),
		cmocka_unit_test(a_window_without_anything_is_one_piece),
		cmocka_unit_test(features_are_the_same_on_both_sides),
		cmocka_unit_test(what_finds_no_memory_is_left_out_and_said),
		cmocka_unit_test(a_window_that_is_cut_short_is_never_whole),
		cmocka_unit_test(without_room_for_more_a_window_ends_early_and_says_so),
		cmocka_unit_test(a_first_piece_gives_up_what_was_not_finished),
		cmocka_unit_test(bytes_that_nobody_packed_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
