#include "tests/support/fake_source.h"

#include <stdio.h>
#include <string.h>

static uint64_t
stamp(struct source *s)
{
	const struct fake_source *f = s->state;

	if (f->is_gone)
		source_fail(s, "the source is gone");
	return f->stamp;
}

static size_t
profiles(struct source *s, struct arena *m, const struct source_profile **ret)
{
	struct fake_source *f = s->state;

	f->asked++;
	*ret = NULL;
	if (f->is_gone)
		source_fail(s, "the source is gone");
	if (f->is_gone || f->count == 0)
		return 0;
	struct source_profile *rows = arena_alloc(m, f->count * sizeof(*rows));
	for (size_t i = 0; rows != NULL && i < f->count; i++) {
		const struct fake_host *h = &f->hosts[i];
		struct source_window *w = arena_alloc(m, FAKE_WINDOWS_MAX * sizeof(*w));

		if (w == NULL)
			return 0;
		for (size_t n = 0; n < h->window_count; n++)
			w[n].id = (struct source_window_id){ h->host, (int64_t)n + 1 };
		rows[i] = (struct source_profile){ .host = h->host,
			.name = "",
			.vendor = "",
			.country = "",
			.infected = h->infected,
			.windows = w,
			.window_count = h->window_count };
	}
	*ret = rows;
	return rows == NULL ? 0 : f->count;
}

static bool
can(const struct source *s, enum source_ability a)
{
	(void)s;
	(void)a;
	return false;
}

static const struct source_kind fake = { .can = can, .stamp = stamp, .profiles = profiles };
/* Whoever opens something in these tests gets nothing. */
const struct source_kind source_redis = { .can = can };
const struct source_kind source_store = { .can = can };

void
fake_source_init(struct fake_source *f)
{
	memset(f, 0, sizeof(*f));
	f->source.kind = &fake;
	f->source.state = f;
	(void)strcpy(f->source.name, "fake");
}

void
fake_source_add(struct fake_source *f, size_t at, const char *host, size_t windows)
{
	struct fake_host *here = &f->hosts[at];

	memmove(here + 1, here, (f->count - at) * sizeof(*here));
	*here = (struct fake_host){ .window_count = windows };
	(void)snprintf(here->host, sizeof(here->host), "%s", host);
	f->count++;
	f->stamp++;
}

void
fake_source_remove(struct fake_source *f, size_t at)
{
	f->count--;
	memmove(&f->hosts[at], &f->hosts[at + 1], (f->count - at) * sizeof(f->hosts[0]));
	f->stamp++;
}
