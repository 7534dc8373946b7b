/*
 * log.h -- lines for the person who runs naiad. Used by main, loop/, config and exporters only.
 *
 * One line an event on stderr: "naiad: warning: capture: eth0 is gone, retrying in 5 s". Lower
 * case, no full stop; says what happened and what happens now. The level is the one piece of
 * process-wide state in base/, set once by main.
 */
#pragma once

#include "daemon/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

enum log_level {
	LOG_LEVEL_ERR,
	LOG_LEVEL_WARN,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

/* Levels above `most` are dropped. The default is LOG_LEVEL_INFO. */
void log_level_set(enum log_level most);
enum log_level log_level_get(void);
/* "error", "warning", "info", "debug" */
const char *log_level_name(enum log_level level);
/* returns false when `name` is none of the four */
bool log_level_parse(const char *name, enum log_level *ret_level);

void log_err(const char *area, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* log_warn() appends ": " and strerror(errno); log_warnx() does not. */
void log_warn(const char *area, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_warnx(const char *area, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_info(const char *area, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_debug(const char *area, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * Append a string from outside in double quotes, fit for a log line or a terminal: control bytes
 * (ESC among them), invalid UTF-8, quotes, backslashes, and what moves or breaks the text around it
 * (bidi controls, line separators) as \xHH. What is past `most` bytes is left out: "..." follows the
 * closing quote then, where the string cannot put it.
 */
void log_quote(struct strbuf *b, const char *bytes, size_t length, size_t most);
