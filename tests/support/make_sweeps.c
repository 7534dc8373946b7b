/*
 * make_sweeps FIRST COUNT FILE -- a capture of COUNT hosts that each ask five others for a sign of life.
 *
 * Five is what detectors.icmp_sweep wants by default, so each host makes one finding, at once and
 * without a wait: as many findings as a test asks for, as fast as it replays. Host number i is
 * 10.0.0.0 + i; two captures with other numbers have no finding in common.
 */
#include "tests/support/packet_build.h"

#include <stdio.h>
#include <stdlib.h>

enum { START_S = 1700000000, TARGETS = 5, PCAP_MAGIC_US = (int)0xa1b2c3d4, LINKTYPE_ETHERNET = 1 };
enum { ICMP_ECHO_REQUEST = 8, HOSTS_MAX = 1 << 24 };

static void
put32(FILE *f, uint32_t v)
{
	(void)fwrite(
		&v, sizeof(v), 1, f); /* a capture is in the order of the machine that wrote it */
}

static void
ping(FILE *f, uint32_t host, uint8_t target)
{
	struct build b = {
		.src = addr_v4(10, (uint8_t)(host >> 16), (uint8_t)(host >> 8), (uint8_t)host),
		.dst = addr_v4(198, 18, 0, target),
		.icmp_type = ICMP_ECHO_REQUEST,
		.icmp_id = (uint16_t)host,
		.icmp_seq = target,
	};
	uint8_t bytes[BUILD_MAX];
	uint32_t length = (uint32_t)build_icmp(bytes, &b);

	put32(f, START_S + host / 1000);
	put32(f, host % 1000 * 1000 + target);
	put32(f, length);
	put32(f, length);
	(void)fwrite(bytes, 1, length, f);
}

int
main(int argc, char **argv)
{
	if (argc != 4) {
		(void)fputs("usage: make_sweeps FIRST COUNT FILE\n", stderr);
		return 2;
	}
	unsigned long first = strtoul(argv[1], NULL, 10);
	unsigned long count = strtoul(argv[2], NULL, 10);
	FILE *f = first + count < HOSTS_MAX ? fopen(argv[3], "wb") : NULL;
	if (f == NULL) {
		perror(argv[3]);
		return EXIT_FAILURE;
	}
	const uint32_t header[] = { (uint32_t)PCAP_MAGIC_US, 4u << 16 | 2, 0, 0, 262144,
		LINKTYPE_ETHERNET };
	for (size_t i = 0; i < sizeof(header) / sizeof(header[0]); i++)
		put32(f, header[i]);
	for (unsigned long host = first; host < first + count; host++)
		for (unsigned target = 1; target <= TARGETS; target++)
			ping(f, (uint32_t)host, (uint8_t)target);
	if (fclose(f) == 0)
		return EXIT_SUCCESS;
	perror(argv[3]);
	return EXIT_FAILURE;
}
