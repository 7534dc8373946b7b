/* eve_dns.c -- EVE's dns event. */
#include "daemon/transactions/dns.h"
#include "exporters/eve_event.h"

static void
write_dns(struct json *j, const struct observation *o)
{
	json_key_text(j, "rrname", o->dns->query);
}

const struct eve_event eve_event_dns = {
	.kind = OBS_DNS,
	.type = "dns",
	.write = write_dns,
};
