/* addr.h -- one address type: IPv4 is kept as ::ffff:a.b.c.d, so one compare and one hash do. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct cursor;

enum { ADDR_TEXT_MAX = 46, MAC_TEXT_MAX = 18 };

struct addr {
	uint8_t byte[16];
};

/* A network: the first `prefix_len` (0..128, IPv4 counts from 96) bits of `base`; the rest are zero. */
struct cidr {
	struct addr base;
	uint8_t prefix_len;
};

struct mac {
	uint8_t byte[6];
};

static inline bool
addr_equal(const struct addr *a, const struct addr *b)
{
	return memcmp(a->byte, b->byte, sizeof(a->byte)) == 0;
}

static inline struct addr
addr_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	return (struct addr){ .byte = { [10] = 0xff, [11] = 0xff, a, b, c, d } };
}

/* The address whose four bytes, in network order, are at `b`. */
static inline struct addr
addr_from_v4(const uint8_t b[4])
{
	return addr_v4(b[0], b[1], b[2], b[3]);
}

/* The address whose sixteen bytes, in network order, are at `b`. */
static inline struct addr
addr_from_v6(const uint8_t b[16])
{
	struct addr a;

	memcpy(a.byte, b, sizeof(a.byte));
	return a;
}

static inline bool
addr_is_v4(const struct addr *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(a->byte, mapped, sizeof(mapped)) == 0;
}

/* The next 4, 16 bytes; of zeros when they are not there, which the cursor knows. */
struct addr addr_read_v4(struct cursor *c);
struct addr addr_read_v6(struct cursor *c);

/* All zero, of either family. */
bool addr_is_unspecified(const struct addr *a);
/* 127/8, ::1 */
bool addr_is_loopback(const struct addr *a);
/* 169.254/16, fe80::/10 */
bool addr_is_link_local(const struct addr *a);
/* 224/4, ff00::/8 */
bool addr_is_multicast(const struct addr *a);
/* 255.255.255.255 */
bool addr_is_broadcast(const struct addr *a);
/* Of one host, as far as the address tells: not unspecified, multicast or broadcast. */
bool addr_is_host(const struct addr *a);
/* Set aside and assigned to nobody: 240/4 less the broadcast address, 0/8, and what IPv6 holds outside 2000::/3,
 * fc00::/7, fe80::/10, ff00::/8. */
bool addr_is_reserved(const struct addr *a);
/* RFC 1918 and RFC 4193 only: what a site numbers its own hosts with. */
bool addr_is_private(const struct addr *a);
/* May be the target of a scan: not multicast, broadcast, link-local, loopback, unspecified or reserved (detections §0.1). */
bool addr_is_scannable(const struct addr *a);

/* A host of the Internet, as far as the address tells: what may be scanned and is not private. The ranges
 * for documentation (RFC 5737, RFC 3849) are public too: they stand for such hosts, and no site uses them. */
bool addr_is_public(const struct addr *a);

/*
 * Write the canonical text: dotted quad, or RFC 5952.
 *
 * ret_text  ADDR_TEXT_MAX bytes, NUL-terminated
 * returns   ret_text
 * cost      about 10 ns (IPv4), 40 ns (IPv6)
 */
char *addr_format(const struct addr *a, char ret_text[ADDR_TEXT_MAX]);

/* Parse either family's text, the whole of it. returns false when it is not an address. */
bool addr_parse(const char *text, struct addr *ret_addr);
/* The same of a text that ends by its length. */
bool addr_parse_bytes(const char *text, size_t length, struct addr *ret_addr);

/* Parse "10.0.0.0/8", "2001:db8::/32" or a bare address; host bits must be zero. returns false otherwise. */
bool cidr_parse(const char *text, struct cidr *ret_cidr);
/* An IPv6 network never holds an IPv4 address: "::/0" is all of IPv6 only. */
bool cidr_contains(const struct cidr *net, const struct addr *a);

/* Write "aa:bb:cc:dd:ee:ff". returns ret_text */
char *mac_format(const struct mac *m, char ret_text[MAC_TEXT_MAX]);

/* Parse "aa:bb:cc:dd:ee:ff" in either case, the whole of the text. returns false when it is anything else */
bool mac_parse(const char *text, struct mac *ret_mac);

/* The address of one card: not all zero, which is "unknown", and not for a group, as broadcast is. */
static inline bool
mac_is_card(const struct mac *m)
{
	static const struct mac unknown;

	return (m->byte[0] & 1) == 0 && memcmp(m, &unknown, sizeof(unknown)) != 0;
}

static inline bool
mac_equal(const struct mac *a, const struct mac *b)
{
	return memcmp(a->byte, b->byte, sizeof(a->byte)) == 0;
}
