#include "tests/support/link_build.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

static size_t
add(uint8_t *message, size_t length, uint16_t type, const void *value, size_t size)
{
	const struct rtattr a = { .rta_len = (uint16_t)(sizeof(a) + size), .rta_type = type };

	memcpy(message + RTA_ALIGN(length), &a, sizeof(a));
	memcpy(message + RTA_ALIGN(length) + sizeof(a), value, size);
	return RTA_ALIGN(length) + sizeof(a) + size;
}

size_t
link_build(const struct link_spec *spec, uint8_t ret_message[LINK_MESSAGE_MAX])
{
	struct nlmsghdr header = { .nlmsg_type = spec->type };
	const struct ifinfomsg about = {
		.ifi_family = spec->family,
		.ifi_index = spec->ifindex,
		.ifi_flags = spec->flags,
	};
	const struct rtnl_link_stats64 stats = {
		.rx_missed_errors = spec->missed,
		.rx_fifo_errors = 1,
		.rx_dropped = 99,
	};
	const uint32_t mtu = 1500;
	size_t length = sizeof(header) + sizeof(about);

	memset(ret_message, 0, LINK_MESSAGE_MAX);
	memcpy(ret_message + sizeof(header), &about, sizeof(about));
	length = add(ret_message, length, IFLA_QDISC, "noop", sizeof("noop"));
	length = add(ret_message, length, IFLA_MTU, &mtu, sizeof(mtu));
	length = add(ret_message, length, IFLA_STATS64, &stats, sizeof(stats));
	if (spec->name != NULL)
		length = add(ret_message, length, IFLA_IFNAME, spec->name, strlen(spec->name) + 1);
	header.nlmsg_len = (uint32_t)length;
	memcpy(ret_message, &header, sizeof(header));
	return NLMSG_ALIGN(length);
}
