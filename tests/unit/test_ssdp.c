#include "tests/support/proto_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct protocol protocol_ssdp;

#define BYTES(literal)                         \
	{                                      \
		(literal), sizeof(literal) - 1 \
	}

struct sample {
	const char *bytes;
	size_t size;
};

static const struct sample ours[] = {
	BYTES("M-SEARCH * HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\n\r\n"),
	BYTES("NOTIFY * HTTP/1.0\r\n\r\n"),
	BYTES("HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\n\r\n"),
};

static const struct sample others[] = {
	BYTES("M-SEARCH / HTTP/1.1\r\n"),
	BYTES("NOTIFY * HTTP/2"),
	BYTES("HTTP/1.1 404 Not Found\r\n"),
	BYTES("GET / HTTP/1.1\r\n"),
	BYTES(""),
};

static void
it_is_recognised_by_how_it_begins(void **state)
{
	static struct proto_rig rig;

	(void)state;
	proto_rig_init(&rig, &protocol_ssdp);
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		assert_int_equal(
			proto_rig_guess(&rig, true, ours[i].bytes, ours[i].size), PROTO_YES);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(
			proto_rig_guess(&rig, true, others[i].bytes, others[i].size), PROTO_NO);
	proto_rig_done(&rig);
}

static void
cut_anywhere_it_is_read_within_its_bytes(void **state)
{
	static struct proto_rig rig;

	(void)state;
	proto_rig_init(&rig, &protocol_ssdp);
	for (size_t at = 0; at < ours[0].size; at++)
		(void)proto_rig_guess(&rig, true, ours[0].bytes, at);
	assert_int_equal(proto_rig_guess(&rig, true, ours[0].bytes, 1), PROTO_NO);
	proto_rig_done(&rig);
}

static void
it_is_named_and_asks_for_no_more(void **state)
{
	static struct proto_rig rig;

	(void)state;
	assert_string_equal(protocol_ssdp.name, "ssdp");
	proto_rig_init(&rig, &protocol_ssdp);
	proto_rig_feed(&rig, true, ours[0].bytes, ours[0].size);
	assert_int_equal(rig.verdict, PROTO_DONE);
	proto_rig_done(&rig);
}

/* What one datagram tells, as text. */
static const char *
told(struct proto_rig *rig, const char *message, size_t size)
{
	proto_rig_init(rig, &protocol_ssdp);
	proto_rig_feed(rig, true, message, size);
	assert_true(rig->is_over);
	proto_rig_done(rig);
	return rig->text;
}

static void
a_device_says_what_it_is(void **state)
{
	static struct proto_rig rig;
	static const char notice[] =
		"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nServer:  Linux UPnP/1.0 TV\x1b\0/2 "
		"\r\nNTS: ssdp:alive\r\n\r\n";
	static const char search[] = "M-SEARCH * HTTP/1.1\r\nX-SERVER: no\r\nSERVER:\r\n\r\n";
	static const char cut[] = "HTTP/1.1 200 OK\r\nSERVER: box";

	(void)state;
	assert_non_null(strstr(told(&rig, notice, sizeof(notice) - 1),
		"name=Linux UPnP/1.0 TV\x1b\\x00/2 by=ssdp"));
	assert_int_equal(rig.told, 1);
	assert_string_equal(told(&rig, search, sizeof(search) - 1), "");
	assert_non_null(strstr(told(&rig, cut, sizeof(cut) - 1), "name=box "));
}

static void
what_a_device_says_is_cut(void **state)
{
	static struct proto_rig rig;
	static char message[1000] = "HTTP/1.1 200 OK\r\nSERVER: ";
	size_t begin = strlen(message);

	(void)state;
	memset(message + begin, 'x', sizeof(message) - begin);
	const char *name = strstr(told(&rig, message, sizeof(message)), "name=") + strlen("name=");
	assert_int_equal(strspn(name, "x"), 127);
}

static void
a_message_may_end_anywhere(void **state)
{
	static struct proto_rig rig;
	static const char notice[] = "NOTIFY * HTTP/1.1\r\nSERVER: TV\r\n\r\n";

	(void)state;
	for (size_t size = 0; size < sizeof(notice); size++)
		(void)told(&rig, notice, size);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_says_what_it_is),
		cmocka_unit_test(what_a_device_says_is_cut),
		cmocka_unit_test(a_message_may_end_anywhere),
		cmocka_unit_test(it_is_recognised_by_how_it_begins),
		cmocka_unit_test(cut_anywhere_it_is_read_within_its_bytes),
		cmocka_unit_test(it_is_named_and_asks_for_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
