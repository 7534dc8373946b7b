/* case_filter.h -- which findings and alerts of a run are wanted: --host, --type, --level, --since, --limit. */
#pragma once

#include "ctl/arguments.h"
#include "viewer/source/source.h"

#include "daemon/base/addr.h"

struct case_filter {
	bool by_host;
	struct cidr host;
	const char *type; /* NULL: any */
	double level;     /* no less than that */
	uint64_t from_ns;
	uint64_t limit;
};

/* last_ns: when the run last saw something; --since is before that */
void case_filter_read(const struct arguments *a, uint64_t last_ns, struct case_filter *ret);

bool case_filter_host(const struct case_filter *f, const char *host);
bool case_filter_evidence(const struct case_filter *f, const struct source_evidence *e);
bool case_filter_alert(const struct case_filter *f, const struct source_alert *a);
