#include "daemon/loop/capture/capture_handle.h"

#include "tests/support/live_rig.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct capture_handle_plan plan = {
	.name = "eth0",
	.ring_bytes = 8 << 20,
	.snaplen = 4096,
	.promiscuous = true,
};

static int
rig_open(void **state)
{
	(void)state;
	live_rig_reset();
	return 0;
}

static void
it_is_opened_as_planned(void **state)
{
	struct capture_handle h;
	struct capture_handle_plan any = plan;
	char error[256] = "";

	(void)state;
	live_rig.activate_status = PCAP_WARNING; /* which is none of an error */
	assert_int_equal(capture_handle_open(&plan, &h, error, sizeof(error)), 0);
	const struct live_handle *is = live_rig_handle("eth0");
	assert_int_equal(is->ring_bytes, 8 << 20);
	assert_int_equal(is->snaplen, 4096);
	assert_int_equal(is->socket_snaplen, 4096);
	assert_int_equal(is->promiscuous, 1);
	assert_int_equal(is->timeout_ms, CAPTURE_BLOCK_MS);
	assert_int_equal(is->precision, PCAP_TSTAMP_PRECISION_NANO);
	assert_true(is->is_nonblocking);
	assert_int_equal(h.link, 1);
	assert_int_equal(h.fraction_ns, 1);
	capture_handle_close(&h);
	capture_handle_close(&h);
	assert_int_equal(live_rig_open_count(), 0);

	any.name = "any";
	live_rig.precision = PCAP_TSTAMP_PRECISION_MICRO;
	live_rig.datalink = DLT_RAW; /* 12 here, 101 in files */
	assert_int_equal(capture_handle_open(&any, &h, error, sizeof(error)), 0);
	assert_int_equal(live_rig_handle("any")->promiscuous, 0);
	assert_int_equal(h.fraction_ns, 1000);
	assert_int_equal(h.link, 101);
	capture_handle_close(&h);
	any = plan;
	any.promiscuous = false;
	assert_int_equal(capture_handle_open(&any, &h, error, sizeof(error)), 0);
	assert_int_equal(live_rig_handle("eth0")->promiscuous, 0);
	capture_handle_close(&h);
}

static void
assert_refused(int rc, const char *line)
{
	struct capture_handle h = { .link = 77 };
	char error[512] = "";

	assert_int_equal(capture_handle_open(&plan, &h, error, sizeof(error)), rc);
	assert_memory_equal(error, line, strlen(line));
	assert_int_equal(h.link, 77); /* written on success only */
	assert_int_equal(live_rig_open_count(), 0);
}

static void
what_libpcap_refuses_is_said_in_a_line(void **state)
{
	(void)state;
	live_rig.activate_status = PCAP_ERROR_NO_SUCH_DEVICE;
	assert_refused(-ENODEV, "eth0: no such interface; ip link lists them");
	live_rig.activate_status = PCAP_ERROR_IFACE_NOT_UP;
	assert_refused(-ENETDOWN, "eth0: the interface is down; ip link set eth0 up");
	live_rig.activate_status = PCAP_ERROR_PERM_DENIED;
	assert_refused(
		-EPERM, "eth0: no permission to capture; start as root, or give CAP_NET_RAW");
	live_rig.activate_status = PCAP_ERROR_PROMISC_PERM_DENIED;
	assert_refused(-EPERM, "eth0: no permission to capture;");
	live_rig.activate_status = PCAP_ERROR;
	live_rig.error = "the moon is wrong";
	assert_refused(-EIO, "eth0: cannot capture: the moon is wrong");
	live_rig.error = "";
	live_rig.activate_status = PCAP_ERROR_RFMON_NOTSUP; /* a code and no words */
	assert_refused(-EIO, "eth0: cannot capture: That device doesn't support monitor mode");
	live_rig.create_fails = true;
	assert_refused(-ENOMEM, "eth0: out of memory");
}

static void
what_cannot_be_prepared_is_closed(void **state)
{
	(void)state;
	live_rig.datalink = DLT_IEEE802_15_4;
	assert_refused(-EINVAL,
		"eth0: link type 195 (IEEE802_15_4) is not supported: leave it out; supported are ");
	live_rig.datalink = DLT_EN10MB;
	live_rig.socket_error = -ENOPROTOOPT;
	assert_refused(-EIO, "eth0: cannot capture: socket filter: Protocol not available");
	live_rig.socket_error = 0;
	live_rig.nonblock_fails = true;
	assert_refused(-EIO, "eth0: cannot capture: no way");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(it_is_opened_as_planned, rig_open),
		cmocka_unit_test_setup(what_libpcap_refuses_is_said_in_a_line, rig_open),
		cmocka_unit_test_setup(what_cannot_be_prepared_is_closed, rig_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
