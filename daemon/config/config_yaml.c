/*
 * A walk over libyaml's events that goes down the rows and the file together. What the rows do not
 * know is skipped and told, so that one run tells everything that is wrong with a file. A value is
 * never held as a tree: depth is bounded by CONFIG_DEPTH_MAX, memory by the arena.
 *
 * libyaml hands aliases over as events and expands nothing; we refuse them, since a setting that
 * stands elsewhere cannot be checked where it is read.
 */
#include "daemon/config/config_yaml.h"

#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"
#include "daemon/config/config_rows.h"
#include "daemon/config/config_scalar.h"
#include "daemon/config/config_text.h"

#include <errno.h>
#include <string.h>
#include <yaml.h>

enum { PATH_MAX_BYTES = 512, WHY_MAX_BYTES = 640, QUOTED_MAX = 40 };

struct walk {
	yaml_parser_t parser;
	yaml_event_t event; /* the current one; YAML_NO_EVENT before the first and after the last */
	const char *name;
	const char *text;
	size_t length;
	const struct config_item *root;
	struct arena *arena;
	struct config_report *report;
	unsigned depth;
	bool stopped;       /* nothing more can be read */
	struct strbuf path; /* dotted key of where we are */
	char path_memory[PATH_MAX_BYTES];
};

static void value_fill(struct walk *w, const struct config_item *row, void *section);

/* Complain about what is at `line` and `column`, both from 0. */
static void
complain_at(struct walk *w, size_t line, size_t column, const char *what)
{
	const char *colon = w->path.length > 0 ? ": " : "";

	config_complain(w->report, "%s:%zu:%zu: %s%s%s", w->name, line + 1, column + 1,
		w->path.text, colon, what);
}

static void
complain(struct walk *w, const char *what)
{
	complain_at(w, w->event.start_mark.line, w->event.start_mark.column, what);
}

static bool
line_is_indented_by_tab(const struct walk *w, size_t line)
{
	size_t at = 0;

	for (; line > 0 && at < w->length; at++)
		line -= w->text[at] == '\n';
	while (at < w->length && w->text[at] == ' ')
		at++;
	return at < w->length && w->text[at] == '\t';
}

static size_t
line_at(const struct walk *w, size_t offset)
{
	size_t line = 0;

	for (size_t at = 0; at < offset && at < w->length; at++)
		line += w->text[at] == '\n';
	return line;
}

/* libyaml's own words are constant and short, and its mark is where it noticed. */
static void
complain_about_syntax(struct walk *w)
{
	char memory[WHY_MAX_BYTES];
	struct strbuf why;
	const yaml_parser_t *p = &w->parser;
	yaml_mark_t mark = p->problem_mark;

	if (p->error == YAML_READER_ERROR) /* no mark: these bytes are no characters */
		mark = (yaml_mark_t){ .line = line_at(w, p->problem_offset) };
	config_cut(&w->path, 0);
	strbuf_init(&why, memory, sizeof(memory));
	if (p->error == YAML_SCANNER_ERROR && line_is_indented_by_tab(w, mark.line)) {
		complain_at(w, mark.line, mark.column, "a tab, but YAML is indented by spaces");
		return;
	}
	strbuf_printf(&why, "not valid YAML: %s",
		p->problem != NULL ? p->problem : "it needs too much memory");
	if (p->context != NULL)
		strbuf_printf(
			&why, " %s that began on line %zu", p->context, p->context_mark.line + 1);
	complain_at(w, mark.line, mark.column, why.text);
}

static void
refuse_references(struct walk *w)
{
	const yaml_event_t *e = &w->event;
	const yaml_char_t *anchor = NULL;
	const yaml_char_t *tag = NULL;

	if (e->type == YAML_ALIAS_EVENT)
		anchor = e->data.alias.anchor;
	if (e->type == YAML_SCALAR_EVENT) {
		anchor = e->data.scalar.anchor;
		tag = e->data.scalar.tag;
	}
	if (e->type == YAML_SEQUENCE_START_EVENT) {
		anchor = e->data.sequence_start.anchor;
		tag = e->data.sequence_start.tag;
	}
	if (e->type == YAML_MAPPING_START_EVENT) {
		anchor = e->data.mapping_start.anchor;
		tag = e->data.mapping_start.tag;
	}
	if (anchor != NULL)
		complain(w, "anchors and aliases (&, *) are not read here, write the value out");
	if (tag != NULL)
		complain(w, "tags (!) are not read here, leave it out");
}

static void
depth_follow(struct walk *w)
{
	switch (w->event.type) {
	case YAML_MAPPING_START_EVENT:
	case YAML_SEQUENCE_START_EVENT:
		w->depth++;
		break;
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		w->depth--;
		break;
	default:
		break;
	}
	if (w->depth > CONFIG_DEPTH_MAX) {
		complain(w, "too many lists and mappings inside each other");
		w->stopped = true;
	}
}

/* Go to the next event. returns false when there is none: the end, a mistake, too deep. */
static bool
next(struct walk *w)
{
	yaml_event_delete(&w->event);
	if (w->stopped)
		return false;
	if (!yaml_parser_parse(&w->parser, &w->event)) {
		memset(&w->event, 0, sizeof(w->event));
		complain_about_syntax(w);
		w->stopped = true;
		return false;
	}
	refuse_references(w);
	depth_follow(w);
	return !w->stopped && w->event.type != YAML_NO_EVENT;
}

static bool
is_start(const yaml_event_t *e)
{
	return e->type == YAML_MAPPING_START_EVENT || e->type == YAML_SEQUENCE_START_EVENT;
}

/* Pass over the node that begins with the current event, to its last event. */
static void
node_skip(struct walk *w)
{
	unsigned outside = w->depth - 1;

	if (!is_start(&w->event))
		return;
	while (next(w) && w->depth > outside)
		;
}

static const char *
scalar_text(const yaml_event_t *e)
{
	return (const char *)e->data.scalar.value;
}

/* Nothing after the colon, `~` or `null`; in quotes these are texts. */
static bool
is_null(const yaml_event_t *e)
{
	const char *text = scalar_text(e);

	return e->type == YAML_SCALAR_EVENT && e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       (text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
}

/* The current node is of another kind than the row's: say so and pass over it. */
static void
kind_refuse(struct walk *w, const struct config_item *row)
{
	char memory[WHY_MAX_BYTES];
	struct strbuf why;

	strbuf_init(&why, memory, sizeof(memory));
	strbuf_text(&why, "expected ");
	config_scalar_expect(row, &why);
	strbuf_text(&why, ", found ");
	if (w->event.type == YAML_SCALAR_EVENT)
		log_quote(&why, scalar_text(&w->event), w->event.data.scalar.length, QUOTED_MAX);
	else
		strbuf_text(
			&why, w->event.type == YAML_MAPPING_START_EVENT ? "a mapping" : "a list");
	if (w->event.type != YAML_ALIAS_EVENT) /* told already */
		complain(w, why.text);
	node_skip(w);
}

static void
scalar_fill(struct walk *w, const struct config_item *row, void *section, bool may_be_none)
{
	const char *text = NULL;
	size_t length = 0;
	char memory[WHY_MAX_BYTES];
	struct strbuf why;

	if (w->event.type != YAML_SCALAR_EVENT) {
		kind_refuse(w, row);
		return;
	}
	if (!is_null(&w->event)) {
		text = scalar_text(&w->event);
		length = w->event.data.scalar.length;
	}
	int r = text == NULL && !may_be_none
			? -EINVAL
			: config_scalar_parse(row, text, length, section, w->arena);
	if (r == 0)
		return;
	strbuf_init(&why, memory, sizeof(memory));
	if (r == -ENOMEM)
		strbuf_text(&why, "the settings take too much memory");
	else
		config_refuse(row, text, length, &why);
	complain(w, why.text);
}

static void
unknown_refuse(struct walk *w, const struct config_item *rows, const char *key, size_t length)
{
	char memory[WHY_MAX_BYTES];
	struct strbuf why;
	const struct config_item *meant = config_rows_nearest(rows, key, length);

	strbuf_init(&why, memory, sizeof(memory));
	strbuf_text(&why, "unknown setting, ");
	size_t kept = why.length;
	strbuf_text(&why, "did you mean \"");
	if (meant != NULL)
		strbuf_text(&why, meant->name);
	if (meant != NULL || config_rows_locate(w->root, key, length, &why)) {
		strbuf_text(&why, "\"?");
	} else {
		config_cut(&why, kept);
		strbuf_text(&why, "--print-config shows those there are");
	}
	complain(w, why.text);
}

static bool
key_is_word(const char *key, size_t length)
{
	return length > 0 && length <= CONFIG_NAME_MAX &&
	       strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") ==
		       length;
}

static void
path_push(struct walk *w, const char *key, size_t length)
{
	if (w->path.length > 0)
		strbuf_char(&w->path, '.');
	if (key_is_word(key, length))
		strbuf_bytes(&w->path, key, length);
	else
		log_quote(&w->path, key, length, QUOTED_MAX);
}

/*
 * Find the row of the key that is the current event. The path grows by the key, known or not.
 *
 * seen     lines, from 1, on which a row's key stood before; 0 is not yet
 * returns  NULL when its value is to be skipped, which has been told
 */
static const struct config_item *
key_take(struct walk *w, const struct config_item *rows, size_t seen[CONFIG_ROWS_MAX])
{
	const struct config_item *row = NULL;
	char why[80];
	struct strbuf text;

	if (w->event.type != YAML_SCALAR_EVENT) {
		if (w->event.type != YAML_ALIAS_EVENT) /* told already */
			complain(w, "expected the name of a setting, found a mapping or a list");
		node_skip(w);
		return NULL;
	}
	const char *key = scalar_text(&w->event);
	size_t length = w->event.data.scalar.length;
	path_push(w, key, length);
	row = config_rows_find(rows, key, length);
	if (row == NULL) {
		unknown_refuse(w, rows, key, length);
		return NULL;
	}
	size_t *before = &seen[row - rows];
	if (*before > 0) {
		strbuf_init(&text, why, sizeof(why));
		strbuf_printf(&text, "given twice, first on line %zu", *before);
		complain(w, text.text);
		return NULL;
	}
	*before = w->event.start_mark.line + 1;
	return row;
}

/* The current event starts a mapping; on return it is its end. */
static void
mapping_fill(struct walk *w, const struct config_item *rows, void *section)
{
	size_t seen[CONFIG_ROWS_MAX] = { 0 };
	size_t kept = w->path.length;

	while (next(w) && w->event.type != YAML_MAPPING_END_EVENT) {
		const struct config_item *row = key_take(w, rows, seen);

		if (!next(w))
			return;
		if (row != NULL)
			value_fill(w, row, section);
		else
			node_skip(w);
		config_cut(&w->path, kept);
	}
}

static void
section_fill(struct walk *w, const struct config_item *row, void *section)
{
	if (w->event.type == YAML_MAPPING_START_EVENT)
		mapping_fill(w, row->rows, (unsigned char *)section + row->offset);
	else if (!is_null(&w->event)) /* a section whose settings are all commented out */
		kind_refuse(w, row);
}

/* Who looks at an item later can say where it stands. */
static void
line_note(const struct walk *w, const struct config_item *list, void *item)
{
	uint32_t line = (uint32_t)w->event.start_mark.line + 1;

	if (list->line_at > 0)
		memcpy((unsigned char *)item + list->line_at, &line, sizeof(line));
}

/* Fill one more item from the current node. returns false when there is no room for it. */
static bool
item_fill(struct walk *w, const struct config_item *list, void *section)
{
	void *item = config_list_add(list, section, w->arena);
	char why[80];
	struct strbuf text;

	if (item == NULL) {
		strbuf_init(&text, why, sizeof(why));
		strbuf_text(&text, "no room for more than ");
		strbuf_u64(&text, list->max);
		strbuf_text(&text, " items");
		complain(w, text.text);
		node_skip(w);
		return false;
	}
	line_note(w, list, item);
	if (config_list_is_plain(list))
		scalar_fill(w, list->rows, item, false);
	else if (w->event.type == YAML_MAPPING_START_EVENT)
		mapping_fill(w, list->rows, item);
	else
		kind_refuse(w, &(struct config_item){ .type = CONFIG_TYPE_SECTION });
	return true;
}

/* The current event starts a sequence; on return it is its end. */
static void
items_fill(struct walk *w, const struct config_item *list, void *section)
{
	bool room = true;
	size_t kept = w->path.length;

	for (unsigned i = 1; next(w) && w->event.type != YAML_SEQUENCE_END_EVENT; i++) {
		strbuf_printf(&w->path, "[%u]", i);
		if (room)
			room = item_fill(w, list, section);
		else
			node_skip(w);
		config_cut(&w->path, kept);
	}
}

/* One value may stand for a list of one. */
static void
list_fill(struct walk *w, const struct config_item *list, void *section)
{
	static const struct config_list empty;

	memcpy((unsigned char *)section + list->offset, &empty, sizeof(empty));
	if (w->event.type == YAML_SEQUENCE_START_EVENT)
		items_fill(w, list, section);
	else if (w->event.type == YAML_SCALAR_EVENT && config_list_is_plain(list) &&
		 !is_null(&w->event))
		(void)item_fill(w, list, section);
	else if (!is_null(&w->event))
		kind_refuse(w, list);
}

static void
value_fill(struct walk *w, const struct config_item *row, void *section)
{
	if (row->type == CONFIG_TYPE_SECTION)
		section_fill(w, row, section);
	else if (row->type == CONFIG_TYPE_LIST)
		list_fill(w, row, section);
	else
		scalar_fill(w, row, section, true);
}

static void
stream_fill(struct walk *w, void *section)
{
	static const struct config_item root = { .type = CONFIG_TYPE_SECTION };
	unsigned documents = 0;

	while (next(w)) {
		if (w->event.type != YAML_DOCUMENT_START_EVENT)
			continue;
		if (documents++ > 0) {
			complain(w, "a second document (---), but a settings file is one");
			return;
		}
		if (!next(w))
			return;
		if (w->event.type == YAML_MAPPING_START_EVENT)
			mapping_fill(w, w->root, section);
		else if (!is_null(&w->event))
			kind_refuse(w, &root);
	}
}

int
config_yaml_parse(const char *name, const char *text, size_t length, const struct config_item *rows,
	void *section, struct arena *arena, struct config_report *report)
{
	unsigned before = report->count;
	size_t name_length = strlen(name);
	struct walk w = {
		/* The end of a path tells more than its start, and a line has its bounds. */
		.name = name + (name_length > 256 ? name_length - 256 : 0),
		.text = text,
		.length = length,
		.root = rows,
		.arena = arena,
		.report = report,
	};

	if (!yaml_parser_initialize(&w.parser)) {
		config_complain(report, "%s: no memory left to read it", w.name);
		return -ENOMEM;
	}
	strbuf_init(&w.path, w.path_memory, sizeof(w.path_memory));
	yaml_parser_set_encoding(&w.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&w.parser, (const unsigned char *)text, length);
	stream_fill(&w, section);
	yaml_event_delete(&w.event);
	yaml_parser_delete(&w.parser);
	return report->count > before ? -EINVAL : 0;
}
