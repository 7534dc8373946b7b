/*
 * A name says little: an EVE file may be called flows.json, and Zeek's conn.log may be TSV, JSON, or JSON
 * with the header of TSV before it. So the first line that holds data decides, and lines that begin with
 * '#' before it only where they are Zeek's.
 *
 * Magics: pcap as in capture_pcap.c, pcapng as in capture_pcapng.c; nfdump's nffile.h has 0xA50C in the byte
 * order of who wrote it, in layouts 1 and 2.
 */
#include "daemon/input/input_kind.h"

#include "daemon/base/ascii.h"
#include "daemon/base/cursor.h"

#include <string.h>

/* Zeek's conn.log has 21 columns; one that lost its header has so many still (and an address). */
enum { CONN_TABS = 20 };

const char input_kinds_expected[] =
	"expected a log of Zeek, Suricata (EVE), Argus or nfdump, or a capture; --input-type says which";

static const char *const names[INPUT_KIND_COUNT] = {
	[INPUT_KIND_UNKNOWN] = "unknown",
	[INPUT_KIND_CAPTURE] = "pcap",
	[INPUT_KIND_ZEEK] = "zeek",
	[INPUT_KIND_EVE] = "eve",
	[INPUT_KIND_ARGUS] = "argus",
	[INPUT_KIND_NFDUMP] = "nfdump-csv",
	[INPUT_KIND_NFDUMP_FILE] = "nfdump",
};

const char *
input_kind_name(enum input_kind kind)
{
	return names[kind];
}

static enum input_kind
kind_of_magic(struct cursor first)
{
	struct cursor again = first;
	const uint32_t words[] = { cursor_le32(&first), cursor_be32(&again) };

	for (size_t i = 0; i < 2; i++) {
		if (words[i] == UINT32_C(0xa1b2c3d4) || words[i] == UINT32_C(0xa1b23c4d) ||
			words[i] == UINT32_C(0xa1b2cd34) || words[i] == UINT32_C(0x0a0d0d0a))
			return INPUT_KIND_CAPTURE;
		if ((words[i] & 0xffff) == 0xa50c && i == 0)
			return INPUT_KIND_NFDUMP_FILE;
		if (words[i] >> 16 == 0xa50c && i == 1)
			return INPUT_KIND_NFDUMP_FILE;
	}
	return INPUT_KIND_UNKNOWN;
}

struct line {
	const char *at;
	size_t length;
};

static bool
begins(struct line l, const char *with)
{
	size_t n = strlen(with);

	return l.length >= n && memcmp(l.at, with, n) == 0;
}

/* Where `text` ends in the line; NULL: it does not hold it. */
static const char *
after(struct line l, const char *text)
{
	const char *end = l.at + l.length;
	size_t n = strlen(text);

	for (const char *at = l.at; (size_t)(end - at) >= n; at++) {
		at = memchr(at, text[0], (size_t)(end - at) - n + 1);
		if (at == NULL)
			return NULL;
		if (memcmp(at, text, n) == 0)
			return at + n;
	}
	return NULL;
}

static bool
holds(struct line l, const char *text)
{
	return after(l, text) != NULL;
}

/* Has a JSON object's line this key? */
static bool
has_key(struct line l, const char *key)
{
	const char *end = l.at + l.length;
	const char *at = after(l, key);

	while (at != NULL && at < end && *at == ' ')
		at++;
	return at != NULL && at < end && *at == ':';
}

/* "2023-10-02 12:00:01," is how a line of nfdump's CSV begins that lost its header. */
static bool
begins_with_date(struct line l)
{
	static const char shape[] = "dddd-dd-dd dd:dd:dd";

	if (l.length < sizeof(shape))
		return false;
	for (size_t i = 0; shape[i] != '\0'; i++)
		if (shape[i] == 'd' ? !ascii_is_digit(l.at[i]) : l.at[i] != shape[i])
			return false;
	return true;
}

static bool
is_conn_without_header(struct line l)
{
	size_t tabs = 0;

	for (size_t i = 0; i < l.length; i++)
		tabs += l.at[i] == '\t';
	return tabs >= CONN_TABS && ascii_is_digit(l.at[0]);
}

static enum input_kind
kind_of_line(struct line l)
{
	if (l.at[0] == '{') {
		if (has_key(l, "\"event_type\""))
			return INPUT_KIND_EVE;
		return has_key(l, "\"ts\"") ? INPUT_KIND_ZEEK : INPUT_KIND_UNKNOWN;
	}
	if (holds(l, "StartTime") && (holds(l, ",") || holds(l, "\t")))
		return INPUT_KIND_ARGUS;
	if (begins(l, "ts,te,td,") || begins(l, "firstSeen,") || begins_with_date(l))
		return INPUT_KIND_NFDUMP;
	return is_conn_without_header(l) ? INPUT_KIND_ZEEK : INPUT_KIND_UNKNOWN;
}

/* The next line without blanks around it; empty if there is none. */
static struct line
next_line(struct line *rest)
{
	const char *end = memchr(rest->at, '\n', rest->length);
	struct line l = { rest->at, end == NULL ? rest->length : (size_t)(end - rest->at) };
	size_t used = end == NULL ? rest->length : l.length + 1;

	rest->at += used;
	rest->length -= used;
	while (l.length > 0 && strchr(" \t\r", l.at[l.length - 1]) != NULL &&
		l.at[l.length - 1] != '\0')
		l.length--;
	while (l.length > 0 && (l.at[0] == ' ' || l.at[0] == '\t' || l.at[0] == '\0')) {
		l.at++;
		l.length--;
	}
	return l;
}

enum input_kind
input_kind_of(const void *first, size_t length)
{
	enum input_kind kind = kind_of_magic(cursor_over(first, length));
	struct line rest = { first, length };

	while (kind == INPUT_KIND_UNKNOWN && rest.length > 0) {
		struct line l = next_line(&rest);
		if (begins(l, "#separator") || begins(l, "#fields"))
			return INPUT_KIND_ZEEK;
		if (begins(l, "#firstSeen,"))
			return INPUT_KIND_NFDUMP;
		if (l.length > 0 && l.at[0] != '#')
			return kind_of_line(l);
	}
	return kind;
}
