/*
 * ntp.c -- NTP (RFC 5905), also versions 1 to 3: the messages that carry time, one row each.
 *
 * Nothing in a message is a signature. On its port the first byte and the size tell it; elsewhere it must
 * be of version 3 or 4, carry values that a clock can have, and have been sent, by its own word, within a
 * day of when it was seen. Control and private messages (modes 6 and 7) are recognised and not told.
 * A conversation is never done.
 */
#include "daemon/transactions/ntp.h"
#include "daemon/proto/proto.h"
#include "daemon/proto/wire_text.h"

#include <netinet/in.h>

#define NS      UINT64_C(1000000000)
#define EPOCH_S UINT64_C(2208988800) /* from 1900 to 1970 */
#define ERA_S   (UINT64_C(1) << 32)
#define DAY_NS  (UINT64_C(86400) * NS)

enum {
	PORT = 123,
	HEADER_BYTES = 48,
	CONTROL_BYTES = 8, /* the shortest control or private message */
	MODE_LAST = 5,
	STRATUM_MAX = 16,
	POLL_MAX = 17,
	PRECISION_LEAST = -40,
	EXTENSION_LEAST = 16,
	SIGNATURE_MAX = 24, /* key and digest behind all extensions */
	REF_TEXT_MAX = ADDR_TEXT_MAX,
};

static bool
is_near(uint64_t a, uint64_t b)
{
	return a > b ? a - b < DAY_NS : b - a < DAY_NS;
}

/* From 1900 in 32.32 bits; what the first bit does not have is of the era that began in 2036 (RFC 4330 section 3). */
static uint64_t
read_time(struct cursor *c)
{
	uint64_t seconds = cursor_be32(c);
	uint64_t fraction = cursor_be32(c);

	if (seconds == 0 && fraction == 0)
		return 0;
	if (seconds < EPOCH_S)
		seconds += ERA_S;
	return (seconds - EPOCH_S) * NS + (fraction * NS >> 32);
}

/* A power of two in seconds; TRANSACTION_UNSET when it is more than there is room for. */
static uint64_t
power_ns(int8_t exponent)
{
	if (exponent >= 34)
		return TRANSACTION_UNSET;
	if (exponent <= -30)
		return 0;
	return exponent >= 0 ? NS << exponent : NS >> -exponent;
}

/* 16.16 bits. */
static uint64_t
read_short(struct cursor *c)
{
	return cursor_be32(c) * NS >> 16;
}

/* The clock that the sender follows: four characters of its own or a primary server, else an address. */
static void
read_ref_id(struct cursor id, uint64_t stratum, char ret_text[REF_TEXT_MAX])
{
	if (stratum < 2) {
		(void)wire_text(ret_text, REF_TEXT_MAX, id);
		return;
	}
	const struct addr a = addr_read_v4(&id);
	(void)addr_format(&a, ret_text);
}

/* What a message says of its sender's clock. */
static struct obs_ntp
read_message(struct cursor *c, char ret_ref_id[REF_TEXT_MAX])
{
	uint8_t first = cursor_u8(c);
	struct obs_ntp ntp = { .version = first >> 3 & 7, .mode = first & 7 };

	ntp.stratum = cursor_u8(c);
	ntp.poll = power_ns((int8_t)cursor_u8(c));
	ntp.precision = power_ns((int8_t)cursor_u8(c));
	ntp.root_delay = read_short(c);
	ntp.root_disp = read_short(c);
	read_ref_id(cursor_sub(c, 4), ntp.stratum, ret_ref_id);
	ntp.ref_id = ret_ref_id;
	ntp.ref_time = read_time(c);
	ntp.org_time = read_time(c);
	ntp.rec_time = read_time(c);
	ntp.xmt_time = read_time(c);
	return ntp;
}

static bool
is_plausible(const struct proto_call *call, struct cursor message)
{
	struct cursor c = message;
	uint8_t first = cursor_u8(&c);
	uint8_t version = first >> 3 & 7;
	uint8_t mode = first & 7;
	bool is_sane = cursor_u8(&c) <= STRATUM_MAX;
	is_sane &= cursor_u8(&c) <= POLL_MAX;
	int8_t precision = (int8_t)cursor_u8(&c);
	(void)cursor_take(&c, HEADER_BYTES - 4 - 8);
	uint64_t sent_ns = read_time(&c);

	return is_sane && !c.short_read && version >= 3 && version <= 4 && mode >= 1 &&
	       mode <= MODE_LAST && precision <= 0 && precision >= PRECISION_LEAST &&
	       is_near(sent_ns, call->ts_ns);
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	struct cursor c = first_bytes;
	size_t size = cursor_left(&c);
	uint8_t first = cursor_u8(&c);
	uint8_t version = first >> 3 & 7;
	uint8_t mode = first & 7;

	if (call->src_port != PORT && call->dst_port != PORT)
		return is_plausible(call, first_bytes) ? PROTO_YES : PROTO_NO;
	if (version < 1 || version > 4 || mode == 0)
		return PROTO_NO;
	return size >= (mode <= MODE_LAST ? HEADER_BYTES : CONTROL_BYTES) ? PROTO_YES : PROTO_NO;
}

/* Extension fields before the signature (RFC 7822). */
static uint64_t
count_extensions(struct cursor c)
{
	uint64_t count = 0;

	while (cursor_left(&c) > SIGNATURE_MAX) {
		(void)cursor_be16(&c);
		uint16_t size = cursor_be16(&c);
		if (size < EXTENSION_LEAST || cursor_take(&c, size - 4U) == NULL)
			break;
		count++;
	}
	return count;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	char ref_id[REF_TEXT_MAX];
	struct cursor c = bytes;
	struct obs_ntp ntp = read_message(&c, ref_id);

	if (c.short_read || ntp.mode == 0 || ntp.mode > MODE_LAST)
		return PROTO_MORE;
	if (ntp.version == 4)
		ntp.num_exts = count_extensions(c);
	call->emit(call->context, &(struct observation){ .kind = OBS_NTP,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .ntp = &ntp });
	return PROTO_MORE;
}

const struct protocol protocol_ntp = {
	.name = "ntp",
	.ip_proto = IPPROTO_UDP,
	.begins = PROTO_BEGINS({ 0x09, 0x27 }, { 0x49, 0x67 }, { 0x89, 0xa7 }, { 0xc9, 0xe7 }),
	.looks_like = looks_like,
	.parse = parse,
};
