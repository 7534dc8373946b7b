#include "daemon/loop/feed_files.h"

#include "daemon/base/time_text.h"
#include "daemon/knowledge/public_suffix.h"
#include "daemon/loop/feed_lists.h"
#include "daemon/loop/feed_ours.h"
#include "daemon/loop/feed_tell.h"
#include "daemon/loop/now.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_ROOM = 256, EIGHTH = 8, QUIET_S = 2 };

/* What tells a file from another one of its name. */
struct identity {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec changed;
};

/* Lists that are read, or were. */
struct reading {
	struct feed_lists lists;
	uint64_t signature; /* before the first was opened */
	struct feed_load *load;
	struct identity of[FEED_LISTS_MAX];
};

struct feed_files {
	struct feed_files_plan plan;
	struct cidr ours[FEED_OURS_MAX];
	struct hash_key key; /* of every store: intel_walk.h */
	struct intel *intel;
	struct feed_lists lists; /* of the store, */
	struct feed_report *reports;
	struct run_list *told;
	struct reading *reading; /* and of the next; NULL: none is under way */
	int fd;
	uint64_t left;      /* bytes of the open file */
	uint64_t signature; /* of what was read last */
	uint64_t looked_ns, seen,
		seen_since_ns; /* when the files were looked at, and how they were */
	struct feed_numbers numbers;
	void (*swap)(void *context, const struct intel *fresh); /* or NULL */
	void *context;
};

uint64_t
feed_files_memory(const struct intelligence_settings *s, uint64_t limit)
{
	if (!feed_lists_any(s))
		return 0;
	uint64_t wanted = s->memory == 0 ? limit / EIGHTH : s->memory;
	return wanted < limit / 2 ? wanted : limit / 2;
}

struct feed_files *
feed_files_new(const struct feed_files_plan *plan)
{
	struct feed_files *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->plan = *plan;
	f->fd = -1;
	if (getrandom(&f->key, sizeof(f->key), 0) != sizeof(f->key)) {
		free(f);
		return NULL;
	}
	assert(plan->ours_count <= FEED_OURS_MAX);
	if (plan->ours_count > 0)
		memcpy(f->ours, plan->ours, plan->ours_count * sizeof(*f->ours));
	return f;
}

static void
reading_free(struct reading *r)
{
	if (r == NULL)
		return;
	feed_load_free(r->load);
	feed_lists_free(&r->lists);
	free(r);
}

void
feed_files_free(struct feed_files *f)
{
	if (f == NULL)
		return;
	reading_free(f->reading);
	intel_free(f->intel);
	feed_lists_free(&f->lists);
	free(f->reports);
	free(f->told);
	free(f);
}

void
feed_files_settings(struct feed_files *f, const struct intelligence_settings *settings)
{
	f->plan.settings = settings;
}

void
feed_files_on_swap(
	struct feed_files *f, void (*swap)(void *context, const struct intel *fresh), void *context)
{
	f->swap = swap;
	f->context = context;
}

/* ---- the bytes of lists ---- */

static bool
is_same(const struct identity *a, const struct identity *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

/* returns 0, or -errno when the open file is none that is read */
static int
judge(struct feed_files *f, size_t list, bool again)
{
	struct identity *before = &f->reading->of[list];
	struct stat st;

	if (fstat(f->fd, &st) != 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	if ((uint64_t)st.st_size > f->plan.settings->max_file)
		return -EFBIG;
	const struct identity now = { st.st_dev, st.st_ino, st.st_size, st.st_mtim };
	if (again && !is_same(&now, before))
		return -ESTALE;
	*before = now;
	f->left = (uint64_t)st.st_size;
	return 0;
}

static void
close_file(void *context)
{
	struct feed_files *f = context;

	(void)close(f->fd);
	f->fd = -1;
}

/* A FIFO would keep us waiting. */
static int
open_file(void *context, size_t list, bool again)
{
	struct feed_files *f = context;

	f->fd = open(f->reading->lists.lists[list].name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (f->fd < 0)
		return -errno;
	int result = judge(f, list, again);
	if (result != 0)
		close_file(f);
	return result;
}

/* What is appended meanwhile is for the next time. */
static ssize_t
read_file(void *context, char *ret_bytes, size_t room)
{
	struct feed_files *f = context;
	ssize_t length;

	if (f->left == 0)
		return 0;
	do
		length = read(f->fd, ret_bytes, f->left < room ? (size_t)f->left : room);
	while (length < 0 && errno == EINTR);
	if (length < 0)
		return -errno;
	if (length == 0)
		return -ESTALE;
	f->left -= (uint64_t)length;
	return length;
}

static bool
is_public_suffix(void *user, struct intel_text name)
{
	struct public_suffix *suffixes = user;
	char text[NAME_ROOM];

	if (name.length >= sizeof(text))
		return false;
	memcpy(text, name.at, name.length);
	text[name.length] = '\0';
	return public_suffix_registrable(suffixes, text).length == 0;
}

/* ---- a store ---- */

/* How much a list had in the store that there is. */
static uint64_t
count_before(const struct feed_files *f, const char *name)
{
	for (size_t i = 0; i < f->lists.count; i++)
		if (strcmp(f->lists.lists[i].name, name) == 0)
			return f->reports[i].count;
	return 0;
}

static struct feed_load *
load_new(struct feed_files *f, struct feed_lists *lists)
{
	struct feed_load_plan plan = {
		.lists = lists->lists,
		.list_count = lists->count,
		.before = f->intel,
		.most_bytes = f->plan.most_bytes,
		.now_ns = f->plan.live ? now_wall_ns() : 0,
		.key = f->key,
		.source = { open_file, read_file, close_file, f },
	};

	feed_gate_init(&plan.gate, f->ours, f->plan.ours_count);
	if (f->plan.suffixes != NULL) {
		plan.gate.is_public_suffix = is_public_suffix;
		plan.gate.user = f->plan.suffixes;
	}
	for (size_t i = 0; i < lists->count; i++)
		lists->lists[i].before = count_before(f, lists->lists[i].name);
	return feed_load_new(&plan);
}

bool
feed_files_begin(struct feed_files *f)
{
	struct reading *r = calloc(1, sizeof(*r));

	reading_free(f->reading);
	f->reading = NULL;
	if (r == NULL)
		return false;
	int found = feed_lists_find(f->plan.settings, &r->lists);
	feed_tell_found(f->plan.settings, &r->lists);
	if (found == 0)
		r->signature = feed_lists_signature(&r->lists);
	/* A directory that cannot be read now takes nothing away. */
	bool is_lost = found == 0 && r->lists.error != 0 && f->intel != NULL;
	if (is_lost)
		f->signature = r->signature;
	else if (found == 0)
		r->load = load_new(f, &r->lists);
	if (r->load == NULL) {
		reading_free(r);
		f->numbers.failed++;
		return false;
	}
	f->reading = r;
	return true;
}

/* Reports are of the load, and outlive it. returns NULL when memory is out */
static struct feed_report *
reports_of(const struct reading *r)
{
	struct feed_report *reports = calloc(r->lists.count + 1, sizeof(*reports));

	for (size_t i = 0; reports != NULL && i < r->lists.count; i++)
		reports[i] = *feed_load_report(r->load, i);
	return reports;
}

static void
take(struct feed_files *f, struct feed_report *reports)
{
	struct intel *before = f->intel;

	f->intel = feed_load_take(f->reading->load);
	if (f->swap != NULL)
		f->swap(f->context, f->intel);
	intel_free(before);
	feed_lists_free(&f->lists);
	free(f->reports);
	f->lists = f->reading->lists;
	f->reading->lists = (struct feed_lists){ 0 };
	f->reports = reports;
}

static void
finish(struct feed_files *f, bool done)
{
	struct feed_report *reports = done ? reports_of(f->reading) : NULL;

	f->signature = f->reading->signature;
	if (reports != NULL) {
		take(f, reports);
		feed_tell(&f->lists, f->reports, f->intel);
		free(f->told);
		f->told = feed_run_lists(&f->lists, f->reports);
		feed_count(&f->numbers, &f->lists, f->reports, f->intel);
		f->numbers.loaded_ns = now_wall_ns();
	} else {
		feed_tell_failed(f->plan.most_bytes);
		f->numbers.failed++;
	}
	reading_free(f->reading);
	f->reading = NULL;
}

bool
feed_files_step(struct feed_files *f)
{
	if (f->reading == NULL)
		return false;
	enum feed_load_state state = feed_load_step(f->reading->load);
	if (state != FEED_LOAD_MORE)
		finish(f, state == FEED_LOAD_DONE);
	return state == FEED_LOAD_MORE;
}

void
feed_files_load(struct feed_files *f)
{
	if (!feed_files_begin(f))
		feed_tell_failed(f->plan.most_bytes);
	while (feed_files_step(f))
		continue;
}

/* ---- watching ---- */

bool
feed_files_are_due(struct feed_files *f, uint64_t now_ns)
{
	bool is_waiting = f->seen_since_ns != 0; /* for quiet: then each time */
	struct feed_lists lists;

	if (f->reading != NULL || f->plan.settings->check == 0 ||
		(!is_waiting && now_ns - f->looked_ns < f->plan.settings->check))
		return false;
	f->looked_ns = now_ns;
	uint64_t seen = feed_lists_find(f->plan.settings, &lists) == 0
				? feed_lists_signature(&lists)
				: f->signature;
	feed_lists_free(&lists);
	if (seen == f->signature) {
		f->seen_since_ns = 0;
		return false;
	}
	if (!is_waiting || seen != f->seen) {
		f->seen = seen;
		f->seen_since_ns = now_ns;
	}
	if (now_ns - f->seen_since_ns < QUIET_S * NS_PER_S)
		return false;
	f->seen_since_ns = 0;
	return true;
}

const struct intel *
feed_files_intel(const struct feed_files *f)
{
	return f->intel;
}

size_t
feed_files_told(const struct feed_files *f, const struct run_list **ret_lists)
{
	*ret_lists = f == NULL ? NULL : f->told;
	return *ret_lists == NULL ? 0 : f->lists.count;
}

const struct feed_numbers *
feed_files_numbers(const struct feed_files *f)
{
	return &f->numbers;
}
