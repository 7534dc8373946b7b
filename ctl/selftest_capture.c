#include "ctl/selftest_capture.h"

#include <stdint.h>
#include <string.h>

enum {
	FRAME = 54, /* Ethernet, IPv4, TCP without options */
	IP_AT = 14,
	TCP_AT = 34,
	PORT_TELNET = 23,
	BEGIN_S = 1767225600, /* 2026-01-01 */
	GAP_US = 50000,
};

static const uint8_t scanner[4] = { 192, 168, 77, 5 };

static void
put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* Of the Internet: the sum of all 16-bit words, with what overflows added again. */
static unsigned
checksum(unsigned sum, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i + 1 < length; i += 2)
		sum += (unsigned)bytes[i] << 8 | bytes[i + 1];
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

static void
frame_make(uint8_t frame[FRAME], unsigned number, unsigned host, unsigned port)
{
	static const uint8_t head[] = { 2, 0, 0, 0, 77, 1, 2, 0, 0, 0, 77, 5, 8, 0, /* Ethernet */
		0x45, 0, 0, 40, 0, 0, 0x40, 0, 64, 6 };
	uint8_t *ip = frame + IP_AT;
	uint8_t *tcp = frame + TCP_AT;

	memset(frame, 0, FRAME);
	memcpy(frame, head, sizeof(head));
	put16(ip + 4, number);
	memcpy(ip + 12, scanner, 4);
	memcpy(ip + 16, scanner, 3);
	ip[19] = (uint8_t)host;
	put16(ip + 10, checksum(0, ip, 20));
	put16(tcp, 40000 + number);
	put16(tcp + 2, port);
	put16(tcp + 6, number + 1);
	tcp[12] = 5 << 4;
	tcp[13] = 0x02; /* SYN */
	put16(tcp + 14, 1024);
	/* The pseudo header: both addresses, the protocol, the length. */
	put16(tcp + 16, 0);
	unsigned sum = 6 + 20;
	for (size_t i = 12; i < 20; i += 2)
		sum += (unsigned)ip[i] << 8 | ip[i + 1];
	put16(tcp + 16, checksum(sum, tcp, 20));
}

/* In the order of this machine's bytes: who reads a capture goes by its first word. */
static void
frame_write(FILE *out, unsigned number, unsigned host, unsigned port)
{
	uint8_t frame[FRAME];
	uint64_t us = (uint64_t)number * GAP_US;
	const uint32_t record[] = { (uint32_t)(BEGIN_S + us / 1000000), (uint32_t)(us % 1000000),
		FRAME, FRAME };

	frame_make(frame, number, host, port);
	(void)fwrite(record, sizeof(record), 1, out);
	(void)fwrite(frame, sizeof(frame), 1, out);
}

void
selftest_capture_write(FILE *out)
{
	/* pcap: magic, version 2.4 as two halves, zone, accuracy, snaplen, Ethernet */
	const uint32_t magic = 0xa1b2c3d4;
	const uint16_t version[] = { 2, 4 };
	const uint32_t rest[] = { 0, 0, 65535, 1 };
	unsigned number = 0;

	(void)fwrite(&magic, sizeof(magic), 1, out);
	(void)fwrite(version, sizeof(version), 1, out);
	(void)fwrite(rest, sizeof(rest), 1, out);
	for (unsigned i = 0; i < SELFTEST_HOSTS; i++)
		frame_write(out, number++, 100 + i, PORT_TELNET);
	for (unsigned i = 0; i < SELFTEST_PORTS; i++)
		frame_write(out, number++, 50, 1000 + i);
}
