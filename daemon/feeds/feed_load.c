#include "daemon/feeds/feed_load.h"

#include "daemon/intel/intel_walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 16384 }; /* of the store before that are looked at in a slice */

enum doing {
	OPENING, /* the next list, if there is one */
	READING,
	KEEPING, /* what a refused one said before */
	DONE,
	FAILED,
};

struct feed_load {
	struct feed_load_plan plan;
	enum doing doing;
	bool is_filling; /* the second pass */
	size_t at;       /* the list */
	int number;      /* its number in the store */
	bool is_open;
	struct feed *feed;
	struct feed_gate gate;               /* of this list */
	struct intel_room room, room_before; /* the latter without this list */
	struct intel_build *build;
	struct intel_walk walk;
	struct feed_report *reports;
	char slice[FEED_SLICE];
};

struct feed_load *
feed_load_new(const struct feed_load_plan *plan)
{
	struct feed_load *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->plan = *plan;
	l->reports = calloc(plan->list_count + 1, sizeof(*l->reports));
	if (l->reports != NULL)
		return l;
	free(l);
	return NULL;
}

static void
close_list(struct feed_load *l)
{
	feed_free(l->feed);
	l->feed = NULL;
	if (l->is_open)
		l->plan.source.close(l->plan.source.context);
	l->is_open = false;
}

void
feed_load_free(struct feed_load *l)
{
	if (l == NULL)
		return;
	close_list(l);
	intel_build_free(l->build);
	free(l->reports);
	free(l);
}

struct intel *
feed_load_take(struct feed_load *l)
{
	struct intel *i = intel_build_done(l->build);

	l->build = NULL;
	return i;
}

const struct feed_report *
feed_load_report(const struct feed_load *l, size_t list)
{
	return &l->reports[list];
}

static const struct feed_list *
list_of(const struct feed_load *l)
{
	return &l->plan.lists[l->at];
}

/* Count, or take, what a list says. returns false when there is no room */
static bool
put(struct feed_load *l, const struct intel_indicator *what)
{
	if (l->is_filling)
		return intel_build_add(l->build, l->number, what) == 0;
	if (intel_room_add(&l->room, what)) {
		l->reports[l->at].types[what->type]++;
		l->reports[l->at].count++;
	}
	return intel_room_bytes(&l->room) <= l->plan.most_bytes;
}

static enum feed_refusal
take(void *user, const struct intel_indicator *what)
{
	struct feed_load *l = user;
	const char *tag = list_of(l)->tag;
	struct intel_indicator mine = *what;
	bool is_taken;
	enum feed_refusal refusal = feed_gate_check(&l->gate, what, &is_taken);

	if (refusal != FEED_ACCEPTED || !is_taken)
		return refusal;
	if (mine.tag.length == 0)
		mine.tag = (struct intel_text){ tag, strlen(tag) };
	return put(l, &mine) ? FEED_ACCEPTED : FEED_TOO_LARGE;
}

/* Both passes anew, but for what is refused by now. */
static void
restart(struct feed_load *l)
{
	intel_build_free(l->build);
	l->build = NULL;
	l->is_filling = false;
	l->room = (struct intel_room){ 0 };
	l->at = 0;
	l->doing = OPENING;
}

static void
keep_begin(struct feed_load *l)
{
	l->reports[l->at].is_kept = intel_walk_begin(&l->walk, l->plan.before, list_of(l)->name);
	l->doing = KEEPING;
}

/* Nothing that was read of it counts. */
static void
refuse(struct feed_load *l, enum feed_refusal refusal, int error)
{
	bool is_whole = l->feed == NULL || refusal == FEED_EMPTY || refusal == FEED_SHRUNK;

	l->reports[l->at] = (struct feed_report){
		.refusal = refusal,
		.error = error,
		.line = is_whole ? 0 : feed_line(l->feed),
	};
	close_list(l);
	if (l->is_filling) {
		restart(l);
		return;
	}
	l->room = l->room_before;
	keep_begin(l);
}

static void
open_failed(struct feed_load *l, int error)
{
	refuse(l,
		error == -EFBIG    ? FEED_TOO_LARGE
		: error == -ESTALE ? FEED_CHANGED
				   : FEED_UNOPENED,
		-error);
}

/* Others may name whom they like: a list of resolvers has ours in it, and one of dynamic DNS public suffixes. */
static bool
is_accusing(const struct feed_list *list)
{
	return list->category == LIST_MALICIOUS || list->category == LIST_TOR;
}

static void
open_list(struct feed_load *l)
{
	const struct feed_list *list = list_of(l);
	const struct feed_plan plan = {
		.category = list->category,
		.level = list->level,
		.now_ns = l->plan.now_ns,
		.take = take,
		.user = l,
	};
	int result = l->plan.source.open(l->plan.source.context, l->at, l->is_filling);

	if (result != 0) {
		open_failed(l, result);
		return;
	}
	l->is_open = true;
	l->feed = feed_new(&plan);
	l->gate = l->plan.gate;
	if (!is_accusing(list)) {
		l->gate.ours_count = 0;
		l->gate.is_public_suffix = NULL;
	}
	l->doing = l->feed == NULL ? FAILED : READING;
}

/* What is refused already is not opened again. */
static void
begin_list(struct feed_load *l)
{
	const struct feed_list *list = list_of(l);
	struct feed_report *r = &l->reports[l->at];

	l->room_before = l->room;
	if (!l->is_filling) {
		r->count = 0;
		memset(r->types, 0, sizeof(r->types));
	} else {
		l->number = intel_build_list(l->build, list->name, list->category, list->is_info);
	}
	if (l->number < 0)
		l->doing = FAILED;
	else if (r->refusal == FEED_ACCEPTED)
		open_list(l);
	else
		keep_begin(l);
}

/* All lists are through: fill what was counted, or make an end. */
static void
end_pass(struct feed_load *l)
{
	if (l->is_filling) {
		l->doing = DONE;
		return;
	}
	l->is_filling = true;
	l->at = 0;
	if (intel_build_new(&l->room, l->plan.most_bytes, &l->plan.key, &l->build) != 0)
		l->doing = FAILED;
}

static void
next_list(struct feed_load *l)
{
	l->at++;
	l->doing = OPENING;
}

static void
end_list(struct feed_load *l)
{
	struct feed_report *r = &l->reports[l->at];
	enum feed_refusal refusal = feed_end(l->feed);

	if (refusal == FEED_ACCEPTED)
		refusal = feed_gate_count(r->count, list_of(l)->before);
	if (refusal != FEED_ACCEPTED) {
		refuse(l, refusal, 0);
		return;
	}
	r->stats = feed_stats(l->feed);
	r->skipped = l->gate.skipped;
	close_list(l);
	next_list(l);
}

static void
read_list(struct feed_load *l)
{
	ssize_t length = l->plan.source.read(l->plan.source.context, l->slice, sizeof(l->slice));

	if (length < 0) {
		open_failed(l, (int)length);
		return;
	}
	if (length == 0) {
		end_list(l);
		return;
	}
	enum feed_refusal refusal = feed_read(l->feed, l->slice, (size_t)length);
	if (refusal != FEED_ACCEPTED)
		refuse(l, refusal, 0);
}

static void
keep(struct feed_load *l)
{
	bool is_kept = l->reports[l->at].is_kept;
	struct intel_indicator what;
	bool found = false;

	for (unsigned n = 0; is_kept && n < PLACES; n++) {
		if (!intel_walk_next(&l->walk, &what, &found))
			is_kept = false;
		else if (found && !put(l, &what))
			l->doing = FAILED;
	}
	if (!is_kept && l->doing == KEEPING)
		next_list(l);
}

enum feed_load_state
feed_load_step(struct feed_load *l)
{
	switch (l->doing) {
	case OPENING:
		if (l->at < l->plan.list_count)
			begin_list(l);
		else
			end_pass(l);
		break;
	case READING:
		read_list(l);
		break;
	case KEEPING:
		keep(l);
		break;
	case DONE:
	case FAILED:
		break;
	}
	return l->doing == DONE     ? FEED_LOAD_DONE
	       : l->doing == FAILED ? FEED_LOAD_FAILED
				    : FEED_LOAD_MORE;
}
