#include "daemon/loop/capture/capture_home.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

enum { V4_PREFIX_BITS = 96 }; /* ::ffff:0:0/96 */

/* Address or mask as 16 bytes; a mask's first 12 are ones in IPv4. */
static bool
bytes_of(const struct sockaddr *from, struct addr *ret_addr)
{
	if (from == NULL)
		return false;
	if (from->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, from, sizeof(in));
		*ret_addr = addr_from_v4((const uint8_t *)&in.sin_addr);
		return true;
	}
	if (from->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, from, sizeof(in6));
		*ret_addr = addr_from_v6(in6.sin6_addr.s6_addr);
		return true;
	}
	return false;
}

static uint8_t
length_of(const struct addr *mask, bool is_v4)
{
	uint8_t bits = is_v4 ? V4_PREFIX_BITS : 0;

	while (bits < 128 && (mask->byte[bits / 8] & 0x80 >> bits % 8) != 0)
		bits++;
	return bits;
}

static bool
net_of(const struct ifaddrs *i, struct cidr *ret_net)
{
	struct addr address;
	struct addr mask;

	if (!bytes_of(i->ifa_addr, &address) || !bytes_of(i->ifa_netmask, &mask) ||
		addr_is_link_local(&address))
		return false;
	bool is_v4 = addr_is_v4(&address);
	uint8_t length = length_of(&mask, is_v4);
	for (unsigned bit = length; bit < 128; bit++)
		address.byte[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
	*ret_net = (struct cidr){ .base = address, .prefix_len = length };
	return length > (is_v4 ? V4_PREFIX_BITS : 0);
}

static bool
has(const struct cidr *nets, size_t count, const struct cidr *net)
{
	for (size_t i = 0; i < count; i++)
		if (nets[i].prefix_len == net->prefix_len && addr_equal(&nets[i].base, &net->base))
			return true;
	return false;
}

size_t
capture_home_add(const char *name, struct cidr *ret_nets, size_t count, size_t room)
{
	struct ifaddrs *all;
	struct cidr net;

	if (getifaddrs(&all) != 0)
		return count;
	for (const struct ifaddrs *i = all; i != NULL && count < room; i = i->ifa_next)
		if (strcmp(i->ifa_name, name) == 0 && net_of(i, &net) &&
			!has(ret_nets, count, &net))
			ret_nets[count++] = net;
	freeifaddrs(all);
	return count;
}

/* Is it an address of the interface? */
static bool
own_of(const struct ifaddrs *i, const char *name, struct addr *ret_address)
{
	if (!bytes_of(i->ifa_addr, ret_address))
		return false;
	if (strcmp(name, "any") == 0)
		return !addr_is_loopback(ret_address);
	return strcmp(i->ifa_name, name) == 0;
}

size_t
capture_home_own(const char *name, struct addr *ret_own, size_t count, size_t room)
{
	struct ifaddrs *all;
	struct addr address;

	if (getifaddrs(&all) != 0)
		return count;
	for (const struct ifaddrs *i = all; i != NULL && count < room; i = i->ifa_next) {
		bool is_new = own_of(i, name, &address);
		for (size_t k = 0; is_new && k < count; k++)
			is_new = !addr_equal(&ret_own[k], &address);
		if (is_new)
			ret_own[count++] = address;
	}
	freeifaddrs(all);
	return count;
}
