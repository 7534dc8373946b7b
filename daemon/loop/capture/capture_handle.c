/*
 * The ring is libpcap's TPACKET_V3: the kernel fills blocks of 256 KiB, and gives one to us when it is
 * full or CAPTURE_BLOCK_MS after it was begun.
 *
 * Immediate mode is off. It takes TPACKET_V2, whose slots are as long as the longest frame (64 KiB
 * with offloading on): 8 MiB would hold 128 packets, where blocks hold a hundred thousand small ones, and it
 * wakes us for each. The price is that a packet is seen up to 100 ms late. Nor is the time shorter: a
 * block that was given up is taken whatever is in it, so on a quiet link 32 blocks bridge a pause
 * of 3.2 s of ours, and with 10 ms they would bridge 0.3 s.
 *
 * libpcap puts the VLAN tag back that the kernel took out of the frame, and leaves room for it.
 *
 * Source: libpcap 1.10.3 pcap-linux.c, create_ring(); its issues 335 and 472.
 */
#include "daemon/loop/capture/capture_handle.h"

#include "daemon/decode/decode.h"
#include "daemon/loop/capture/capture_link.h"
#include "daemon/loop/capture/capture_socket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* One line for what pcap_activate() said. returns -errno */
static int
refuse(const struct capture_handle_plan *plan, pcap_t *pcap, int status, char *ret_error,
	size_t error_size)
{
	switch (status) {
	case PCAP_ERROR_NO_SUCH_DEVICE:
		(void)snprintf(ret_error, error_size, "%s: no such interface; ip link lists them",
			plan->name);
		return -ENODEV;
	case PCAP_ERROR_IFACE_NOT_UP:
		(void)snprintf(ret_error, error_size,
			"%s: the interface is down; ip link set %s up", plan->name, plan->name);
		return -ENETDOWN;
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED:
		(void)snprintf(ret_error, error_size,
			"%s: no permission to capture; start as root, or give CAP_NET_RAW",
			plan->name);
		return -EPERM;
	default:
		(void)snprintf(ret_error, error_size, "%s: cannot capture: %s", plan->name,
			pcap_geterr(pcap)[0] != '\0' ? pcap_geterr(pcap)
						     : pcap_statustostr(status));
		return -EIO;
	}
}

static int
activate(const struct capture_handle_plan *plan, pcap_t *pcap, char *ret_error, size_t error_size)
{
	/* These fail only on an activated handle, and for a precision that there is not. */
	(void)pcap_set_snaplen(pcap, (int)plan->snaplen);
	(void)pcap_set_promisc(pcap, plan->promiscuous && strcmp(plan->name, "any") != 0);
	(void)pcap_set_timeout(pcap, CAPTURE_BLOCK_MS);
	(void)pcap_set_buffer_size(pcap, (int)plan->ring_bytes);
	(void)pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
	int status = pcap_activate(pcap);
	return status < 0 ? refuse(plan, pcap, status, ret_error, error_size) : 0;
}

/* What has to be asked and set on an activated handle. */
static int
prepare(const struct capture_handle_plan *plan, struct capture_handle *h, char *ret_error,
	size_t error_size)
{
	char pcap_error[PCAP_ERRBUF_SIZE];

	h->link = capture_link_of((uint32_t)pcap_datalink(h->pcap));
	h->fraction_ns =
		pcap_get_tstamp_precision(h->pcap) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000;
	if (decode_link_name(h->link) == NULL) {
		capture_link_refuse(plan->name, h->link, ret_error, error_size);
		return -EINVAL;
	}
	int error = capture_socket_select(pcap_fileno(h->pcap), plan->snaplen);
	if (error != 0) {
		(void)snprintf(ret_error, error_size, "%s: cannot capture: socket filter: %s",
			plan->name, strerror(-error));
		return -EIO;
	}
	if (pcap_setnonblock(h->pcap, 1, pcap_error) != 0) {
		(void)snprintf(
			ret_error, error_size, "%s: cannot capture: %s", plan->name, pcap_error);
		return -EIO;
	}
	return 0;
}

int
capture_handle_open(const struct capture_handle_plan *plan, struct capture_handle *ret_handle,
	char *ret_error, size_t error_size)
{
	char pcap_error[PCAP_ERRBUF_SIZE];
	struct capture_handle h = { .pcap = pcap_create(plan->name, pcap_error) };

	if (h.pcap == NULL) {
		(void)snprintf(ret_error, error_size, "%s: out of memory", plan->name);
		return -ENOMEM;
	}
	int rc = activate(plan, h.pcap, ret_error, error_size);
	if (rc == 0)
		rc = prepare(plan, &h, ret_error, error_size);
	if (rc != 0) {
		capture_handle_close(&h);
		return rc;
	}
	*ret_handle = h;
	return 0;
}

void
capture_handle_close(struct capture_handle *h)
{
	if (h->pcap != NULL)
		pcap_close(h->pcap);
	h->pcap = NULL;
}
