#include "viewer/source/source.h"

#include "viewer/source/source_kind.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOURCE(name) extern const struct source_kind source_##name;
#include "sources_list.h"
#undef SOURCE

#define SOURCE(name) &source_##name,
static const struct source_kind *const kinds[] = {
#include "sources_list.h"
};
#undef SOURCE

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

struct source *
source_open(const char *what, const char *cache, char ret_error[SOURCE_ERROR_MAX])
{
	const struct source_kind *kind = kinds[KINDS - 1];

	for (size_t i = KINDS; i > 0; i--)
		if (kinds[i - 1]->is_mine(what))
			kind = kinds[i - 1];
	struct source *s = calloc(1, sizeof(*s));
	if (s != NULL)
		s->state = calloc(1, kind->state_size);
	if (s == NULL || s->state == NULL) {
		(void)snprintf(ret_error, SOURCE_ERROR_MAX, "no memory left to open %s", what);
		free(s);
		return NULL;
	}
	s->kind = kind;
	(void)snprintf(s->name, sizeof(s->name), "%s", what);
	if (kind->open(s, what, cache))
		return s;
	(void)snprintf(ret_error, SOURCE_ERROR_MAX, "%s", s->trouble);
	source_close(s);
	return NULL;
}

void
source_close(struct source *s)
{
	if (s == NULL)
		return;
	s->kind->close(s);
	free(s->state);
	free(s);
}

const char *
source_name(const struct source *s)
{
	return s->name;
}

bool
source_can(const struct source *s, enum source_ability a)
{
	return s->kind->can(s, a);
}

const char *
source_trouble(const struct source *s)
{
	return s->trouble;
}

void
source_fail(struct source *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(s->trouble, sizeof(s->trouble), fmt, ap);
	va_end(ap);
	if (s->first_trouble[0] == '\0')
		memcpy(s->first_trouble, s->trouble, sizeof(s->first_trouble));
}

const char *
source_trouble_first(const struct source *s)
{
	return s->first_trouble;
}

void
source_trouble_forget(struct source *s)
{
	s->first_trouble[0] = '\0';
}

uint64_t
source_stamp(struct source *s)
{
	s->trouble[0] = '\0';
	return s->kind->stamp(s);
}

/* Each question begins without the trouble of the one before. */
static const struct source_kind *
asked(struct source *s)
{
	s->trouble[0] = '\0';
	return s->kind;
}

size_t
source_profiles(struct source *s, struct arena *memory, const struct source_profile **ret)
{
	return asked(s)->profiles(s, memory, ret);
}

size_t
source_entry_count(struct source *s, const struct source_window_id *w)
{
	return asked(s)->entry_count(s, w);
}

size_t
source_entries(struct source *s, const struct source_window_id *w, size_t from, size_t most,
	struct arena *memory, const struct source_entry **ret)
{
	return asked(s)->entries(s, w, from, most, memory, ret);
}

size_t
source_evidences(struct source *s, const struct source_window_id *w, bool one_window,
	struct arena *memory, const struct source_evidence **ret)
{
	return asked(s)->evidences(s, w, one_window, memory, ret);
}

size_t
source_alerts(struct source *s, struct arena *memory, const struct source_alert **ret)
{
	return asked(s)->alerts(s, memory, ret);
}

size_t
source_rows(struct source *s, const struct source_window_id *w, enum source_table table,
	bool established, struct arena *memory, const struct source_row **ret)
{
	return asked(s)->rows(s, w, table, established, memory, ret);
}

size_t
source_tuples(struct source *s, const struct source_window_id *w, bool out, struct arena *memory,
	const struct source_tuple **ret)
{
	return asked(s)->tuples(s, w, out, memory, ret);
}

size_t
source_flows(struct source *s, const struct source_window_id *w, const char *const *uids,
	size_t uid_count, size_t most, struct arena *memory, const struct source_flow **ret)
{
	return asked(s)->flows(s, w, uids, uid_count, most, memory, ret);
}

size_t
source_flows_with(struct source *s, const struct source_window_id *w, const char *peer, size_t most,
	struct arena *memory, const struct source_flow **ret)
{
	if (s->kind->flows_with == NULL)
		return source_flows(s, w, NULL, 0, most, memory, ret);
	return asked(s)->flows_with(s, w, peer, most, memory, ret);
}

size_t
source_devices(struct source *s, struct arena *memory, const struct source_device **ret)
{
	return asked(s)->devices(s, memory, ret);
}

size_t
source_losses(struct source *s, struct arena *memory, const struct source_loss **ret)
{
	return asked(s)->losses(s, memory, ret);
}

size_t
source_loss_spans(struct source *s, struct arena *memory, const struct source_loss_span **ret)
{
	return asked(s)->loss_spans(s, memory, ret);
}

bool
source_address(
	struct source *s, const char *address, struct arena *memory, struct source_address *ret)
{
	return asked(s)->address(s, address, memory, ret);
}

bool
source_run(struct source *s, struct arena *memory, struct source_run *ret)
{
	return asked(s)->run(s, memory, ret);
}
