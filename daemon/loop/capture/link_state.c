/*
 * The kernel's structs are copied out of the message, so that nothing depends on how it lies in
 * memory, and lengths are boundaries of cursors: what is cut is as if it were not there.
 */
#include "daemon/loop/capture/link_state.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_MAX_BYTES = 32768 };

struct question {
	struct nlmsghdr header;
	struct ifinfomsg about;
	struct rtattr name_header;
	char name[LINK_NAME_MAX];
};

_Static_assert(LINK_NAME_MAX == IFNAMSIZ, "as long as the kernel's");

static bool
copy(struct cursor *c, void *into, size_t size)
{
	const uint8_t *bytes = cursor_take(c, size);

	if (bytes == NULL)
		return false;
	memcpy(into, bytes, size);
	return true;
}

static void
read_attribute(struct link_state *link, unsigned type, struct cursor value)
{
	struct rtnl_link_stats64 stats = { 0 };
	size_t length = cursor_left(&value);

	if (type == IFLA_IFNAME && length > 0 && length <= sizeof(link->name)) {
		(void)copy(&value, link->name, length);
		link->name[sizeof(link->name) - 1] = '\0';
	} else if (type == IFLA_STATS64) {
		/* Newer kernels have longer ones; what is read is at the beginning. */
		(void)copy(&value, &stats, length < sizeof(stats) ? length : sizeof(stats));
		link->missed = stats.rx_missed_errors + stats.rx_fifo_errors;
	}
}

bool
link_state_read(struct cursor body, struct link_state *ret_link)
{
	struct link_state link = { 0 };
	struct ifinfomsg about;
	struct rtattr attribute;

	if (!copy(&body, &about, sizeof(about)) || about.ifi_family != AF_UNSPEC)
		return false;
	link.ifindex = about.ifi_index;
	link.is_up = (about.ifi_flags & IFF_UP) != 0;
	while (copy(&body, &attribute, sizeof(attribute))) {
		/* One that is shorter than its own header becomes one that cannot be there. */
		size_t length = attribute.rta_len - sizeof(attribute);
		struct cursor value = cursor_sub(&body, length);
		read_attribute(&link, attribute.rta_type & (uint16_t)NLA_TYPE_MASK, value);
		size_t padding = RTA_ALIGN(length) - length;
		size_t left = cursor_left(&body);
		(void)cursor_take(&body, padding < left ? padding : left);
	}
	if (link.name[0] == '\0')
		return false;
	*ret_link = link;
	return true;
}

int
link_state_open(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	return fd >= 0 ? fd : -errno;
}

static int
read_answer(struct cursor answer, struct link_state *ret_link)
{
	struct nlmsghdr header;
	struct nlmsgerr error;

	if (!copy(&answer, &header, sizeof(header)))
		return -EBADMSG;
	if (header.nlmsg_type == NLMSG_ERROR && copy(&answer, &error, sizeof(error)))
		return error.error != 0 ? error.error : -EBADMSG;
	return link_state_read(answer, ret_link) ? 0 : -EBADMSG;
}

int
link_state_ask(int fd, int ifindex, const char *name, struct link_state *ret_link)
{
	struct question q = {
		.header = { .nlmsg_len = sizeof(q),
			.nlmsg_type = RTM_GETLINK,
			.nlmsg_flags = NLM_F_REQUEST },
		.about = { .ifi_family = AF_UNSPEC, .ifi_index = ifindex },
		.name_header = { .rta_len = sizeof(q.name_header) + sizeof(q.name),
			.rta_type = IFLA_IFNAME },
	};
	uint8_t answer[ANSWER_MAX_BYTES];

	if (name != NULL)
		memcpy(q.name, name, strnlen(name, sizeof(q.name) - 1));
	if (send(fd, &q, sizeof(q), 0) < 0)
		return -errno;
	ssize_t n = recv(fd, answer, sizeof(answer), 0);
	if (n < 0)
		return -errno;
	return read_answer(cursor_over(answer, (size_t)n), ret_link);
}
