#include "daemon/whitelist/whitelist_slips.h"

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

enum { LINE_MAX_BYTES = 512, FIELDS = 4, QUOTED_MAX = 64, MESSAGE_MAX_BYTES = 512 };

static const char *const types[] = { "ip", "domain", "organization", "mac", NULL };
static const char *const directions[] = { "src", "dst", "both", NULL };
static const char *const ignores[] = { "flows", "alerts", "both", NULL };

/* Both: no flow, so no evidence of it either. */
static const enum whitelist_effect effects[] = { WHITELIST_IGNORE_TRAFFIC, WHITELIST_NO_EVIDENCE,
	WHITELIST_IGNORE_TRAFFIC };
static const uint32_t ends[] = { WHITELIST_AT_SRC, WHITELIST_AT_DST, WHITELIST_AT_EITHER };

struct reading {
	const char *path;
	uint32_t line;
	struct arena *arena;
	void (*complain)(void *context, const char *line);
	void *context;
	struct slips_entry *entries;
	uint32_t count;
	int result;
};

/* `found` is quoted; NULL: there is nothing to quote. */
static void
refuse(struct reading *r, const char *found, const char *what)
{
	char memory[MESSAGE_MAX_BYTES];
	struct strbuf b;

	strbuf_init(&b, memory, sizeof(memory));
	strbuf_text(&b, r->path);
	strbuf_char(&b, ':');
	strbuf_u64(&b, r->line);
	strbuf_text(&b, ": ");
	if (found != NULL)
		log_quote(&b, found, strlen(found), QUOTED_MAX);
	strbuf_text(&b, what);
	r->complain(r->context, memory);
	r->result = -EINVAL;
}

/* The line without blanks. returns false when it is too long to be one of ours */
static bool
squeeze(const char *from, size_t length, char ret_line[LINE_MAX_BYTES])
{
	size_t kept = 0;

	for (size_t i = 0; i < length; i++) {
		if (from[i] == ' ' || from[i] == '\t' || from[i] == '\r' || from[i] == '\0')
			continue;
		if (kept == LINE_MAX_BYTES - 1)
			return false;
		ret_line[kept++] = from[i];
	}
	ret_line[kept] = '\0';
	return true;
}

/* Cut the line at its commas. returns how many fields there are, of which the first FIELDS are written */
static unsigned
fields_cut(char *line, char *ret_fields[FIELDS])
{
	unsigned count = 0;

	for (char *at = line; at != NULL; count++) {
		char *comma = strchr(at, ',');
		if (comma != NULL)
			*comma = '\0';
		if (count < FIELDS)
			ret_fields[count] = at;
		at = comma == NULL ? NULL : comma + 1;
	}
	return count;
}

/* returns the index, or that of the NULL */
static unsigned
word_of(const char *const *words, const char *text)
{
	unsigned i = 0;

	while (words[i] != NULL && strcasecmp(words[i], text) != 0)
		i++;
	return i;
}

static struct slips_entry *
entry_of(struct reading *r, enum slips_type type, const char *value)
{
	for (uint32_t i = 0; i < r->count; i++)
		if (r->entries[i].type == type && strcasecmp(r->entries[i].value, value) == 0)
			return &r->entries[i];
	return NULL;
}

/* Forget what was said of that value before. */
static void
entry_forget(struct reading *r, enum slips_type type, const char *value)
{
	struct slips_entry *e = entry_of(r, type, value);

	if (e == NULL)
		return;
	size_t behind = (size_t)(r->entries + r->count - (e + 1));
	memmove(e, e + 1, behind * sizeof(*e));
	r->count--;
}

static void
entry_add(struct reading *r, const struct slips_entry *e)
{
	entry_forget(r, e->type, e->value);
	if (r->count == WHITELIST_RULES_MAX) {
		refuse(r, NULL, "no room for more than 4096 rules");
		return;
	}
	struct slips_entry *copy = &r->entries[r->count];
	*copy = *e;
	copy->value = arena_string(r->arena, e->value, strlen(e->value));
	if (copy->value == NULL)
		r->result = -ENOMEM;
	else
		r->count++;
}

static void
line_take(struct reading *r, char *line)
{
	bool is_off = line[0] == '#';
	char *fields[FIELDS];

	if (line[0] == ';' || strncmp(line, "\"IoCType\"", 9) == 0)
		return;
	if (fields_cut(line + (is_off ? 1 : 0), fields) < FIELDS)
		return;
	unsigned type = word_of(types, fields[0]);
	if (is_off) { /* anything may stand in a comment */
		if (type < SLIPS_TYPE_COUNT)
			entry_forget(r, (enum slips_type)type, fields[1]);
		return;
	}
	unsigned direction = word_of(directions, fields[2]);
	unsigned ignore = word_of(ignores, fields[3]);
	if (types[type] == NULL)
		refuse(r, fields[0], " is no type, expected ip, domain, organization or mac");
	if (directions[direction] == NULL)
		refuse(r, fields[2], " is no direction, expected src, dst or both");
	if (ignores[ignore] == NULL)
		refuse(r, fields[3],
			" is nothing that can be ignored, expected flows, alerts or both");
	if (types[type] == NULL || directions[direction] == NULL || ignores[ignore] == NULL)
		return;
	entry_add(r, &(struct slips_entry){
			     .line = r->line,
			     .type = (enum slips_type)type,
			     .value = fields[1],
			     .ends = ends[direction],
			     .effect = effects[ignore],
		     });
}

int
whitelist_slips_read(const char *path, const char *text, size_t length, struct arena *arena,
	void (*complain)(void *context, const char *line), void *context,
	struct slips_entry **ret_entries, uint32_t *ret_count)
{
	struct reading r = {
		.path = path, .arena = arena, .complain = complain, .context = context
	};
	char line[LINE_MAX_BYTES];

	r.entries = arena_alloc(arena, WHITELIST_RULES_MAX * sizeof(*r.entries));
	if (r.entries == NULL)
		return -ENOMEM;
	for (size_t at = 0; at < length;) {
		const char *end = memchr(text + at, '\n', length - at);
		size_t bytes = end == NULL ? length - at : (size_t)(end - (text + at));
		r.line++;
		if (squeeze(text + at, bytes, line))
			line_take(&r, line);
		else
			refuse(&r, NULL, "a line of more than 511 bytes");
		at += bytes + 1;
	}
	*ret_entries = r.entries;
	*ret_count = r.count;
	return r.result;
}
