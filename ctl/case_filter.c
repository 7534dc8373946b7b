#include "ctl/case_filter.h"

#include "viewer/source/source_sum.h"

#include <string.h>

void
case_filter_read(const struct arguments *a, uint64_t last_ns, struct case_filter *ret)
{
	const char *level = a->values[COMMAND_OPTION_LEVEL];

	*ret = (struct case_filter){
		.by_host = a->values[COMMAND_OPTION_HOST] != NULL,
		.host = a->host,
		.type = a->values[COMMAND_OPTION_TYPE],
		.level = level == NULL ? 0 : source_level(level),
		.limit = a->limit,
	};
	if (a->since_ns > 0 && last_ns > a->since_ns)
		ret->from_ns = last_ns - a->since_ns;
}

bool
case_filter_host(const struct case_filter *f, const char *host)
{
	struct addr a;

	return !f->by_host || (addr_parse(host, &a) && cidr_contains(&f->host, &a));
}

bool
case_filter_evidence(const struct case_filter *f, const struct source_evidence *e)
{
	return case_filter_host(f, e->window.host) && source_level(e->threat) >= f->level &&
	       e->ts_ns >= f->from_ns && (f->type == NULL || strcmp(f->type, e->kind) == 0);
}

bool
case_filter_alert(const struct case_filter *f, const struct source_alert *a)
{
	return case_filter_host(f, a->window.host) && source_level(a->highest) >= f->level &&
	       a->ts_ns >= f->from_ns && (f->type == NULL || strcmp(f->type, a->strongest) == 0);
}
