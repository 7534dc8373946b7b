/* fake_source.h -- a source of the viewer's that says what a test wants: hosts with windows, and nothing else. */
#pragma once

#include "viewer/source/source_kind.h"

enum { FAKE_HOSTS_MAX = 10001, FAKE_WINDOWS_MAX = 8 };

struct fake_host {
	char host[48];
	size_t window_count;
	bool infected;
};

struct fake_source {
	struct source source;
	struct fake_host hosts[FAKE_HOSTS_MAX];
	size_t count;
	uint64_t stamp;
	bool is_gone;   /* it answers nothing any more */
	unsigned asked; /* for its profiles */
};

/* No hosts. */
void fake_source_init(struct fake_source *f);
/* Put a host before the `at`-th. */
void fake_source_add(struct fake_source *f, size_t at, const char *host, size_t windows);
void fake_source_remove(struct fake_source *f, size_t at);
