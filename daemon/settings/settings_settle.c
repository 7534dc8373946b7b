#include "daemon/settings/settings_settle.h"

#include <assert.h>
#include <stdbool.h>

#define MIB (UINT64_C(1024) * 1024)

enum { LIMIT_FILES_MIB = 1024, LIMIT_LIVE_MIB = 128 };

/* RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291 §2.5.6 */
static const char *const private_networks[] = {
	"10.0.0.0/8",
	"172.16.0.0/12",
	"192.168.0.0/16",
	"100.64.0.0/10",
	"169.254.0.0/16",
	"fc00::/7",
	"fe80::/10",
};

enum { PRIVATE_NETWORKS = sizeof(private_networks) / sizeof(private_networks[0]) };

static_assert((int)PRIVATE_NETWORKS + (int)SETTINGS_PREFIXES_MAX <= (int)SETTINGS_HOME_MAX,
	"all of them fit");

static void
settle(struct settings *s, enum direction direction, uint64_t limit_mib)
{
	if (s->direction == DIRECTION_AUTO)
		s->direction = direction;
	if (s->memory.limit == 0)
		s->memory.limit = limit_mib * MIB;
}

void
settings_settle_files(struct settings *s)
{
	settle(s, DIRECTION_OUT, LIMIT_FILES_MIB);
}

void
settings_settle_live(struct settings *s, const struct cidr *prefixes, size_t prefix_count,
	struct setting_cidr home[SETTINGS_HOME_MAX])
{
	size_t count = 0;

	settle(s, DIRECTION_ALL, LIMIT_LIVE_MIB);
	if (s->home_network.count > 0)
		return;
	for (; count < PRIVATE_NETWORKS; count++) {
		bool known = cidr_parse(private_networks[count], &home[count].value);
		assert(known);
		(void)known;
	}
	for (size_t i = 0; i < prefix_count && count < SETTINGS_HOME_MAX; i++)
		home[count++].value = prefixes[i];
	s->home_network = (struct config_list){ .items = home, .count = count };
}
