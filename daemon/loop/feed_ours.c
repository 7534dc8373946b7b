#include "daemon/loop/feed_ours.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	V4_AT = 96,
	V4_WIDEST = V4_AT + 8,
	V6_WIDEST = 19,
	ADDR_BITS = 128,
	LINE = 512,
	HEX = 16,
};

struct gathered {
	struct cidr *nets;
	size_t count, most;
};

static void
add(struct gathered *g, const struct cidr *net)
{
	bool is_v4 = net->prefix_len >= V4_AT && addr_is_v4(&net->base);

	if (net->prefix_len >= (is_v4 ? V4_WIDEST : V6_WIDEST) && g->count < g->most)
		g->nets[g->count++] = *net;
}

static void
add_single(struct gathered *g, const struct addr *a)
{
	add(g, &(struct cidr){ .base = *a, .prefix_len = ADDR_BITS });
}

/* "eth0 00000000 0101A8C0 ...": a destination and a gateway, each in the machine's own order of bytes. */
static void
take_route(struct gathered *g, char *line)
{
	char *left = NULL;
	const char *interface = strtok_r(line, " \t", &left);
	const char *destination = strtok_r(NULL, " \t", &left);
	const char *gateway = strtok_r(NULL, " \t", &left);

	if (interface == NULL || destination == NULL || gateway == NULL ||
		strtoul(destination, NULL, HEX) != 0)
		return;
	uint32_t number = (uint32_t)strtoul(gateway, NULL, HEX);
	uint8_t bytes[sizeof(number)];
	memcpy(bytes, &number, sizeof(number));
	struct addr a = addr_from_v4(bytes);
	if (number != 0)
		add_single(g, &a);
}

/* "nameserver 192.0.2.53"; of "fe80::1%eth0" the zone is left out. */
static void
take_resolver(struct gathered *g, char *line)
{
	char *left = NULL;
	const char *key = strtok_r(line, " \t\n%", &left);
	const char *value = strtok_r(NULL, " \t\n%", &left);
	struct addr a;

	if (key != NULL && value != NULL && strcmp(key, "nameserver") == 0 && addr_parse(value, &a))
		add_single(g, &a);
}

static void
take_lines(struct gathered *g, const char *path, void (*take)(struct gathered *g, char *line))
{
	char line[LINE];
	FILE *f = path == NULL ? NULL : fopen(path, "re");

	if (f == NULL)
		return;
	g->most = g->count + FEED_OURS_OF_FILE;
	while (fgets(line, sizeof(line), f) != NULL)
		take(g, line);
	(void)fclose(f);
}

size_t
feed_ours(const struct settings *settings, const struct cidr *prefixes, size_t prefix_count,
	const struct feed_ours_files *files, struct cidr ret[FEED_OURS_MAX])
{
	const struct setting_cidr *home = settings->home_network.items;
	struct gathered g = { .nets = ret, .most = FEED_OURS_MAX - 2 * FEED_OURS_OF_FILE };

	for (size_t i = 0; i < settings->home_network.count; i++)
		add(&g, &home[i].value);
	for (size_t i = 0; i < prefix_count; i++)
		add(&g, &prefixes[i]);
	if (files != NULL) {
		take_lines(&g, files->routes, take_route);
		take_lines(&g, files->resolvers, take_resolver);
	}
	return g.count;
}
