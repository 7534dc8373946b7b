/*
 * feed.h -- read a list of indicators, whatever its format, in slices of any size.
 *
 * What format it is, the content tells: lines of text, columns with and without a header, a hosts file, Zeek's
 * intelligence framework, JSON by lines or as an array. The list is somebody else's: it may be damaged, or made to
 * harm. What makes no sense as a whole is refused (enum feed_refusal), with the line where it showed.
 *
 * Read twice, once to count and once to fill (intel_build.h): both times the same is taken.
 */
#pragma once

#include "daemon/intel/intel_build.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why a whole list is not taken. */
enum feed_refusal {
	FEED_ACCEPTED,
	FEED_BINARY,        /* NUL, or more than one control character in twenty */
	FEED_LINE_TOO_LONG, /* more than FEED_LINE_MAX bytes, or an object of more than FEED_OBJECT_MAX */
	FEED_UNREADABLE, /* more than one line in a hundred, and more than ten, or broken JSON */
	FEED_TOO_BROAD,  /* a network wider than anybody's */
	FEED_OURS,       /* it names our own network, gateway or resolver */
	FEED_EMPTY,      /* no indicator at all */
	FEED_SHRUNK,     /* less than half of what it was: cut off */
	FEED_TOO_LARGE,  /* the file, or all of them for our memory */
	FEED_CHANGED,    /* between the first pass and the second */
	FEED_UNOPENED,   /* it is not there, or not ours to read */
	FEED_REFUSAL_COUNT,
};

enum { FEED_LINE_MAX = 4096, FEED_OBJECT_MAX = 16384, FEED_COLUMNS_MAX = 64 };

/* What is known of a list beforehand. */
struct feed_plan {
	enum list_category category;
	enum threat level; /* where it gives none, or one that is none */
	uint64_t now_ns; /* packet time, for entries with a date; 0: not known, and all are taken */
	/*
	 * Take an indicator; views are valid during the call.
	 *
	 * returns  FEED_ACCEPTED to go on, or why the list is refused
	 */
	enum feed_refusal (*take)(void *user, const struct intel_indicator *what);
	void *user;
};

struct feed_stats {
	uint64_t lines;            /* or objects of JSON */
	uint64_t indicators;       /* taken */
	uint64_t unreadable;       /* lines without any */
	uint64_t unsupported;      /* lines with one that we cannot look up */
	uint64_t old;              /* entries past their time */
	uint64_t first_unreadable; /* its line; 0: none */
};

struct feed;

/* Begin a list. returns NULL when memory is out */
struct feed *feed_new(const struct feed_plan *plan);
void feed_free(struct feed *f); /* or NULL */

/* Go on with the next bytes. returns FEED_ACCEPTED, or why it is refused, in this call or before */
enum feed_refusal feed_read(struct feed *f, const char *bytes, size_t length);

/* There are no more. returns as feed_read() */
enum feed_refusal feed_end(struct feed *f);

struct feed_stats feed_stats(const struct feed *f);

/* The line that is being read, or at which the list was refused. */
uint64_t feed_line(const struct feed *f);

/* "binary", "line-too-long" ...: for a counter */
const char *feed_refusal_word(enum feed_refusal r);
/* "it holds bytes that no text has" ...: for a person */
const char *feed_refusal_text(enum feed_refusal r);
