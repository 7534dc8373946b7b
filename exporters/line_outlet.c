#include "exporters/line_outlet.h"

#include <errno.h>

int
line_outlet_open(struct outlet *o, const char *path, const char *header,
	const struct line_file_limits *limits)
{
	struct line_outlet *out = o->state;

	return line_file_open(&out->file, o->run, path, header, limits);
}

static bool
is_finding(const struct record *r)
{
	return r->kind == RECORD_EVIDENCE || r->kind == RECORD_ALERT ||
	       r->kind == RECORD_CAPTURE_GAP;
}

static enum outlet_drop
drop_of(int error)
{
	return error == -EMSGSIZE ? OUTLET_DROP_TOO_LONG
	       : error == -ENOSPC ? OUTLET_DROP_RESERVED
				  : OUTLET_DROP_FULL;
}

void
line_outlet_write(struct outlet *o, const struct record *r, const char *line, size_t length)
{
	struct line_outlet *out = o->state;
	int result = line_file_write(&out->file, line, length, is_finding(r));

	if (result < 0) {
		o->dropped[drop_of(result)]++;
		return;
	}
	o->written++;
	if (!o->run->live)
		return;
	if (is_finding(r)) {
		line_file_flush(&out->file);
		line_file_sync(&out->file);
	}
	if (out->file.trouble == 0)
		o->last_success_ns = o->now.wall_ns;
}

void
line_outlet_tick(struct outlet *o)
{
	struct line_outlet *out = o->state;

	line_file_tick(&out->file, o->now.monotonic_ns);
	o->queued_records = line_file_waiting(&out->file);
	o->queued_bytes = out->file.length - out->file.skip;
}

void
line_outlet_show(struct outlet *o)
{
	struct line_outlet *out = o->state;

	line_file_flush(&out->file);
}

void
line_outlet_reopen(struct outlet *o)
{
	struct line_outlet *out = o->state;

	line_file_reopen(&out->file);
}

int
line_outlet_close(struct outlet *o, const char *footer)
{
	struct line_outlet *out = o->state;

	line_file_flush(&out->file);
	uint64_t waiting = line_file_waiting(&out->file);
	o->written -= waiting;
	o->dropped[OUTLET_DROP_FAILED] += waiting;
	return line_file_close(&out->file, footer);
}
