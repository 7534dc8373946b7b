#include "ctl/mute_rule.h"

#include "daemon/base/addr.h"
#include "daemon/base/time_text.h"

#include <string.h>

enum { NOTE_MAX = 512, KIND_MAX = 64 };

static bool
is_kind(const char *text)
{
	size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	return length > 0 && length <= KIND_MAX && text[length] == '\0';
}

static bool
is_note(const char *text)
{
	for (const char *at = text; *at != '\0'; at++)
		if ((unsigned char)*at < ' ' || *at == '\x7f')
			return false;
	return strlen(text) <= NOTE_MAX;
}

bool
mute_rule_is_clean(const struct mute_rule *r, const char **ret_why)
{
	struct addr a;

	*ret_why = NULL;
	if (r->source == NULL && r->destination == NULL)
		*ret_why = "a rule about everybody is for a person to write";
	else if ((r->source != NULL && !addr_parse(r->source, &a)) ||
		 (r->destination != NULL && !addr_parse(r->destination, &a)))
		*ret_why = "it is about what is no address";
	else if (r->kind != NULL && !is_kind(r->kind))
		*ret_why = "its kind is no name of a kind";
	else if (r->note != NULL && !is_note(r->note))
		*ret_why = "the note is to have 512 bytes at most, and no control characters";
	return *ret_why == NULL;
}

static void
indented(struct strbuf *out, size_t indent, const char *text)
{
	for (size_t i = 0; i < indent; i++)
		strbuf_char(out, ' ');
	strbuf_text(out, text);
}

/* "2026-12-31T10:00:00Z" */
static void
print_time(struct strbuf *out, uint64_t ns)
{
	char memory[64];
	struct strbuf b;

	strbuf_init(&b, memory, sizeof(memory));
	time_text_iso(&b, ns, "");
	strbuf_bytes(out, memory, strlen("2026-12-31T10:00:00"));
	strbuf_char(out, 'Z');
}

static void
print_quoted(struct strbuf *out, const char *text)
{
	strbuf_char(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			strbuf_char(out, '\\');
		strbuf_char(out, *text);
	}
	strbuf_char(out, '"');
}

/* An address of IPv6 has colons: all stand in quotes. */
static void
print_member(struct strbuf *out, const char *name, const char *value, bool *more)
{
	if (value == NULL)
		return;
	strbuf_text(out, *more ? ", " : "");
	strbuf_text(out, name);
	strbuf_text(out, ": ");
	print_quoted(out, value);
	*more = true;
}

void
mute_rule_print(const struct mute_rule *r, size_t indent, struct strbuf *out)
{
	bool more = false;

	indented(out, indent, "- name: ");
	print_quoted(out, r->name);
	strbuf_char(out, '\n');
	if (r->note != NULL) {
		indented(out, indent + 2, "comment: ");
		print_quoted(out, r->note);
		strbuf_char(out, '\n');
	}
	indented(out, indent + 2, "until: \"");
	print_time(out, r->until_ns);
	strbuf_text(out, "\"\n");
	indented(out, indent + 2, "effect: no-evidence\n");
	indented(out, indent + 2, "match: {");
	print_member(out, "src", r->source, &more);
	print_member(out, "dst", r->destination, &more);
	print_member(out, "detector", r->kind, &more);
	strbuf_text(out, "}\n");
}

/* ---- its place ---- */

/* A line of the settings. */
struct line {
	const char *at;
	size_t length, indent; /* without its line feed */
};

/* returns false at the end */
static bool
line_next(const char **at, struct line *ret)
{
	if (**at == '\0')
		return false;
	ret->at = *at;
	ret->length = strcspn(*at, "\n");
	ret->indent = 0;
	while (ret->indent < ret->length && ret->at[ret->indent] == ' ')
		ret->indent++;
	*at += ret->length;
	*at += **at == '\n' ? 1 : 0;
	return true;
}

static bool
line_is_blank(const struct line *l)
{
	return l->indent == l->length || l->at[l->indent] == '#' || l->at[l->indent] == '\r';
}

/*
 * Is it the key? *ret_value is what follows on the line: empty, a comment, or something.
 */
static bool
line_is_key(const struct line *l, const char *key, const char **ret_value, size_t *ret_length)
{
	size_t length = strlen(key);
	const char *text = l->at + l->indent;
	size_t rest = l->length - l->indent;

	if (rest <= length || strncmp(text, key, length) != 0 || text[length] != ':')
		return false;
	text += length + 1;
	rest -= length + 1;
	while (rest > 0 && (*text == ' ' || *text == '\t')) {
		text++;
		rest--;
	}
	while (rest > 0 && (text[rest - 1] == ' ' || text[rest - 1] == '\r'))
		rest--;
	if (rest > 0 && *text == '#')
		rest = 0;
	*ret_value = text;
	*ret_length = rest;
	return true;
}

static const char elsewhere[] = "the rules there are written in one line: add it by hand";

/* The rules are a list below their key, whose line is `rules`: its first item shows how far it is indented. */
static size_t
item_indent(const char *after, const struct line *rules, const char **ret_before)
{
	const char *at = after;
	struct line l;

	*ret_before = after;
	while (line_next(&at, &l)) {
		if (line_is_blank(&l))
			continue;
		if (l.indent >= rules->indent && l.at[l.indent] == '-') {
			*ret_before = l.at;
			return l.indent;
		}
		break;
	}
	return rules->indent + 2;
}

static void
put_all(const struct mute_rule *r, const char *settings, const char *until, size_t indent,
	const char *from, struct strbuf *out)
{
	strbuf_bytes(out, settings, (size_t)(until - settings));
	if (until > settings && until[-1] != '\n')
		strbuf_char(out, '\n');
	mute_rule_print(r, indent, out);
	strbuf_text(out, from);
}

/* Within "whitelist:", whose children begin at `after`. */
static bool
insert_below(const struct mute_rule *r, const char *settings, const char *after, struct strbuf *out,
	const char **ret_why)
{
	const char *at = after;
	const char *value = NULL;
	const char *before = NULL;
	size_t length = 0;
	size_t child = 0;
	struct line l;

	while (line_next(&at, &l)) {
		if (line_is_blank(&l))
			continue;
		if (l.indent == 0)
			break;
		child = child == 0 ? l.indent : child;
		if (l.indent != child || !line_is_key(&l, "rules", &value, &length))
			continue;
		if (length == 0) {
			size_t indent = item_indent(at, &l, &before);

			put_all(r, settings, before, indent, before, out);
			return true;
		}
		if (length == 2 && strncmp(value, "[]", 2) == 0) {
			strbuf_bytes(out, settings, (size_t)(value - settings));
			strbuf_char(out, '\n');
			mute_rule_print(r, l.indent + 2, out);
			strbuf_text(out, at);
			return true;
		}
		*ret_why = elsewhere;
		return false;
	}
	child = child == 0 ? 2 : child;
	strbuf_bytes(out, settings, (size_t)(after - settings));
	if (after[-1] != '\n')
		strbuf_char(out, '\n');
	indented(out, child, "rules:\n");
	mute_rule_print(r, child + 2, out);
	strbuf_text(out, after);
	return true;
}

bool
mute_rule_insert(
	const struct mute_rule *r, const char *settings, struct strbuf *out, const char **ret_why)
{
	const char *at = settings;
	const char *value = NULL;
	size_t length = 0;
	struct line l;

	*ret_why = NULL;
	while (line_next(&at, &l)) {
		if (l.indent > 0 || !line_is_key(&l, "whitelist", &value, &length))
			continue;
		if (length == 0)
			return insert_below(r, settings, at, out, ret_why);
		*ret_why = elsewhere;
		return false;
	}
	strbuf_text(out, settings);
	if (out->length > 0 && out->text[out->length - 1] != '\n')
		strbuf_char(out, '\n');
	strbuf_text(out, out->length > 0 ? "\nwhitelist:\n  rules:\n" : "whitelist:\n  rules:\n");
	mute_rule_print(r, 4, out);
	return true;
}
