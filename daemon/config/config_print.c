#include "daemon/config/config_print.h"

#include "daemon/base/strbuf.h"
#include "daemon/config/config_rows.h"
#include "daemon/config/config_scalar.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { COLUMN_MAX = 98, INDENT = 2, HEADING_MAX = 6, TEXT_MAX_BYTES = 4096 };

static bool
has_rows(const struct config_item *row)
{
	return row->rows != NULL && row->rows[0].type != CONFIG_TYPE_END;
}

/* Words after `# `, as many as fit a line. The text has no control characters (config_check.h). */
static void
comment_print(FILE *out, int indent, const char *text)
{
	size_t room = (size_t)(COLUMN_MAX - indent - 2);

	while (*text != '\0') {
		size_t length = strlen(text);

		if (length > room) {
			length = room;
			while (length > 0 && text[length] != ' ')
				length--;
			if (length == 0) /* one word, longer than a line */
				length = strcspn(text, " ");
		}
		(void)fprintf(out, "%*s# %.*s\n", indent, "", (int)length, text);
		text += length;
		text += strspn(text, " ");
	}
}

static void
default_append(const struct config_item *row, struct strbuf *text)
{
	/* As wide and as aligned as any value, for a row that is made to lie at its start. */
	union {
		uint64_t u64;
		double real;
		const char *text;
		struct cidr cidr;
	} value;
	struct config_item at_start = *row;

	at_start.offset = 0;
	memset(&value, 0, sizeof(value));
	config_scalar_default(&at_start, &value);
	if (row->type == CONFIG_TYPE_STRING && row->dflt_text != NULL)
		strbuf_printf(text, "\"%s\"", row->dflt_text);
	else if (config_scalar_is_none(&at_start, &value))
		strbuf_text(text, "none");
	else
		config_scalar_format(&at_start, &value, text);
}

/* "A whole number from 2 to 1024 hosts; default 30." */
static void
bounds_append(const struct config_item *row, struct strbuf *text)
{
	size_t start = text->length;

	config_scalar_expect(row, text);
	if (row->type == CONFIG_TYPE_LIST) {
		strbuf_text(text, config_list_is_plain(row) ? ", each " : ", each a mapping");
		if (config_list_is_plain(row))
			config_scalar_expect(row->rows, text);
		strbuf_text(text, "; default empty.");
	} else {
		strbuf_text(text, "; default ");
		default_append(row, text);
		strbuf_char(text, '.');
	}
	text->text[start] = (char)toupper((unsigned char)text->text[start]);
}

/* In double quotes only these two mean something else: what else would is refused in settings. */
static void
quoted_print(FILE *out, const char *text)
{
	(void)fputc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			(void)fputc('\\', out);
		(void)fputc(*text, out);
	}
	(void)fputc('"', out);
}

static void
value_print(FILE *out, const struct config_item *row, const void *section)
{
	char memory[CONFIG_TEXT_MAX];
	struct strbuf text;
	const char *string = NULL;

	if (row->type == CONFIG_TYPE_STRING) {
		memcpy(&string, (const unsigned char *)section + row->offset, sizeof(string));
		/* Settings are printed into files that others read, and a digest of them into metrics. */
		quoted_print(out, row->is_secret && string[0] != '\0' ? "(not shown)" : string);
		return;
	}
	strbuf_init(&text, memory, sizeof(memory));
	config_scalar_format(row, section, &text);
	/* Addresses have colons, and "::" would be read as a mapping. */
	if (strchr(text.text, ':') != NULL)
		quoted_print(out, text.text);
	else
		(void)fputs(text.text, out);
}

/* What an item of a list may say, one line a setting: `tls.verify: ...` */
static void
item_comment_print(FILE *out, int indent, const char *prefix, const struct config_item *rows)
{
	for (const struct config_item *row = rows; row->type != CONFIG_TYPE_END; row++) {
		char memory[TEXT_MAX_BYTES];
		struct strbuf text;

		strbuf_init(&text, memory, sizeof(memory));
		if (row->type == CONFIG_TYPE_SECTION) {
			strbuf_printf(&text, "%s%s.", prefix, row->name);
			item_comment_print(out, indent, text.text, row->rows);
			continue;
		}
		strbuf_printf(&text, "%s%s: %s ", prefix, row->name, row->help);
		bounds_append(row, &text);
		comment_print(out, indent, text.text);
	}
}

static void
setting_comment_print(FILE *out, int indent, const struct config_item *row, bool at_start)
{
	char memory[TEXT_MAX_BYTES];
	struct strbuf text;

	comment_print(out, indent, row->help);
	if (row->type == CONFIG_TYPE_SECTION)
		return;
	strbuf_init(&text, memory, sizeof(memory));
	bounds_append(row, &text);
	if (at_start)
		strbuf_text(&text, " Needs a restart.");
	comment_print(out, indent, text.text);
	if (row->type == CONFIG_TYPE_LIST && !config_list_is_plain(row))
		item_comment_print(out, indent, "", row->rows);
}

/* How rows are printed, inherited from the section that they stand in. */
struct style {
	bool commented; /* each setting after its explanation; items of lists are not */
	bool at_start;  /* the whole section needs a restart */
};

static void rows_print(FILE *out, int indent, const struct config_item *rows, const void *section,
	struct style style);

static void
item_print(FILE *out, int indent, const struct config_item *list, const void *item)
{
	(void)fprintf(out, "%*s-", indent, "");
	if (config_list_is_plain(list)) {
		(void)fputc(' ', out);
		value_print(out, list->rows, item); /* an item is never none */
		(void)fputc('\n', out);
		return;
	}
	(void)fputc('\n', out); /* a mapping may begin on the line after its dash */
	rows_print(out, indent + INDENT, list->rows, item, (struct style){ .commented = false });
}

static void
list_print(FILE *out, int indent, const struct config_item *row, const void *section)
{
	struct config_list list;

	memcpy(&list, (const unsigned char *)section + row->offset, sizeof(list));
	if (list.count == 0) {
		(void)fputs(" []\n", out);
		return;
	}
	(void)fputc('\n', out);
	for (size_t i = 0; i < list.count; i++)
		item_print(
			out, indent, row, (const unsigned char *)list.items + i * row->item_size);
}

static void
rows_print(FILE *out, int indent, const struct config_item *rows, const void *section,
	struct style style)
{
	for (const struct config_item *row = rows; row->type != CONFIG_TYPE_END; row++) {
		struct style inner = style;

		inner.at_start |= row->at_start;
		if (row->type == CONFIG_TYPE_SECTION && !has_rows(row))
			continue;
		if (style.commented && row != rows)
			(void)fputc('\n', out);
		if (style.commented)
			setting_comment_print(out, indent, row, inner.at_start);
		(void)fprintf(out, "%*s%s:", indent, "", row->name);
		if (row->type == CONFIG_TYPE_SECTION) {
			(void)fputc('\n', out);
			rows_print(out, indent + INDENT, row->rows,
				(const unsigned char *)section + row->offset, inner);
		} else if (row->type == CONFIG_TYPE_LIST) {
			list_print(out, indent + INDENT, row, section);
		} else {
			(void)fputc(' ', out);
			if (config_scalar_is_none(row, section))
				(void)fputs("null", out);
			else
				value_print(out, row, section);
			(void)fputc('\n', out);
		}
	}
}

int
config_print_yaml(FILE *out, const struct config_item *rows, const void *section)
{
	rows_print(out, 0, rows, section, (struct style){ .commented = true });
	return ferror(out) ? -EIO : 0;
}

/* A bar would end the cell. */
static void
cell_print(FILE *out, const char *text)
{
	(void)fputs(" ", out);
	for (; *text != '\0'; text++) {
		if (*text == '|')
			(void)fputc('\\', out);
		(void)fputc(*text, out);
	}
	(void)fputs(" |", out);
}

static void
table_row_print(FILE *out, const char *prefix, const struct config_item *row, bool at_start)
{
	char memory[TEXT_MAX_BYTES];
	struct strbuf text;

	strbuf_init(&text, memory, sizeof(memory));
	strbuf_printf(&text, "`%s%s`", prefix, row->name);
	(void)fputc('|', out);
	cell_print(out, text.text);
	strbuf_reset(&text);
	config_scalar_expect(row, &text);
	if (row->type == CONFIG_TYPE_LIST && config_list_is_plain(row)) {
		strbuf_text(&text, ", each ");
		config_scalar_expect(row->rows, &text);
	}
	cell_print(out, text.text);
	strbuf_reset(&text);
	if (row->type == CONFIG_TYPE_LIST) {
		strbuf_text(&text, "empty");
	} else {
		strbuf_char(&text, '`');
		default_append(row, &text);
		strbuf_char(&text, '`');
	}
	cell_print(out, text.text);
	cell_print(out, at_start ? "restart" : "reload");
	cell_print(out, row->help);
	(void)fputc('\n', out);
}

/* The settings of one section, and those of the items of its lists, in one table. */
static void
table_print(FILE *out, const char *prefix, const struct config_item *rows, bool at_start)
{
	for (const struct config_item *row = rows; row->type != CONFIG_TYPE_END; row++) {
		char memory[TEXT_MAX_BYTES];
		struct strbuf below;
		bool in_item = prefix[0] != '\0';
		bool waits = at_start || row->at_start;

		if (row->type != CONFIG_TYPE_SECTION)
			table_row_print(out, prefix, row, waits);
		else if (!in_item) /* it has a table of its own */
			continue;
		if (row->rows == NULL ||
			(row->type == CONFIG_TYPE_LIST && config_list_is_plain(row)))
			continue;
		strbuf_init(&below, memory, sizeof(memory));
		strbuf_printf(&below, "%s%s%s.", prefix, row->name,
			row->type == CONFIG_TYPE_LIST ? "[]" : "");
		table_print(out, below.text, row->rows, waits);
	}
}

static bool
has_settings(const struct config_item *rows)
{
	for (const struct config_item *row = rows; row->type != CONFIG_TYPE_END; row++)
		if (row->type != CONFIG_TYPE_SECTION)
			return true;
	return false;
}

static void
sections_print(FILE *out, unsigned level, const char *prefix, const struct config_item *rows,
	bool at_start)
{
	if (has_settings(rows)) {
		(void)fputs("\n| Setting | Takes | Default | Changed by | Meaning |\n"
			    "|---|---|---|---|---|\n",
			out);
		table_print(out, "", rows, at_start);
	}
	for (const struct config_item *row = rows; row->type != CONFIG_TYPE_END; row++) {
		char memory[TEXT_MAX_BYTES];
		struct strbuf path;

		if (row->type != CONFIG_TYPE_SECTION || !has_rows(row))
			continue;
		strbuf_init(&path, memory, sizeof(memory));
		strbuf_printf(&path, "%s%s", prefix, row->name);
		(void)fprintf(out, "\n%.*s %s\n\n%s\n", (int)level, "######", path.text, row->help);
		strbuf_char(&path, '.');
		sections_print(out, level < HEADING_MAX ? level + 1 : level, path.text, row->rows,
			at_start || row->at_start);
	}
}

int
config_print_markdown(FILE *out, const struct config_item *rows)
{
	sections_print(out, 2, "", rows, false);
	return ferror(out) ? -EIO : 0;
}
