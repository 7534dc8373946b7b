#include "exporters/port_names.h"

#include <netinet/in.h>
#include <stddef.h>

struct row {
	uint16_t port;
	uint8_t ip_proto;
	const char *name;
};

static const struct row rows[] = {
#define PORT(number, proto, text) { number, IPPROTO_##proto, text },
#include "exporters/port_names.def"
#undef PORT
};

/* By port, then by protocol. */
static int
order(const struct row *r, uint16_t port, uint8_t ip_proto)
{
	if (r->port != port)
		return r->port < port ? -1 : 1;
	return (r->ip_proto > ip_proto) - (r->ip_proto < ip_proto);
}

const char *
port_name(uint16_t port, uint8_t ip_proto)
{
	size_t from = 0;
	size_t to = sizeof(rows) / sizeof(rows[0]);

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int o = order(&rows[middle], port, ip_proto);

		if (o == 0)
			return rows[middle].name;
		if (o < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}
