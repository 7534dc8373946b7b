/* test_kalipso_tuples.c -- whom a host talked to, as Kalipso reads it, and when there are too many. */
#include "exporters/kalipso/kalipso_tuples.h"
#include "tests/support/kalipso_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 256 * 1024 };

static char room[ROOM];

static const char *
tuples(struct kalipso_rig *r, enum obs_role role, char separator, size_t size)
{
	struct strbuf b;

	strbuf_init(&b, room, size);
	kalipso_tuples(&r->target, &b, &r->tuples, role, separator);
	assert_false(b.truncated);
	return room;
}

static void
a_tuple_has_letters_and_the_last_two_times(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	for (int i = 0; i < 4; i++)
		kalipso_rig_flow(
			r, addr_v4(203, 0, 113, 66), 48101, IPPROTO_TCP, ROLE_CLIENT, true);
	json_t *root = kalipso_rig_read(r, tuples(r, ROLE_CLIENT, '-', ROOM));
	json_t *tuple = json_object_get(root, "203.0.113.66-48101-tcp");
	assert_int_equal(json_array_size(tuple), 2);
	const char *letters = json_string_value(json_array_get(tuple, 0));
	char text[64] = "";
	const struct letter_chunk *chunk = r->tuples.first->letters;
	for (int i = 0; i < 4; i++) {
		char letter[LETTER_TEXT_MAX];
		letter_text(&chunk->letters[i], false, letter);
		strcat(text, letter);
	}
	assert_string_equal(letters, text);
	json_t *times = json_array_get(tuple, 1);
	assert_true(json_real_value(json_array_get(times, 0)) == 1602075880.0);
	assert_true(json_real_value(json_array_get(times, 1)) == 1602075820.0);
	kalipso_rig_free(r);
}

static void
the_first_flow_has_its_time_twice(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_rig_flow(r, addr_v4(192, 168, 2, 1), 53, IPPROTO_UDP, ROLE_CLIENT, true);
	assert_non_null(strstr(tuples(r, ROLE_CLIENT, ':', ROOM), "{\"192.168.2.1:53:udp\":[\""));
	assert_non_null(strstr(room, "\",[1602075700.000000,1602075700.000000]]}"));
	kalipso_rig_free(r);
}

static void
roles_are_apart_and_a_server_tells_its_own_port(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_rig_flow(r, addr_v4(203, 0, 113, 200), 23, IPPROTO_TCP, ROLE_SERVER, false);
	assert_string_equal(tuples(r, ROLE_CLIENT, '-', ROOM), "{}");
	json_t *root = kalipso_rig_read(r, tuples(r, ROLE_SERVER, '-', ROOM));
	assert_non_null(json_object_get(root, "203.0.113.200-23-tcp"));
	assert_int_equal(r->target.left_out, 0);
	kalipso_rig_free(r);
}

static void
every_protocol_has_a_key_of_its_own(void **state)
{
	static const uint8_t protocols[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP, IPPROTO_ICMPV6,
		IPPROTO_IGMP, IPPROTO_GRE };
	static const char *const keys[] = { "203.0.113.1-0-tcp", "203.0.113.1-0-udp",
		"203.0.113.1-0-icmp", "203.0.113.1-0-ipv6-icmp", "203.0.113.1-0-igmp",
		"203.0.113.1-0-ip47" };
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	for (size_t i = 0; i < 6; i++)
		kalipso_rig_flow(r, addr_v4(203, 0, 113, 1), 0, protocols[i], ROLE_CLIENT, true);
	json_t *root = kalipso_rig_read(r, tuples(r, ROLE_CLIENT, '-', ROOM));
	for (size_t i = 0; i < 6; i++)
		assert_non_null(json_object_get(root, keys[i]));
	kalipso_rig_free(r);
}

/* A letter and its gap are two bytes, the first two flows are digits. */
static void
letters_are_cut_between_two(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	for (int i = 0; i < 300; i++)
		kalipso_rig_flow(
			r, addr_v4(203, 0, 113, 66), 48101, IPPROTO_TCP, ROLE_CLIENT, true);
	for (uint32_t most = 0; most < 40; most++) {
		r->target.letters_max = most;
		json_t *root = kalipso_rig_read(r, tuples(r, ROLE_CLIENT, '-', ROOM));
		size_t length = strlen(json_string_value(
			json_array_get(json_object_get(root, "203.0.113.66-48101-tcp"), 0)));
		assert_in_range(length, most > 1 ? most - 1 : 0, most);
	}
	r->target.letters_max = 2000;
	json_t *root = kalipso_rig_read(r, tuples(r, ROLE_CLIENT, '-', ROOM));
	size_t length = strlen(json_string_value(
		json_array_get(json_object_get(root, "203.0.113.66-48101-tcp"), 0)));
	assert_in_range(length, 500, 600);
	kalipso_rig_free(r);
}

/* The one that went on is the last that was seen. */
static void
of_too_many_those_with_the_most_letters_are_shown(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	for (uint8_t i = 0; i < 5; i++)
		kalipso_rig_flow(r, addr_v4(203, 0, 113, i), 23, IPPROTO_TCP, ROLE_CLIENT, false);
	for (int i = 0; i < 3; i++)
		kalipso_rig_flow(
			r, addr_v4(203, 0, 113, 66), 48101, IPPROTO_TCP, ROLE_CLIENT, true);
	r->target.tuples_max = 6;
	json_t *root = kalipso_rig_read(r, tuples(r, ROLE_CLIENT, '-', ROOM));
	assert_int_equal(json_object_size(root), 6);
	assert_int_equal(r->target.left_out, 0);
	r->target.tuples_max = 2;
	root = kalipso_rig_read(r, tuples(r, ROLE_CLIENT, '-', ROOM));
	assert_int_equal(json_object_size(root), 2);
	assert_non_null(json_object_get(root, "203.0.113.66-48101-tcp"));
	assert_non_null(json_object_get(root, "203.0.113.0-23-tcp"));
	assert_int_equal(r->target.left_out, 4);
	kalipso_rig_free(r);
}

static void
tuples_without_room_are_cut_and_whole(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	for (uint8_t i = 0; i < 50; i++)
		kalipso_rig_flow(r, addr_v4(203, 0, 113, i), 23, IPPROTO_TCP, ROLE_CLIENT, false);
	for (size_t size = 3; size < 8192; size += 97) {
		r->target.left_out = 0;
		json_t *root = kalipso_rig_read(r, tuples(r, ROLE_CLIENT, '-', size));
		assert_int_equal(json_object_size(root) + r->target.left_out, 50);
	}
	kalipso_rig_free(r);
}

/* Room is asked for what a tuple has, not for what it may have. */
static void
a_cap_that_is_larger_than_the_room_leaves_no_tuple_out(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	for (uint8_t i = 0; i < 50; i++)
		kalipso_rig_flow(r, addr_v4(203, 0, 113, i), 23, IPPROTO_TCP, ROLE_CLIENT, false);
	r->target.letters_max = 1000000;
	json_t *root = kalipso_rig_read(r, tuples(r, ROLE_CLIENT, '-', ROOM));
	assert_int_equal(json_object_size(root), 50);
	assert_int_equal(r->target.left_out, 0);
	kalipso_rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tuple_has_letters_and_the_last_two_times),
		cmocka_unit_test(the_first_flow_has_its_time_twice),
		cmocka_unit_test(roles_are_apart_and_a_server_tells_its_own_port),
		cmocka_unit_test(every_protocol_has_a_key_of_its_own),
		cmocka_unit_test(letters_are_cut_between_two),
		cmocka_unit_test(of_too_many_those_with_the_most_letters_are_shown),
		cmocka_unit_test(tuples_without_room_are_cut_and_whole),
		cmocka_unit_test(a_cap_that_is_larger_than_the_room_leaves_no_tuple_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
