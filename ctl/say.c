#include "ctl/say.h"

#include "ctl/cell.h"

#include <langinfo.h>
#include <stdarg.h>
#include <string.h>

bool
say_utf8(void)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

void
say(const char *fmt, ...)
{
	char text[SAY_MAX];
	char memory[SAY_MAX * 4];
	struct strbuf clean;
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	strbuf_init(&clean, memory, sizeof(memory));
	cell_append(&clean, text, SAY_MAX - 8, say_utf8());
	(void)fprintf(stderr, "naiadctl: %s\n", memory);
}

void
say_json(const json_t *data, FILE *out)
{
	(void)json_dumpf(data, out,
		JSON_INDENT(2) | JSON_ENSURE_ASCII | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	(void)fputc('\n', out);
}
