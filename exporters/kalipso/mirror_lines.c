#include "exporters/kalipso/mirror_lines.h"

#include "daemon/record/record_wire.h"
#include "exporters/kalipso/mirror_memory.h"

#include <assert.h>
#include <string.h>

/* A finding goes: whoever would have been told of it next is told of the one after it. */
static void
unfound(struct mirror *m, struct mirror_line *line)
{
	for (uint32_t t = 0; t < m->plan.targets; t++) {
		struct mirror_target *target = &m->targets[t];

		if (target->finding == NULL || target->finding->number > line->number)
			continue;
		m->stats.untold[t]++;
		if (target->finding == line)
			target->finding = TAILQ_NEXT(line, found);
	}
	TAILQ_REMOVE(&m->findings, line, found);
}

static void
first_drop(struct mirror *m, struct mirror_lines *lines)
{
	struct mirror_line *line = lines->first;

	assert(line != NULL);
	lines->first = line->next;
	if (lines->first == NULL)
		lines->last = NULL;
	lines->begun++;
	lines->count--;
	if (line->number != 0)
		unfound(m, line);
	(void)mirror_resize(m, line, 0, NULL);
}

struct mirror_line *
mirror_lines_add(struct mirror *m, const struct mirror_window *w, struct mirror_lines *lines,
	uint32_t most, const struct record *r, uint64_t ts_ns)
{
	struct blob b = blob_over(m->scratch, RECORD_WIRE_MAX);
	struct mirror_line *line;

	record_pack(&b, r);
	if (b.overflow)
		return NULL;
	line = mirror_resize(m, NULL, sizeof(*line) + b.length, w);
	if (line == NULL)
		return NULL;
	*line = (struct mirror_line){ .ts_ns = ts_ns, .length = b.length };
	memcpy(line->bytes, b.bytes, b.length);
	if (lines->last != NULL)
		lines->last->next = line;
	else
		lines->first = line;
	lines->last = line;
	lines->count++;
	while (lines->count > most) {
		m->stats.lines_forgotten++;
		first_drop(m, lines);
	}
	return line;
}

void
mirror_lines_free(struct mirror *m, struct mirror_lines *lines)
{
	while (lines->first != NULL)
		first_drop(m, lines);
	*lines = (struct mirror_lines){ 0 };
}

void
mirror_line_found(struct mirror *m, struct mirror_line *line)
{
	line->number = ++m->finding_count;
	TAILQ_INSERT_TAIL(&m->findings, line, found);
	for (uint32_t t = 0; t < m->plan.targets; t++)
		if (m->targets[t].finding == NULL)
			m->targets[t].finding = line;
}

const struct mirror_line *
mirror_next_finding(struct mirror *m, uint32_t target)
{
	struct mirror_line *line = m->targets[target].finding;

	if (line != NULL)
		m->targets[target].finding = TAILQ_NEXT(line, found);
	return line;
}

void
mirror_findings_after(struct mirror *m, uint32_t target, uint64_t number)
{
	struct mirror_line *next = NULL;
	struct mirror_line *line;

	/* From the end: what is told again is little, or all. */
	TAILQ_FOREACH_REVERSE(line, &m->findings, mirror_findings, found)
	{
		if (line->number <= number)
			break;
		next = line;
	}
	m->targets[target].finding = next;
}
