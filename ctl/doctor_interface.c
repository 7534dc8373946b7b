/* doctor_interface.c -- an interface of this machine: is it there, does it see, does it join packets. */
#include "ctl/doctor.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* As the kernel has them: SIOCGIFFLAGS leaves out who else asked for all frames. /sys may be that of another network. */
static bool
flags_read(const char *name, unsigned *ret)
{
	char path[64 + IFNAMSIZ];

	(void)snprintf(path, sizeof(path), "/sys/class/net/%.*s/flags", IFNAMSIZ, name);
	FILE *in = fopen(path, "re");
	char text[32] = "";
	bool read = in != NULL && fgets(text, sizeof(text), in) != NULL;
	if (in != NULL)
		(void)fclose(in);
	*ret = (unsigned)strtoul(text, NULL, 16);
	return read;
}

/* One question to the driver that changes nothing. */
static bool
offload_read(int fd, const char *name, uint32_t question, uint32_t *ret)
{
	struct ethtool_value value = { .cmd = question };
	struct ifreq request;

	memset(&request, 0, sizeof(request));
	(void)snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	request.ifr_data = (void *)&value;
	if (ioctl(fd, SIOCETHTOOL, &request) < 0)
		return false;
	*ret = value.data;
	return true;
}

void
doctor_interface_read(const char *name, struct doctor_interface *ret)
{
	unsigned flags = 0;
	uint32_t gro = 0;
	uint32_t driver = 0;

	*ret = (struct doctor_interface){ .name = name, .exists = if_nametoindex(name) != 0 };
	if (!ret->exists)
		return;
	ret->knows_promiscuous = flags_read(name, &flags);
	ret->promiscuous = (flags & IFF_PROMISC) != 0;
	struct ifreq request;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	memset(&request, 0, sizeof(request));
	(void)snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (ioctl(fd, SIOCGIFFLAGS, &request) == 0) {
		ret->up = (request.ifr_flags & IFF_UP) != 0;
		ret->running = (request.ifr_flags & IFF_RUNNING) != 0;
	}
	ret->knows_offload = offload_read(fd, name, ETHTOOL_GGRO, &gro) &&
			     offload_read(fd, name, ETHTOOL_GFLAGS, &driver);
	ret->gro = gro != 0;
	ret->lro = (driver & ETH_FLAG_LRO) != 0;
	(void)close(fd);
}

static void
state_judge(struct doctor *d, const struct doctor_interface *i)
{
	if (!i->exists)
		doctor_remedy(doctor_add(d, i->name, DOCTOR_BAD, "there is no such interface"),
			"ip link lists those that there are; name one below capture.interfaces");
	else if (!i->up)
		doctor_remedy(doctor_add(d, i->name, DOCTOR_BAD, "it is down"), "ip link set %s up",
			i->name);
	else if (!i->running)
		doctor_remedy(doctor_add(d, i->name, DOCTOR_WARN, "it is up, but has no carrier"),
			"look at its cable, or at the port of the switch");
	else
		(void)doctor_add(d, i->name, DOCTOR_OK, "it is up");
}

void
doctor_interface_judge(struct doctor *d, const struct doctor_interface *i)
{
	state_judge(d, i);
	if (!i->exists)
		return;
	if (i->wants_promiscuous && i->sees && i->knows_promiscuous && !i->promiscuous)
		doctor_remedy(
			doctor_add(d, i->name, DOCTOR_WARN,
				"it is not promiscuous: it sees only frames that are addressed to it"),
			"ip link set %s promisc on; capture.promiscuous: false if that is meant",
			i->name);
	if (!i->knows_offload)
		return;
	if (i->lro || i->gro)
		doctor_remedy(doctor_add(d, i->name, DOCTOR_WARN,
				      "%s joins packets before they are captured: their sizes and "
				      "numbers are not those of the wire",
				      i->lro && i->gro ? "LRO and GRO"
				      : i->lro         ? "LRO"
						       : "GRO"),
			"ethtool -K %s%s%s", i->name, i->gro ? " gro off" : "",
			i->lro ? " lro off" : "");
	else
		(void)doctor_add(d, i->name, DOCTOR_OK, "packets are captured as they came");
}

void
doctor_interfaces_of(struct doctor *d, const char *settings)
{
	static const char key[] = "\n      name: \"";
	const char *at = strstr(settings, "\ncapture:\n");
	const char *end = at == NULL ? NULL : strstr(at, "\n  ring:");

	while (end != NULL && (at = strstr(at, key)) != NULL && at < end) {
		char name[IFNAMSIZ];
		struct doctor_interface i;

		at += sizeof(key) - 1;
		(void)snprintf(name, sizeof(name), "%.*s", (int)strcspn(at, "\"\n"), at);
		doctor_interface_read(name, &i);
		doctor_interface_judge(d, &i);
	}
}
