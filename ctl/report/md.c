#include "ctl/report/md.h"

#include "daemon/base/strbuf.h"
#include "daemon/base/text_safe.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

/* "://" and "www." are made links of, without any markup. */
static bool
would_link(const char *text, const char *at)
{
	return (at[0] == ':' && at[1] == '/') ||
	       (at[0] == '.' && at >= text + 3 && strncasecmp(at - 3, "www", 3) == 0);
}

void
md_text(FILE *out, const char *text)
{
	char memory[sizeof("...") + (size_t)MD_TEXT_MAX * 4];
	struct strbuf safe;

	strbuf_init(&safe, memory, sizeof(memory));
	text_safe(&safe, text, MD_TEXT_MAX);
	for (const char *at = memory; *at != '\0'; at++) {
		if (strchr("\\`*_{}[]<>()#+!|~&$@", *at) != NULL || would_link(memory, at))
			(void)fputc('\\', out);
		(void)fputc(*at, out);
	}
}

void
md_format(FILE *out, const char *fmt, ...)
{
	char text[MD_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	md_text(out, text);
}

void
md_cell(FILE *out, const char *text)
{
	(void)fputs(" ", out);
	md_text(out, text);
	(void)fputs(" |", out);
}

void
md_row_end(FILE *out)
{
	(void)fputs("\n", out);
}

void
md_left_out(FILE *out, uint64_t shown, uint64_t total, const char *what)
{
	if (total > shown)
		(void)fprintf(out, "\nThe first %llu of %llu %s are shown.\n",
			(unsigned long long)shown, (unsigned long long)total, what);
}
