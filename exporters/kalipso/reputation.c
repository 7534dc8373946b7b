/*
 * reputation.c -- the directory: which files there are, and what all of them say together.
 *
 * When something has changed all files are read anew into a table of its own, which then takes the place of the one
 * before: what a file said that is gone, or a line that is gone, is so forgotten without keeping book of who said what.
 */
#include "exporters/kalipso/reputation.h"

#include "daemon/base/log.h"
#include "daemon/base/table.h"
#include "daemon/base/text_safe.h"
#include "daemon/base/time_text.h"
#include "exporters/kalipso/reputation_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_NS (10 * NS_PER_S)

enum { NAME_ROOM = NAME_MAX + 1, PATH_SHOWN = 300, LINE_ROOM = 1024 };

/* A file as the directory shows it. */
struct file {
	char name[NAME_ROOM];
	uint64_t mark; /* another one when the file is another one, or was written to */
	bool is_told;  /* what is wrong with it was: as long as it stays as it is, once is enough */
};

struct listing {
	struct file files[REPUTATION_FILES_MAX]; /* by name */
	size_t count;
	uint64_t left_out; /* files for which there was no room */
};

struct reputation {
	char *directory;
	uint32_t most;
	struct hash_key key;
	uint64_t looked_ns;
	int error; /* why the directory could not be read when it was looked at last */

	struct listing there; /* what `table` was made of, or `fresh` is being made of */
	struct listing look;  /* what there is now */
	struct table table;
	struct reputation_stats stats;

	bool is_reading;
	size_t next; /* file of `there` to be read */
	struct table fresh;
	struct reputation_stats fresh_stats;
};

/* ---- what is there ---- */

static bool
is_ours(const char *name)
{
	static const char ending[] = ".jsonl";
	size_t length = strlen(name);

	return name[0] != '.' && length >= sizeof(ending) &&
	       strcmp(name + length + 1 - sizeof(ending), ending) == 0;
}

static uint64_t
mark_of(const struct reputation *r, int directory, const char *name)
{
	struct stat st = { 0 };
	uint64_t words[4 + NAME_ROOM / sizeof(uint64_t)] = { 0 };

	if (fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		st = (struct stat){ 0 };
	words[0] = st.st_ino;
	words[1] = (uint64_t)st.st_size;
	words[2] = (uint64_t)st.st_mtim.tv_sec;
	words[3] = (uint64_t)st.st_mtim.tv_nsec;
	(void)strncpy((char *)&words[4], name, NAME_ROOM - 1);
	return hash_words(&r->key, words, sizeof(words) / sizeof(words[0]));
}

static int
by_name(const void *a, const void *b)
{
	const struct file *first = a;
	const struct file *second = b;

	return strcmp(first->name, second->name);
}

/* Where one more file goes; over as many as are read the one whose name comes first makes room. NULL: it is that */
static struct file *
place_of(struct listing *l, const char *name)
{
	struct file *first = l->files;

	if (l->count < REPUTATION_FILES_MAX)
		return &l->files[l->count++];
	l->left_out++;
	for (size_t i = 1; i < l->count; i++)
		if (strcmp(l->files[i].name, first->name) < 0)
			first = &l->files[i];
	return strcmp(name, first->name) < 0 ? NULL : first;
}

/* returns 0 or errno */
static int
list(const struct reputation *r, struct listing *ret)
{
	const struct dirent *entry;
	DIR *directory = opendir(r->directory);

	*ret = (struct listing){ 0 };
	if (directory == NULL)
		return errno;
	while ((entry = readdir(directory)) != NULL) {
		struct file *file = is_ours(entry->d_name) ? place_of(ret, entry->d_name) : NULL;

		if (file == NULL)
			continue;
		(void)snprintf(file->name, sizeof(file->name), "%s", entry->d_name);
		file->mark = mark_of(r, dirfd(directory), file->name);
	}
	(void)closedir(directory);
	qsort(ret->files, ret->count, sizeof(ret->files[0]), by_name);
	return 0;
}

static bool
is_same(const struct listing *a, const struct listing *b)
{
	if (a->count != b->count || a->left_out != b->left_out)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->files[i].mark != b->files[i].mark)
			return false;
	return true;
}

/* ---- what is told ---- */

static void
tell_directory(const struct reputation *r, int error)
{
	char room[PATH_SHOWN];

	if (error == 0)
		log_info("reputation", "%s can be read again",
			text_safe_in(room, sizeof(room), r->directory));
	else
		log_warnx("reputation",
			"cannot read the directory %s: %s; what was read before stays, and it is looked for again: "
			"make it before the start, and let service.user read it",
			text_safe_in(room, sizeof(room), r->directory), strerror(error));
}

static void
tell_file(const struct reputation *r, const struct file *file, const struct reputation_file *is)
{
	char room[LINE_ROOM];
	struct strbuf b;

	strbuf_init(&b, room, sizeof(room));
	text_safe(&b, r->directory, PATH_SHOWN);
	strbuf_char(&b, '/');
	text_safe(&b, file->name, PATH_SHOWN);
	if (is->line > 0)
		strbuf_printf(&b,
			", line %" PRIu64 ": expected %s; %" PRIu64 " of its %" PRIu64
			" lines are passed over",
			is->line, is->expected, is->bad, is->lines);
	else
		strbuf_printf(&b, ": expected %s; it is passed over", is->expected);
	log_warnx("reputation", "%s", b.text);
}

static void
tell_read(const struct reputation *r)
{
	char room[PATH_SHOWN];

	(void)text_safe_in(room, sizeof(room), r->directory);
	log_info("reputation", "%" PRIu64 " addresses of %" PRIu64 " files in %s",
		r->stats.addresses, r->stats.files, room);
	if (r->there.left_out > 0)
		log_warnx("reputation", "%" PRIu64 " files of %s are left out: %d are read",
			r->there.left_out, room, REPUTATION_FILES_MAX);
	if (r->stats.left_out > 0)
		log_warnx("reputation",
			"%" PRIu64 " lines of %s are left out: %" PRIu32 " addresses are kept",
			r->stats.left_out, room, r->most);
}

/* ---- reading ---- */

static void
take(void *context, const struct reputation_scores *scores)
{
	struct reputation *r = context;
	uint64_t hash = table_hash(&r->fresh, &scores->addr);
	struct reputation_scores *kept = table_find(&r->fresh, &scores->addr, hash);

	if (kept == NULL)
		kept = table_add(&r->fresh, &scores->addr, hash);
	if (kept == NULL)
		r->fresh_stats.left_out++;
	else
		*kept = *scores;
}

static bool
was_told(const struct listing *before, uint64_t mark)
{
	for (size_t i = 0; i < before->count; i++)
		if (before->files[i].mark == mark)
			return before->files[i].is_told;
	return false;
}

/* Begin to read what was listed; what was read before stays until it is through. */
static void
begin(struct reputation *r)
{
	if (table_init(&r->fresh, sizeof(struct reputation_scores), sizeof(struct addr), r->most,
		    &r->key) != 0) {
		log_warnx("reputation",
			"no memory to read the directory again: what was read before stays");
		return;
	}
	for (size_t i = 0; i < r->look.count; i++)
		r->look.files[i].is_told = was_told(&r->there, r->look.files[i].mark);
	r->there = r->look;
	r->fresh_stats = (struct reputation_stats){ .files_refused = r->there.left_out };
	r->next = 0;
	r->is_reading = true;
}

static void
read_file(struct reputation *r, struct file *file)
{
	struct reputation_file is;
	int directory = open(r->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	reputation_file_read(directory, file->name, take, r, &is);
	if (directory >= 0)
		(void)close(directory);
	bool is_refused = is.expected != NULL && is.line == 0;
	r->fresh_stats.files += !is_refused;
	r->fresh_stats.files_refused += is_refused;
	r->fresh_stats.lines += is.lines;
	r->fresh_stats.lines_bad += is.bad;
	if (is.expected != NULL && !file->is_told)
		tell_file(r, file, &is);
	file->is_told = is.expected != NULL;
}

/* Read the next file. returns whether that was all, and what they say is in place */
static bool
step(struct reputation *r)
{
	if (r->next < r->there.count)
		read_file(r, &r->there.files[r->next++]);
	if (r->next < r->there.count)
		return false;
	table_done(&r->table);
	r->table = r->fresh;
	r->fresh = (struct table){ 0 };
	r->stats = r->fresh_stats;
	r->stats.addresses = table_count(&r->table);
	r->is_reading = false;
	tell_read(r);
	return true;
}

/* Look what is there, and begin to read if it is not what it was. */
static void
look(struct reputation *r)
{
	int error = list(r, &r->look);

	if (error != r->error)
		tell_directory(r, error);
	r->error = error;
	if (error == 0 && !is_same(&r->look, &r->there))
		begin(r);
}

uint64_t
reputation_bytes(uint32_t most)
{
	return (uint64_t)2 * most * table_bytes_per_item(sizeof(struct reputation_scores));
}

struct reputation *
reputation_new(const char *directory, uint32_t most)
{
	struct reputation *r = directory[0] == '\0' ? NULL : calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	/* whom we see chooses what others are asked about: the order of the table is not to be known */
	if (getrandom(&r->key, sizeof(r->key), 0) < 0)
		log_warn("reputation", "no random key for the table");
	r->most = most;
	r->directory = strdup(directory);
	if (r->directory == NULL) {
		reputation_free(r);
		return NULL;
	}
	look(r);
	while (r->is_reading)
		(void)step(r);
	return r;
}

void
reputation_free(struct reputation *r)
{
	if (r == NULL)
		return;
	table_done(&r->table);
	table_done(&r->fresh);
	free(r->directory);
	free(r);
}

bool
reputation_look(struct reputation *r, uint64_t monotonic_ns)
{
	if (r->is_reading)
		return step(r);
	if (monotonic_ns - r->looked_ns < LOOK_NS)
		return false;
	r->looked_ns = monotonic_ns;
	look(r);
	return r->is_reading && step(r);
}

const struct reputation_scores *
reputation_of(const struct reputation *r, const struct addr *a)
{
	if (r == NULL || table_capacity(&r->table) == 0)
		return NULL;
	return table_find(&r->table, a, table_hash(&r->table, a));
}

struct reputation_stats
reputation_stats(const struct reputation *r)
{
	return r->stats;
}
