/* case_lists.c -- hosts, cards, conversations and what a host did, as lists. */
#include "ctl/case_parts.h"

#include "ctl/case_filter.h"
#include "ctl/report/report.h"
#include "ctl/report/report_parts.h"
#include "ctl/say.h"

#include "daemon/base/addr.h"

#include <string.h>

enum exit_code
case_profiles_run(struct case_look *l)
{
	const struct source_profile *rows = NULL;
	struct case_filter f;

	case_filter_read(l->a, 0, &f);
	size_t count = source_profiles(l->source, &l->memory, &rows);
	struct source_profile *some = arena_alloc(&l->memory, (count + 1) * sizeof(*some));
	size_t kept = 0;
	for (size_t i = 0; some != NULL && i < count; i++)
		if (case_filter_host(&f, rows[i].host))
			some[kept++] = rows[i];
	const struct source_profile *sorted = report_profiles_sort(some, kept, &l->memory);
	if (sorted == NULL)
		return case_refuse("no memory left for so many hosts");
	size_t told = kept < f.limit ? kept : (size_t)f.limit;
	enum exit_code code = case_tell(l, &case_profiles, sorted, told, "hosts");
	case_left_out(l, kept - told, "come after");
	return code;
}

enum exit_code
case_devices_run(struct case_look *l)
{
	const struct source_device *rows = NULL;
	size_t count = source_devices(l->source, &l->memory, &rows);
	size_t kept = count < l->a->limit ? count : (size_t)l->a->limit;
	enum exit_code code = case_tell(l, &case_devices, rows, kept, "devices");

	case_left_out(l, count - kept, "come after");
	return code;
}

/* The profile that --host names. What is wrong is said. */
static enum exit_code
host_of(struct case_look *l, const struct source_profile **ret)
{
	const char *host = l->a->values[COMMAND_OPTION_HOST];
	const struct source_profile *rows = NULL;
	struct addr want;
	struct addr have;

	if (host == NULL || !addr_parse(host, &want)) {
		say("%s needs --host ADDRESS%s%s%s", l->a->command,
			strcmp(l->a->command, "flows") == 0 ? ", or uids" : "",
			host == NULL ? "" : ": of one host, not ", host == NULL ? "" : host);
		return EXIT_USAGE;
	}
	size_t count = source_profiles(l->source, &l->memory, &rows);
	for (size_t i = 0; i < count; i++)
		if (addr_parse(rows[i].host, &have) && addr_equal(&want, &have)) {
			*ret = &rows[i];
			return EXIT_OK;
		}
	if (source_trouble(l->source)[0] != '\0')
		say("%s", source_trouble(l->source));
	else
		say("%s has no profile there: naiadctl -d %s profiles lists those that have", host,
			l->a->dir);
	return EXIT_REFUSED;
}

/* Rows of one window: `most` of them at most. returns how many lie at *ret */
typedef size_t ask_window(struct case_look *l, const struct source_window_id *w, size_t most,
	const void **ret, uint64_t *ret_left_out);

static size_t
ask_flows(struct case_look *l, const struct source_window_id *w, size_t most, const void **ret,
	uint64_t *ret_left_out)
{
	const struct source_flow *rows = NULL;
	size_t count = source_flows(l->source, w, NULL, 0, most + 1, &l->memory, &rows);

	*ret = rows;
	if (count <= most)
		return count;
	*ret_left_out += 1; /* one at least: nobody counts them */
	return most;
}

static size_t
ask_entries(struct case_look *l, const struct source_window_id *w, size_t most, const void **ret,
	uint64_t *ret_left_out)
{
	const struct source_entry *rows = NULL;
	size_t total = source_entry_count(l->source, w);
	size_t count = most == 0 ? 0 : source_entries(l->source, w, 0, most, &l->memory, &rows);

	*ret = rows;
	*ret_left_out += total > count ? total - count : 0;
	return count;
}

/*
 * Window after window, as far as the limit. A question without an answer ends it, since a list that lacks a window in
 * the middle says what was not.
 */
static enum exit_code
windows_ask(struct case_look *l, const struct source_profile *p, ask_window *ask,
	struct report_list *all, uint64_t *ret_left_out)
{
	bool one = l->a->values[COMMAND_OPTION_WINDOW] != NULL;

	for (size_t i = 0; i < p->window_count; i++) {
		const struct source_window_id *w = &p->windows[i].id;
		const void *rows = NULL;

		if (one && w->number != l->a->window)
			continue;
		size_t count = ask(l, w, (size_t)l->a->limit - all->count, &rows, ret_left_out);
		if (source_trouble(l->source)[0] != '\0')
			return case_refuse(source_trouble(l->source));
		for (size_t k = 0; k < count; k++) {
			void *row = report_list_add(all);

			if (row == NULL)
				return case_refuse("no memory left for so many: ask for one "
						   "--window, or for fewer with --limit");
			memcpy(row, (const char *)rows + k * all->row_size, all->row_size);
		}
	}
	return EXIT_OK;
}

/* Of a run that goes on: both are written when a conversation ends. */
static const char *
ended_only(struct case_look *l, const char *what, const char *what_ended)
{
	struct source_run run;

	return source_can(l->source, SOURCE_HAS_RUN) && source_run(l->source, &l->memory, &run) &&
			       run.live && !run.ended
		       ? what_ended
		       : what;
}

/* Nobody counts how many more there are. */
static enum exit_code
flows_tell(struct case_look *l, const void *rows, size_t count, bool more, const char *what)
{
	enum exit_code code = case_tell(l, &case_flows, rows, count, what);

	if (more && !l->a->json)
		(void)fputs("more come after these; see --limit\n", l->terminal->out);
	return code;
}

static enum exit_code
flows_by_uid(struct case_look *l)
{
	const struct source_window_id nobody = { "", 0 };
	const struct source_flow *rows = NULL;
	size_t most = (size_t)l->a->limit;

	if (l->a->values[COMMAND_OPTION_HOST] != NULL ||
		l->a->values[COMMAND_OPTION_WINDOW] != NULL) {
		say("flows takes uids, or --host and --window: not both");
		return EXIT_USAGE;
	}
	size_t count = source_flows(
		l->source, &nobody, l->a->words, l->a->word_count, most + 1, &l->memory, &rows);
	return flows_tell(
		l, rows, count < most ? count : most, count > most, "conversations of these uids");
}

enum exit_code
case_flows_run(struct case_look *l)
{
	struct report_list all = { .memory = &l->memory, .row_size = sizeof(struct source_flow) };
	const struct source_profile *p = NULL;
	uint64_t left_out = 0;

	if (l->a->word_count > 0)
		return flows_by_uid(l);
	enum exit_code code = host_of(l, &p);
	if (code == EXIT_OK)
		code = windows_ask(l, p, ask_flows, &all, &left_out);
	if (code != EXIT_OK)
		return code;
	return flows_tell(l, all.rows, all.count, left_out > 0,
		ended_only(l, "conversations", "conversations that have ended"));
}

enum exit_code
case_timeline_run(struct case_look *l)
{
	struct report_list all = { .memory = &l->memory, .row_size = sizeof(struct source_entry) };
	const struct source_profile *p = NULL;
	uint64_t left_out = 0;
	enum exit_code code = host_of(l, &p);

	if (code == EXIT_OK)
		code = windows_ask(l, p, ask_entries, &all, &left_out);
	if (code != EXIT_OK)
		return code;
	code = case_tell(l, &case_timeline, all.rows, all.count,
		ended_only(l, "entries", "entries: there is one when a conversation has ended"));
	case_left_out(l, left_out, "come after");
	return code;
}
