/*
 * term.c -- curses, and what it does not do: signals (term_signals.c), the clipboard.
 *
 * Colours are those of the original Kalipso, the nearest of 256; of 8 where there are no more; where there are none,
 * bold, underlined and reverse say the same.
 */
#include "viewer/term.h"

#include "viewer/term_signals.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { ESCAPE_MS = 25, RESTORE_MAX = 256, ESCAPE_CODE = 27, DELETE_CODE = 127 };

/* Mouse reports off, whichever curses had chosen. */
#define MOUSE_OFF "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l"

static const struct {
	int of_256, of_8;
	attr_t without; /* colours */
} colours[GRID_COLOURS] = {
	[GRID_PLAIN] = { -1, -1, A_NORMAL },
	[GRID_DIM] = { 244, -1, A_DIM },
	[GRID_TITLE] = { -1, -1, A_BOLD },
	[GRID_BORDER] = { 33, COLOR_BLUE, A_NORMAL },
	[GRID_FOCUS] = { 201, COLOR_MAGENTA, A_BOLD },
	[GRID_KEY] = { 226, COLOR_YELLOW, A_BOLD },
	[GRID_GOOD] = { 40, COLOR_GREEN, A_NORMAL },
	[GRID_WARN] = { 214, COLOR_YELLOW, A_BOLD },
	[GRID_BAD] = { 196, COLOR_RED, A_BOLD | A_UNDERLINE },
	[GRID_SERVICE] = { 69, COLOR_BLUE, A_NORMAL },
	[GRID_ADDRESS] = { 72, COLOR_CYAN, A_NORMAL },
	[GRID_NAME] = { 168, COLOR_MAGENTA, A_NORMAL },
	[GRID_PORT] = { 226, COLOR_YELLOW, A_BOLD },
	[GRID_SIZE] = { 209, COLOR_YELLOW, A_NORMAL },
	[GRID_SAID] = { 168, COLOR_MAGENTA, A_NORMAL },
	[GRID_FLOWS] = { 40, COLOR_GREEN, A_NORMAL },
	[GRID_PACKETS] = { 201, COLOR_MAGENTA, A_NORMAL },
	[GRID_BYTES] = { 51, COLOR_CYAN, A_NORMAL },
	[GRID_HEAD] = { 33, COLOR_BLUE, A_UNDERLINE },
	[GRID_STRONG] = { 196, COLOR_RED, A_BOLD },
	[GRID_WEAK] = { 214, COLOR_YELLOW, A_NORMAL },
	[GRID_NOT] = { 244, -1, A_DIM },
};

static SCREEN *screen;
static char restore[RESTORE_MAX];
static struct termios modes;

/* What a terminal with this TERM needs to be as it was: written by a handler, so made before. */
static void
restore_prepare(void)
{
	static const char *const names[] = { "sgr0", "rmkx", "cnorm", "rmcup" };

	(void)strcpy(restore, MOUSE_OFF);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *code = tigetstr(names[i]);

		if (code != NULL && (intptr_t)code != -1) /* it has none, or it is no text */
			(void)strncat(restore, code, sizeof(restore) - strlen(restore) - 1);
	}
}

static bool
has_colours(void)
{
	const char *no_colour = getenv("NO_COLOR");

	return (no_colour == NULL || no_colour[0] == '\0') && has_colors() && start_color() == OK;
}

static void
colours_prepare(void)
{
	(void)use_default_colors();
	for (int i = 0; i < GRID_COLOURS; i++)
		(void)init_extended_pair(
			i + 1, COLORS >= 256 ? colours[i].of_256 : colours[i].of_8, -1);
}

const char *
term_open(void)
{
	if (isatty(STDIN_FILENO) != 1 || isatty(STDOUT_FILENO) != 1 ||
		tcgetattr(STDIN_FILENO, &modes) < 0)
		return "this is no terminal; --print 24x80 draws one picture without";
	screen = newterm(NULL, stdout, stdin);
	if (screen == NULL)
		return "this terminal is not known here: is TERM right, and its description "
		       "installed?";
	restore_prepare();
	term_signals_begin(restore, &modes);
	(void)cbreak();
	(void)noecho();
	(void)nonl();
	(void)curs_set(0);
	(void)keypad(stdscr, TRUE);
	(void)nodelay(stdscr, TRUE);
	(void)set_escdelay(ESCAPE_MS);
	(void)mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	(void)mouseinterval(0);
	if (has_colours())
		colours_prepare();
	else
		COLORS = 0;
	return NULL;
}

int
term_close(void)
{
	int ended = term_signals_ended();

	(void)endwin();
	delscreen(screen);
	term_signals_end();
	return ended;
}

void
term_size(unsigned *ret_rows, unsigned *ret_columns)
{
	*ret_rows = (unsigned)getmaxy(stdscr);
	*ret_columns = (unsigned)getmaxx(stdscr);
}

static attr_t
attributes(const struct grid_cell *cell)
{
	attr_t a = COLORS > 0 ? A_NORMAL : colours[cell->colour].without;

	if (cell->bold || cell->colour == GRID_PORT)
		a |= A_BOLD;
	return cell->reverse ? a | A_REVERSE : a;
}

void
term_show(const struct grid *g)
{
	wchar_t wide[2] = L"";
	cchar_t character;

	for (unsigned row = 0; row < g->rows; row++)
		for (unsigned column = 0; column < g->columns; column++) {
			const struct grid_cell *cell = &g->cells[row * g->columns + column];
			int pair = COLORS > 0 ? cell->colour + 1 : 0;

			if (cell->text[0] == '\0' || mbstowcs(wide, cell->text, 1) != 1)
				continue;
			(void)setcchar(&character, wide, attributes(cell), 0, &pair);
			(void)mvadd_wch((int)row, (int)column, &character);
		}
	(void)refresh();
}

static const struct {
	int code, key;
} keys[] = {
	{ KEY_ENTER, PRESS_ENTER },
	{ KEY_BTAB, PRESS_BACK_TAB },
	{ KEY_UP, PRESS_UP },
	{ KEY_DOWN, PRESS_DOWN },
	{ KEY_LEFT, PRESS_LEFT },
	{ KEY_RIGHT, PRESS_RIGHT },
	{ KEY_PPAGE, PRESS_PAGE_UP },
	{ KEY_NPAGE, PRESS_PAGE_DOWN },
	{ KEY_HOME, PRESS_HOME },
	{ KEY_END, PRESS_END },
	{ KEY_BACKSPACE, PRESS_BACKSPACE },
};

static bool
mouse_read(struct key_event *ret)
{
	MEVENT mouse;

	if (getmouse(&mouse) != OK || mouse.x < 0 || mouse.y < 0)
		return false;
	ret->row = (unsigned)mouse.y;
	ret->column = (unsigned)mouse.x;
	if ((mouse.bstate & BUTTON4_PRESSED) != 0)
		ret->key = PRESS_WHEEL_UP;
	else if ((mouse.bstate & BUTTON5_PRESSED) != 0)
		ret->key = PRESS_WHEEL_DOWN;
	else
		ret->key = PRESS_CLICK;
	return true;
}

static bool
code_read(int code, struct key_event *ret)
{
	if (code == KEY_MOUSE)
		return mouse_read(ret);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].code == code) {
			ret->key = keys[i].key;
			return true;
		}
	return false;
}

static int
key_of_character(wint_t character)
{
	switch (character) {
	case '\r':
	case '\n':
		return PRESS_ENTER;
	case '\t':
		return PRESS_TAB;
	case '\b':
	case DELETE_CODE:
		return PRESS_BACKSPACE;
	case ESCAPE_CODE:
		return PRESS_ESCAPE;
	default:
		return (int)character;
	}
}

/* returns false when curses has none */
static bool
key_read(struct key_event *ret)
{
	wint_t character = 0;

	for (;;) {
		int r = get_wch(&character);

		*ret = (struct key_event){ .key = 0 };
		if (r == ERR)
			return false;
		if (r == KEY_CODE_YES && !code_read((int)character, ret))
			continue; /* no key of ours */
		if (r != KEY_CODE_YES)
			ret->key = key_of_character(character);
		return true;
	}
}

static void
resize(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
		(void)resizeterm(size.ws_row, size.ws_col);
}

/* As any program does at Ctrl-Z; the window may be another one after it. */
static void
stop(void)
{
	(void)endwin();
	term_signals_stop();
	resize();
	(void)clearok(stdscr, TRUE);
}

enum term_event
term_next(int timeout_ms, struct key_event *ret_key)
{
	for (;;) {
		if (key_read(ret_key))
			return TERM_KEY;
		enum term_wait w = term_signals_wait(STDIN_FILENO, timeout_ms);
		if (w == TERM_GONE || term_signals_ended() != 0)
			return TERM_END;
		if (w == TERM_TIMEOUT)
			return TERM_NOTHING;
		bool stopped = term_signals_stopped();
		if (stopped)
			stop();
		if (term_signals_resized())
			resize();
		else if (!stopped)
			continue;
		*ret_key = (struct key_event){ .key = PRESS_RESIZE };
		return TERM_KEY;
	}
}

/* Six bits a letter; RFC 4648. */
static void
base64(FILE *out, const char *text, size_t length)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < length; i += 3) {
		unsigned bits = (unsigned)(unsigned char)text[i] << 16;

		if (i + 1 < length)
			bits |= (unsigned)(unsigned char)text[i + 1] << 8;
		if (i + 2 < length)
			bits |= (unsigned char)text[i + 2];
		(void)fputc(letters[bits >> 18], out);
		(void)fputc(letters[bits >> 12 & 63], out);
		(void)fputc(i + 1 < length ? letters[bits >> 6 & 63] : '=', out);
		(void)fputc(i + 2 < length ? letters[bits & 63] : '=', out);
	}
}

/* The console of Linux would print it. */
void
term_copy(const char *text)
{
	const char *name = getenv("TERM");

	if (name == NULL || strncmp(name, "linux", strlen("linux")) == 0)
		return;
	(void)fputs("\x1b]52;c;", stdout);
	base64(stdout, text, strlen(text));
	(void)fputc('\a', stdout);
	(void)fflush(stdout);
}
