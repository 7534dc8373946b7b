#include "exporters/line_outlet.h"

#include "daemon/base/time_text.h"

int
line_outlet_open(struct outlet *o, const char *path, const char *header)
{
	struct line_outlet *out = o->state;

	out->header = header;
	return line_file_open(&out->file, o->run, path, header);
}

static bool
is_urgent(const struct record *r)
{
	return r->kind == RECORD_EVIDENCE || r->kind == RECORD_ALERT;
}

void
line_outlet_write(struct outlet *o, const struct record *r, const char *line, size_t length)
{
	struct line_outlet *out = o->state;

	if (line_file_write(&out->file, line, length))
		outlet_left(o, 1);
	else
		o->dropped[length >= LINE_FILE_BUFFER ? OUTLET_DROP_TOO_LONG : OUTLET_DROP_FULL]++;
	if (o->run->live && (is_urgent(r) || r->ts_ns >= out->flushed_ns + NS_PER_S)) {
		line_file_flush(&out->file);
		out->flushed_ns = r->ts_ns;
	}
}

void
line_outlet_reopen(struct outlet *o)
{
	struct line_outlet *out = o->state;

	line_file_reopen(&out->file, out->header);
}

int
line_outlet_close(struct outlet *o, const char *footer)
{
	struct line_outlet *out = o->state;

	return line_file_close(&out->file, footer);
}
