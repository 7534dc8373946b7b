/* test_ssh.c -- a session from the banners to the log-in: cut, torn, reversed, hostile. */
#include "daemon/transactions/software.h"
#include "daemon/transactions/ssh.h"
#include "tests/support/proto_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

extern const struct protocol protocol_ssh;

enum { CLIENT = 1, SERVER = 0, PIECES_MAX = 64, BYTES_MAX = 32 * 1024 };

/* A conversation that is being written down. */
struct script {
	struct proto_piece pieces[PIECES_MAX];
	size_t count;
	uint8_t bytes[BYTES_MAX];
	size_t size;
};

static struct script script;
static struct proto_rig rig;

/* What is said next is of this side; the same side goes on in the same piece. */
static uint8_t *
say(bool from_orig, size_t size)
{
	uint8_t *at = script.bytes + script.size;
	struct proto_piece *last = script.count > 0 ? &script.pieces[script.count - 1] : NULL;

	assert_true(script.size + size <= BYTES_MAX);
	script.size += size;
	if (last != NULL && last->from_orig == from_orig) {
		last->size += size;
		return at;
	}
	assert_true(script.count < PIECES_MAX);
	script.pieces[script.count++] = (struct proto_piece){ from_orig, at, size };
	return at;
}

static void
say_text(bool from_orig, const char *text)
{
	memcpy(say(from_orig, strlen(text)), text, strlen(text));
}

static void
put_be32(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 24);
	at[1] = (uint8_t)(value >> 16);
	at[2] = (uint8_t)(value >> 8);
	at[3] = (uint8_t)value;
}

/* A packet in the clear with four bytes of padding. */
static void
say_packet(bool from_orig, uint8_t message, const void *body, size_t size)
{
	uint8_t *at = say(from_orig, 6 + size + 4);

	put_be32(at, 2 + size + 4);
	at[4] = 4;
	at[5] = message;
	memcpy(at + 6, body, size);
	memset(at + 6 + size, 0, 4);
}

/* Lists: kex, host key, and for each direction cipher, MAC, compression. */
static void
say_kex(bool from_orig, const char *const lists[8])
{
	uint8_t body[8192] = { 0 };
	size_t size = 16;

	for (size_t i = 0; i < 10; i++) {
		const char *list = i < 8 ? lists[i] : "";
		put_be32(body + size, strlen(list));
		size += 4;
		while (*list != '\0')
			body[size++] = (uint8_t)*list++;
	}
	say_packet(from_orig, 20, body, size + 5);
}

static void
say_secret(bool from_orig, size_t size)
{
	memset(say(from_orig, size), 0xee, size);
}

static const char *const client_lists[8] = { "curve25519-sha256,ecdh-sha2-nistp256,ext-info-c",
	"ssh-ed25519,ssh-rsa", "aes128-ctr,aes256-ctr", "aes128-ctr,aes256-ctr",
	"hmac-sha1,hmac-md5", "hmac-sha1,hmac-md5", "none,zlib", "none" };
static const char *const server_lists[8] = { "ecdh-sha2-nistp256,curve25519-sha256", "ssh-rsa",
	"aes256-ctr", "aes256-ctr", "hmac-md5", "hmac-sha1", "none", "none" };

/* Up to where both use their new keys; `client` is which side acts as one. */
static void
say_exchange(bool client)
{
	static const uint8_t point[8] = { 0, 0, 0, 4, 1, 2, 3, 4 };
	static const uint8_t reply[16] = { 0, 0, 0, 3, 'k', 'e', 'y', 0, 0, 0, 5 };

	say_text(client, "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n");
	say_text(!client, "SSH-2.0-dropbear_2022.83\r\n");
	say_kex(client, client_lists);
	say_kex(!client, server_lists);
	say_packet(client, 30, point, sizeof(point));
	say_packet(!client, 31, reply, sizeof(reply));
	say_packet(!client, 21, "", 0);
	say_secret(!client, 100); /* extensions, unasked */
	say_packet(client, 21, "", 0);
}

/* The turns behind it: client and server in turn. */
static void
say_turns(bool client, const size_t *sizes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		say_secret(i % 2 == 0 ? client : !client, sizes[i]);
}

#define SOFTWARE                                                                         \
	"software host=10.0.0.1 software_type=SSH::CLIENT name=OpenSSH version.major=9 " \
	"version.minor=2 version.addl=p1 unparsed_version=OpenSSH_9.2p1 Debian-2\n"      \
	"software host=10.0.0.2 host_p=9 software_type=SSH::SERVER name=dropbear "       \
	"version.major=2022 version.minor=83 unparsed_version=dropbear_2022.83\n"
#define BANNERS "client=SSH-2.0-OpenSSH_9.2p1 Debian-2 server=SSH-2.0-dropbear_2022.83"
/* The MD5 of "key", and of the two offers as HASSH has them. */
#define AGREED                                                                     \
	" cipher_alg=aes256-ctr mac_alg=To server: hmac-md5, to client: hmac-sha1" \
	" compression_alg=none kex_alg=curve25519-sha256 host_key_alg=ssh-rsa"     \
	" host_key=3c:6e:0b:8a:9c:15:22:4a:82:28:b9:a9:8c:a1:53:1d"                \
	" hassh=" HASSH_CLIENT " hasshserver=" HASSH_SERVER "\n"
#define HASSH_CLIENT "18245789fc9debe39dce9fc0961061fd"
#define HASSH_SERVER "9135da4e98d5e4daa937349c12f71674"

static const size_t fails_then_in[] = { 52, 52, 68, 84, 148, 84, 400, 300, 600, 36, 116 };

static int
set_up(void **state)
{
	(void)state;
	memset(&script, 0, sizeof(script));
	return 0;
}

static const char *
play(size_t part)
{
	return proto_rig_play(&rig, &protocol_ssh, script.pieces, script.count, part);
}

static void
golden(void)
{
	say_exchange(CLIENT);
	say_turns(CLIENT, fails_then_in, sizeof(fails_then_in) / sizeof(fails_then_in[0]));
}

static const char golden_text[] =
	SOFTWARE "- proto=ssh success=no known_by=sizes\n"
		 "- proto=ssh success=yes known_by=sizes\n"
		 "ssh version=2 auth_success=yes auth_attempts=2 " BANNERS AGREED;

static void
a_session_is_told_when_the_client_was_let_in(void **state)
{
	(void)state;
	golden();
	assert_string_equal(play(SIZE_MAX), golden_text);
	assert_int_equal(rig.verdict, PROTO_DONE);
}

static void
it_does_not_matter_how_it_is_cut(void **state)
{
	static const size_t parts[] = { 1, 2, 3, 7, 100, 1000 };

	(void)state;
	golden();
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		assert_string_equal(play(parts[i]), golden_text);
}

static void
it_may_break_off_anywhere(void **state)
{
	(void)state;
	golden();
	for (size_t total = 0; total <= script.size; total++) {
		const char *text =
			proto_rig_truncate(&rig, &protocol_ssh, script.pieces, script.count, total);
		/* A banner that is all there is told, and a session with the first of them. */
		assert_int_equal(strstr(text, "\nssh ") != NULL, total >= 32);
		assert_int_equal(strstr(text, "SSH::SERVER") != NULL, total >= 58);
		/* Who was let in speaks on. */
		assert_int_equal(
			strstr(text, "auth_success=yes") != NULL, total > script.size - 116);
	}
}

static void
failures_are_told_at_the_end(void **state)
{
	static const size_t turns[] = { 52, 52, 68, 84, 148, 84, 148, 84, 148 };

	(void)state;
	say_exchange(CLIENT);
	say_turns(CLIENT, turns, 9);
	assert_non_null(strstr(play(SIZE_MAX), "auth_success=no auth_attempts=2 "));
	assert_int_equal(rig.verdict, PROTO_MORE);
}

static void
nothing_is_told_of_a_log_in_that_cannot_be_known(void **state)
{
	static const size_t turns[] = { 52, 52, 68, 84, 148, 85, 148, 37, 148, 35 };

	(void)state;
	say_exchange(CLIENT);
	say_turns(CLIENT, turns, 10);
	assert_non_null(strstr(play(SIZE_MAX), "ssh version=2 auth_attempts=0 "));
}

/* Answers that are none of those that are known: after 64, or one that is too long, it goes unread. */
static void
a_log_in_that_is_not_understood_ends_at_last(void **state)
{
	(void)state;
	for (size_t answers = 63; answers <= 64; answers++) {
		(void)set_up(state);
		say_exchange(CLIENT);
		const struct proto_piece *first = &script.pieces[script.count];
		for (size_t i = 0; i < 12; i++) {
			say_secret(CLIENT, 52);
			say_secret(SERVER, 1000);
		}
		say_secret(CLIENT, 52);
		proto_rig_init(&rig, &protocol_ssh);
		for (size_t i = 0; i < script.count; i++)
			proto_rig_feed(&rig, script.pieces[i].from_orig, script.pieces[i].bytes,
				script.pieces[i].size);
		for (size_t i = 12; i < answers; i++) {
			proto_rig_feed(&rig, false, first[0].bytes, first[0].size);
			proto_rig_feed(&rig, true, first[1].bytes, first[1].size);
		}
		assert_int_equal(rig.verdict, answers < 64 ? PROTO_MORE : PROTO_DONE);
		proto_rig_done(&rig);
	}
	(void)set_up(state);
	say_exchange(CLIENT);
	say_secret(CLIENT, 52);
	memset(script.bytes + script.size, 'e', 22000);
	proto_rig_init(&rig, &protocol_ssh);
	for (size_t i = 0; i < script.count; i++)
		proto_rig_feed(&rig, script.pieces[i].from_orig, script.pieces[i].bytes,
			script.pieces[i].size);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(rig.verdict, PROTO_MORE);
		proto_rig_feed(&rig, false, script.bytes + script.size, 22000);
	}
	assert_int_equal(rig.verdict, PROTO_DONE);
	proto_rig_done(&rig);
}

static void
the_method_none_may_be_enough(void **state)
{
	static const size_t turns[] = { 52, 52, 68, 36, 148 };

	(void)state;
	say_exchange(CLIENT);
	say_turns(CLIENT, turns, 5);
	assert_non_null(strstr(play(SIZE_MAX), "auth_success=yes auth_attempts=1 "));
}

static void
who_calls_back_is_the_server(void **state)
{
	(void)state;
	say_exchange(SERVER);
	say_turns(SERVER, fails_then_in, sizeof(fails_then_in) / sizeof(fails_then_in[0]));
	const char *text = strstr(play(SIZE_MAX), "\nssh ");
	assert_string_equal(text + 1,
		"ssh version=2 auth_success=yes auth_attempts=2 client=SSH-2.0-dropbear_2022.83 "
		"server=SSH-2.0-OpenSSH_9.2p1 Debian-2" AGREED);
}

/* RFC 4419: 31 is the group, the key comes in 33. */
static void
a_group_exchange_has_its_key_in_another_message(void **state)
{
	static const uint8_t key[8] = { 0, 0, 0, 3, 'k', 'e', 'y' };
	const char *lists[8];

	(void)state;
	memcpy(lists, server_lists, sizeof(lists));
	lists[0] = "diffie-hellman-group-exchange-sha256";
	say_text(CLIENT, "SSH-2.0-a\n");
	say_text(SERVER, "SSH-1.99-b\n");
	say_kex(CLIENT, lists);
	say_kex(SERVER, lists);
	say_packet(CLIENT, 34, "\0\0\4\0", 4);
	say_packet(SERVER, 31, "\0\0\0\3yek", 7);
	say_packet(CLIENT, 32, "\0\0\0\1x", 5);
	assert_null(strstr(play(SIZE_MAX), "host_key="));
	say_packet(SERVER, 33, key, sizeof(key));
	assert_non_null(strstr(play(SIZE_MAX), "version=2 "));
	assert_non_null(
		strstr(play(1), "host_key=3c:6e:0b:8a:9c:15:22:4a:82:28:b9:a9:8c:a1:53:1d"));
}

static void
versions_before_2_end_with_the_banners(void **state)
{
	(void)state;
	say_text(SERVER, "SSH-1.5-1.2.26\n");
	say_text(CLIENT, "SSH-1.5-1.2.26\n");
	assert_non_null(strstr(play(SIZE_MAX),
		"ssh version=1 auth_attempts=0 client=SSH-1.5-1.2.26 server=SSH-1.5-1.2.26\n"));
	assert_int_equal(rig.verdict, PROTO_DONE);
}

static void
one_side_alone_is_told_at_the_end(void **state)
{
	(void)state;
	say_text(SERVER, "SSH-2.0-x\r\n");
	assert_string_equal(play(SIZE_MAX),
		"software host=10.0.0.2 host_p=9 software_type=SSH::SERVER name=x unparsed_version=x\n"
		"ssh auth_attempts=0 server=SSH-2.0-x\n");
}

static void
a_banner_may_have_255_bytes(void **state)
{
	(void)state;
	for (size_t size = 254; size <= 256; size++) {
		memset(&script, 0, sizeof(script));
		say_text(SERVER, "SSH-2.0-");
		memset(say(SERVER, size - 8), 'b', size - 8);
		say_text(SERVER, "\n");
		say_kex(SERVER, server_lists);
		const char *text = strstr(play(1), "server=SSH-2.0-bbb");
		assert_non_null(text);
		assert_int_equal(strcspn(text, " \n"), 7 + (size < 255 ? size : 255));
		assert_int_equal(strstr(text, "hasshserver") != NULL, size <= 255);
	}
}

/* Lines of any kind may come before it, but not for ever, and none that is too long. */
static void
a_banner_may_come_after_32_lines(void **state)
{
	(void)state;
	for (size_t lines = 31; lines <= 33; lines++) {
		memset(&script, 0, sizeof(script));
		say_text(CLIENT, "SSH-2.0-a\n");
		for (size_t i = 0; i < lines; i++)
			say_text(SERVER, i % 2 == 0 ? "\n" : "be welcome\r\n");
		say_text(SERVER, "SSH-2.0-b\n");
		assert_int_equal(strstr(play(SIZE_MAX), "server=SSH-2.0-b") != NULL, lines <= 32);
		assert_int_equal(strstr(play(3), "server=SSH-2.0-b") != NULL, lines <= 32);
	}
	memset(&script, 0, sizeof(script));
	say_text(CLIENT, "SSH-2.0-a\n");
	memset(say(SERVER, 256), 'x', 256);
	say_text(SERVER, "\nSSH-2.0-b\n");
	assert_null(strstr(play(SIZE_MAX), "server="));
	assert_int_equal(rig.verdict, PROTO_DONE);
}

static void
a_nul_in_a_banner_is_four_characters(void **state)
{
	(void)state;
	memcpy(say(SERVER, 13), "SSH-2.0-a\0\0b\n", 13);
	assert_non_null(strstr(play(SIZE_MAX), "server=SSH-2.0-a\\x00\\x00b\n"));
}

static void
an_offer_may_have_so_many_bytes(void **state)
{
	static char names[3073];
	const char *lists[8];

	(void)state;
	memcpy(lists, server_lists, sizeof(lists));
	lists[1] = names;
	/* What else is in it up to the last list that is read: a cookie, lengths and names. */
	size_t rest = 16 + 8 * 4 + 36 + 2 * 10 + 8 + 9 + 2 * 4;
	for (size_t size = 3072 - rest - 1; size <= 3072 - rest + 1; size++) {
		memset(&script, 0, sizeof(script));
		memset(names, 'n', size);
		names[size] = '\0';
		say_text(SERVER, "SSH-2.0-a\n");
		say_kex(SERVER, lists);
		assert_int_equal(
			strstr(play(SIZE_MAX), "hasshserver") != NULL, size <= 3072 - rest);
	}
}

/* What is past them harms nobody, however it comes. */
static void
of_a_longer_offer_nothing_is_left(void **state)
{
	static char names[6001];
	const char *lists[8];

	(void)state;
	memcpy(lists, server_lists, sizeof(lists));
	lists[1] = names;
	memset(names, 'n', sizeof(names) - 1);
	say_text(CLIENT, "SSH-2.0-b\n");
	say_text(SERVER, "SSH-2.0-a\n");
	say_kex(SERVER, lists);
	say_kex(CLIENT, client_lists);
	const char *text = strstr(play(1000), "\nssh ");
	assert_non_null(text);
	assert_string_equal(text + 1, "ssh version=2 auth_attempts=0 client=SSH-2.0-b "
				      "server=SSH-2.0-a hassh=" HASSH_CLIENT "\n");
}

static void
lengths_that_cannot_be_end_it(void **state)
{
	static const uint8_t packets[][6] = { { 0, 0, 0, 1, 0, 20 }, { 0, 0, 0, 5, 4, 20 },
		{ 0, 4, 0, 1, 4, 20 }, { 0xff, 0xff, 0xff, 0xff, 4, 20 } };

	(void)state;
	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++) {
		memset(&script, 0, sizeof(script));
		say_text(SERVER, "SSH-2.0-a\n");
		say_text(CLIENT, "SSH-2.0-b\n");
		memcpy(say(CLIENT, 6), packets[i], 6);
		assert_non_null(strstr(play(SIZE_MAX), "ssh version=2 auth_attempts=0 "));
		assert_int_equal(rig.verdict, PROTO_DONE);
	}
}

/* Play the golden one, but at piece `at` so many bytes of its beginning are missing. */
static const char *
play_torn(size_t at, size_t from, size_t missing)
{
	proto_rig_init(&rig, &protocol_ssh);
	for (size_t i = 0; i < script.count; i++) {
		const struct proto_piece *p = &script.pieces[i];
		const uint8_t *bytes = p->bytes;
		size_t before = i == at ? from : p->size;
		proto_rig_feed(&rig, p->from_orig, bytes, before);
		if (i != at)
			continue;
		proto_rig_gap(&rig, p->from_orig, (uint32_t)missing);
		proto_rig_feed(
			&rig, p->from_orig, bytes + from + missing, p->size - from - missing);
	}
	proto_rig_end(&rig);
	proto_rig_done(&rig);
	return rig.text;
}

static void
gaps_take_what_they_hit(void **state)
{
	(void)state;
	golden();
	/* A banner: there is none. Part of one that was there is not told. */
	assert_null(strstr(play_torn(0, 5, 3), "client="));
	/* Within an offer: all behind it on that side. */
	assert_non_null(strstr(play_torn(2, 20, 3), "ssh version=2 auth_attempts=0 "));
	/* Within what nobody needs: nothing. Piece 4 is the client's key, 5 the server's. */
	assert_non_null(strstr(play_torn(4, 8, 3), "auth_success=yes"));
	assert_non_null(strstr(play_torn(5, 8, 3), "auth_success=yes"));
	assert_null(strstr(play_torn(5, 8, 3), "host_key="));
	/* Where it is encrypted: the log-in is not known. */
	assert_non_null(
		strstr(play_torn(script.count - 2, 0, 3), "ssh version=2 auth_attempts=1 "));
}

static void
it_is_recognised_by_its_banner(void **state)
{
	(void)state;
	proto_rig_init(&rig, &protocol_ssh);
	for (size_t size = 0; size <= 4; size++)
		assert_int_equal(proto_rig_guess(&rig, true, "SSH-2.0-x", size), PROTO_PERHAPS);
	assert_int_equal(proto_rig_guess(&rig, true, "SSH-2", 5), PROTO_YES);
	assert_int_equal(proto_rig_guess(&rig, false, "SSH-1.99", 8), PROTO_YES);
	assert_int_equal(proto_rig_guess(&rig, false, "SSH-3.0", 7), PROTO_NO);
	assert_int_equal(proto_rig_guess(&rig, false, "SSI", 3), PROTO_NO);
	assert_int_equal(proto_rig_guess(&rig, false, "220 ", 4), PROTO_NO);
	proto_rig_done(&rig);
	assert_int_equal(protocol_ssh.ip_proto, IPPROTO_TCP);
	assert_string_equal(protocol_ssh.name, "ssh");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_session_is_told_when_the_client_was_let_in, set_up),
		cmocka_unit_test_setup(it_does_not_matter_how_it_is_cut, set_up),
		cmocka_unit_test_setup(it_may_break_off_anywhere, set_up),
		cmocka_unit_test_setup(failures_are_told_at_the_end, set_up),
		cmocka_unit_test_setup(nothing_is_told_of_a_log_in_that_cannot_be_known, set_up),
		cmocka_unit_test_setup(a_log_in_that_is_not_understood_ends_at_last, set_up),
		cmocka_unit_test_setup(the_method_none_may_be_enough, set_up),
		cmocka_unit_test_setup(who_calls_back_is_the_server, set_up),
		cmocka_unit_test_setup(a_group_exchange_has_its_key_in_another_message, set_up),
		cmocka_unit_test_setup(versions_before_2_end_with_the_banners, set_up),
		cmocka_unit_test_setup(one_side_alone_is_told_at_the_end, set_up),
		cmocka_unit_test_setup(a_banner_may_have_255_bytes, set_up),
		cmocka_unit_test_setup(a_banner_may_come_after_32_lines, set_up),
		cmocka_unit_test_setup(a_nul_in_a_banner_is_four_characters, set_up),
		cmocka_unit_test_setup(an_offer_may_have_so_many_bytes, set_up),
		cmocka_unit_test_setup(of_a_longer_offer_nothing_is_left, set_up),
		cmocka_unit_test_setup(lengths_that_cannot_be_end_it, set_up),
		cmocka_unit_test_setup(gaps_take_what_they_hit, set_up),
		cmocka_unit_test(it_is_recognised_by_its_banner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
