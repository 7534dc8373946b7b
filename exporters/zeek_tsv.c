#include "exporters/zeek_tsv.h"

#include "daemon/base/time_text.h"

#include <string.h>

void
zeek_tsv_header(struct strbuf *out, const char *path, const char *fields, const char *types)
{
	strbuf_text(out, "#separator \\x09\n"
			 "#set_separator\t,\n"
			 "#empty_field\t(empty)\n"
			 "#unset_field\t-\n"
			 "#path\t");
	strbuf_text(out, path);
	strbuf_text(out, "\n#fields");
	strbuf_text(out, fields);
	strbuf_text(out, "\n#types");
	strbuf_text(out, types);
	strbuf_char(out, '\n');
}

void
zeek_tsv_see(struct zeek_tsv_state *s, const struct record *r)
{
	if (r->ts_ns > s->last_ns)
		s->last_ns = r->ts_ns;
}

void
zeek_tsv_footer(void *state, const struct run_info *run, struct strbuf *out)
{
	const struct zeek_tsv_state *s = state;
	char text[48];
	struct strbuf time;

	(void)run;
	strbuf_init(&time, text, sizeof(text));
	time_text_iso(&time, s->last_ns, "");
	text[10] = text[13] = text[16] = '-';
	strbuf_text(out, "#close\t");
	strbuf_bytes(out, text, sizeof("2026-11-24-02-00-00") - 1);
	strbuf_char(out, '\n');
}

void
zeek_tsv_time(struct strbuf *out, uint64_t ns)
{
	time_text_epoch(out, ns);
	strbuf_char(out, '\t');
}

/* Also what would end the field, or be taken for "unset", is written as Zeek escapes it. */
static void
put_escaped(struct strbuf *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	const char text[] = { '\\', 'x', hex[c >> 4], hex[c & 15] };

	strbuf_bytes(out, text, sizeof(text));
}

/* Parsers write a NUL as the four characters by which Zeek escapes it. */
static bool
is_nul(const char *text)
{
	return strncmp(text, "\\x00", 4) == 0;
}

/* `separator` is escaped as well; 0 if there is none. */
static void
put_text(struct strbuf *out, const char *text, char separator)
{
	if (text[0] == '-' && text[1] == '\0') {
		put_escaped(out, '-');
		return;
	}
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '\\')
			strbuf_text(out, is_nul(text) ? "\\" : "\\\\");
		else if (c < 0x20 || c >= 0x7f || *text == separator)
			put_escaped(out, c);
		else
			strbuf_char(out, *text);
	}
}

void
zeek_tsv_text(struct strbuf *out, const char *text)
{
	if (text[0] == '\0')
		strbuf_char(out, '-');
	else
		put_text(out, text, 0);
	strbuf_char(out, '\t');
}

void
zeek_tsv_string(struct strbuf *out, const char *text)
{
	if (text[0] == '\0')
		strbuf_text(out, "(empty)");
	else
		put_text(out, text, 0);
}

void
zeek_tsv_item(struct strbuf *out, const char *text)
{
	if (text[0] == '\0')
		strbuf_text(out, "(empty)");
	else
		put_text(out, text, ',');
}

void
zeek_tsv_count(struct strbuf *out, uint64_t value)
{
	strbuf_u64(out, value);
	strbuf_char(out, '\t');
}

void
zeek_tsv_end(struct strbuf *out, const struct addr *a, uint16_t port)
{
	char text[ADDR_TEXT_MAX];

	strbuf_text(out, addr_format(a, text));
	strbuf_char(out, '\t');
	zeek_tsv_count(out, port);
}
