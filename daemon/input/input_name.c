#include "daemon/input/input_name.h"

#include "daemon/base/ascii.h"
#include "daemon/transactions/transaction.h"

#include <string.h>

/* Beside those that are transactions. */
static const char *const others[] = { "conn", "arp", "tunnel", "weird", "notice", "eve", "nfcapd" };

/* What of a name is left to be read. */
struct rest {
	const char *at;
	size_t length;
};

static bool
drop_end(struct rest *r, const char *end)
{
	size_t n = strlen(end);

	if (r->length < n || memcmp(r->at + r->length - n, end, n) != 0)
		return false;
	r->length -= n;
	return true;
}

static bool
drop_start(struct rest *r, const char *start)
{
	size_t n = strlen(start);

	if (r->length < n || memcmp(r->at, start, n) != 0)
		return false;
	r->at += n;
	r->length -= n;
	return true;
}

/* A known log's name that no letter follows: "smb_files" is no "smb". The rest ends in NUL here. */
static const char *
take_log(struct rest *r)
{
	const struct rest all = *r;

	for (size_t i = 0; i < sizeof(others) / sizeof(*others) + transaction_count; i++) {
		const char *log = i < sizeof(others) / sizeof(*others)
					  ? others[i]
					  : transactions[i - sizeof(others) / sizeof(*others)]->log;
		if (log != NULL && drop_start(r, log) && (r->at[0] == '.' || r->at[0] == '-'))
			return log;
		*r = all;
	}
	return NULL;
}

/* ".1", "-20240419", ".2024-04-19": a date or number of a piece, to its end. */
static bool
is_piece(const struct rest *r)
{
	if (r->length < 2 || (r->at[0] != '.' && r->at[0] != '-'))
		return false;
	for (size_t i = 1; i < r->length; i++)
		if (!ascii_is_digit(r->at[i]) && strchr("-_:.", r->at[i]) == NULL)
			return false;
	return ascii_is_digit(r->at[1]);
}

/* Drop the last ".log" that nothing but a number follows. */
static bool
drop_suffix(struct rest *r, const char *suffix)
{
	for (size_t at = r->length; at-- > 0;) {
		struct rest tail = { r->at + at, r->length - at };
		if (drop_start(&tail, suffix) && (tail.length == 0 || is_piece(&tail))) {
			r->length = at;
			return true;
		}
	}
	return false;
}

bool
input_name_parse(const char *name, struct input_name *ret)
{
	struct rest r = { name, strlen(name) };
	const char *log = take_log(&r);

	if (log == NULL)
		return false;
	struct input_name n = { .log = log };
	bool is_packed = drop_end(&r, ".gz") || drop_end(&r, ".zst");
	n.is_labeled = drop_end(&r, ".labeled");
	n.bare_length = (size_t)(r.at - name) + r.length;
	if (strcmp(log, "nfcapd") == 0) {
		if (!is_piece(&r))
			return false;
	} else {
		const char *suffix = strcmp(log, "eve") == 0 ? ".json" : ".log";
		size_t whole = r.length;
		if (!drop_suffix(&r, suffix) || (r.length > 0 && !is_piece(&r)))
			return false;
		n.is_live = !is_packed && r.length == 0 && whole == strlen(suffix);
	}
	*ret = n;
	return true;
}

bool
input_name_is_day(const char *name)
{
	static const char shape[] = "dddd-dd-dd";

	for (size_t i = 0; i < sizeof(shape); i++)
		if (shape[i] == 'd' ? !ascii_is_digit(name[i]) : name[i] != shape[i])
			return false;
	return true;
}
