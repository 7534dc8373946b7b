#include "daemon/knowledge/port_names.h"

#include <netinet/in.h>
#include <stddef.h>

struct port {
	uint16_t number;
	uint8_t ip_proto;
};

static const struct port named[] = {
#define PORT(number, proto, text) { number, IPPROTO_##proto },
#include "daemon/knowledge/port_names.def"
#undef PORT
};
static const char *const names[] = {
#define PORT(number, proto, text) text,
#include "daemon/knowledge/port_names.def"
#undef PORT
};
static const struct port usual[] = {
#define PORT(number, proto) { number, IPPROTO_##proto },
#include "daemon/lists/usual_ports.def"
#undef PORT
};

enum { NAMED = sizeof(named) / sizeof(named[0]), USUAL = sizeof(usual) / sizeof(usual[0]) };

/* By port, then by protocol. */
static int
order(const struct port *p, uint16_t number, uint8_t ip_proto)
{
	if (p->number != number)
		return p->number < number ? -1 : 1;
	return (p->ip_proto > ip_proto) - (p->ip_proto < ip_proto);
}

/* returns `count` when it is in no row */
static size_t
find(const struct port *rows, size_t count, uint16_t number, uint8_t ip_proto)
{
	size_t from = 0;
	size_t to = count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int o = order(&rows[middle], number, ip_proto);

		if (o == 0)
			return middle;
		if (o < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return count;
}

const char *
port_name(uint16_t port, uint8_t ip_proto)
{
	size_t row = find(named, NAMED, port, ip_proto);

	return row == NAMED ? NULL : names[row];
}

bool
port_is_known(uint16_t port, uint8_t ip_proto)
{
	return find(named, NAMED, port, ip_proto) < NAMED ||
	       find(usual, USUAL, port, ip_proto) < USUAL;
}
