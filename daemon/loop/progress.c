#include "daemon/loop/progress.h"

#include "daemon/base/time_text.h"
#include "daemon/loop/now.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { BAR_WIDTH = 20, LINE_MAX_BYTES = 256, COLUMNS_UNKNOWN = 80 };
enum { REDRAW_NS = 250 * NS_PER_MS };

/* "1.9 M": three digits at most before the point, so that the line does not dance. */
static void
append_scaled(struct strbuf *b, double value)
{
	static const char *const prefixes[] = { "", "k", "M", "G", "T", "P" };
	size_t i = 0;

	/* 999.95 would round to 1000.0 */
	for (; value >= 999.95 && i < sizeof(prefixes) / sizeof(prefixes[0]) - 1; i++)
		value /= 1000;
	strbuf_printf(b, "%.*f %s", i == 0 ? 0 : 1, value, prefixes[i]);
}

static void
append_clock(struct strbuf *b, double seconds)
{
	const double most = 99 * 3600 + 59 * 60 + 59;
	unsigned s = (unsigned)(seconds < most ? seconds : most);

	strbuf_printf(b, "%02u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
}

static void
append_bar(struct strbuf *b, double part)
{
	/* Rounded down: 100 % is said when everything was read and not before. */
	unsigned filled = (unsigned)(part * BAR_WIDTH);

	strbuf_char(b, '[');
	for (unsigned i = 0; i < BAR_WIDTH; i++)
		strbuf_char(b, i < filled ? '#' : '-');
	strbuf_printf(b, "] %3u %%", (unsigned)(part * 100));
}

void
progress_format(struct strbuf *b, const struct progress_read *read,
	const struct progress_counts *counts, uint64_t elapsed_ns)
{
	double seconds = (double)elapsed_ns / (double)NS_PER_S;
	bool is_known = read->bytes_total > 0;
	double part = is_known ? (double)read->bytes_read / (double)read->bytes_total : 0;

	if (part > 1) /* the file grows while it is read */
		part = 1;
	strbuf_text(b, "  ");
	if (is_known) {
		append_bar(b, part);
	} else {
		append_scaled(b, (double)read->bytes_read);
		strbuf_text(b, "B read");
	}
	strbuf_text(b, "  ");
	append_scaled(b, seconds > 0 ? (double)read->count / seconds : 0);
	strbuf_printf(b, "%s/s  ", read->unit);
	if (!is_known) {
		append_clock(b, seconds);
	} else if (read->bytes_read > 0) {
		strbuf_text(b, "eta ");
		append_clock(b, seconds * (1 - part) / part + 0.5);
	} else {
		strbuf_text(b, "eta --:--:--");
	}
	strbuf_printf(b, "   hosts %llu  evidence %llu  alerts %llu",
		(unsigned long long)counts->hosts, (unsigned long long)counts->evidence,
		(unsigned long long)counts->alerts);
}

/* A line that wraps cannot be drawn over. */
static size_t
columns(void)
{
	struct winsize size = { 0 };

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return COLUMNS_UNKNOWN;
	return size.ws_col;
}

void
progress_start(struct progress *p, bool wanted)
{
	*p = (struct progress){ .is_on = wanted && isatty(STDERR_FILENO) == 1 };
	if (p->is_on)
		p->start_ns = p->drawn_ns = now_monotonic_ns();
}

bool
progress_is_due(struct progress *p)
{
	return p->is_on && now_monotonic_ns() - p->drawn_ns >= REDRAW_NS;
}

void
progress_draw(
	struct progress *p, const struct progress_read *read, const struct progress_counts *counts)
{
	char line[LINE_MAX_BYTES];
	struct strbuf b;

	if (!p->is_on)
		return;
	p->drawn_ns = now_monotonic_ns();
	strbuf_init(&b, line, sizeof(line));
	progress_format(&b, read, counts, p->drawn_ns - p->start_ns);
	size_t most = columns() - 1;
	(void)fprintf(stderr, "\r%.*s\033[K", (int)(b.length < most ? b.length : most), line);
	(void)fflush(stderr);
	p->is_drawn = true;
}

void
progress_wipe(struct progress *p)
{
	if (!p->is_drawn)
		return;
	(void)fputs("\r\033[K", stderr);
	(void)fflush(stderr);
	p->is_drawn = false;
}
