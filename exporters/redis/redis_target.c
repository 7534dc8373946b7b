/*
 * Four things move it: the tick; answers, which say what became of what was written; turns of the loop after them,
 * in which more is written as long as not too much is unanswered; and the link, which comes and goes. What is under
 * way when a connection is lost may have been done or not, so everything is due again then.
 */
#include "exporters/redis/redis_target.h"

#include "daemon/base/log.h"
#include "exporters/monotonic.h"
#include "exporters/redis/redis_target_state.h"

#include <event2/event.h>

#define NS_PER_MS      UINT64_C(1000000)
#define SLICE_NS       (10 * NS_PER_MS)    /* of a turn, to write what is due: others wait */
#define LOOK_NS        (10000 * NS_PER_MS) /* between two looks whether it is still ours */
#define REFUSED_MIN_NS (1000 * NS_PER_MS)  /* the first pause after a refusal */
#define REFUSED_MAX_NS (30000 * NS_PER_MS) /* and any */
#define CALM_NS        (3000 * NS_PER_MS)  /* without a refusal: it is over */

enum { FLIGHT_LOW = REDIS_FLIGHT_MAX / 2 };

/* Not at once: others have their turn first. */
static void
write_soon(struct redis_target *t)
{
	event_active(t->turn, EV_TIMEOUT, 0);
}

static void
begin(struct redis_target *t)
{
	t->serving = false;
	t->begin_again = false;
	redis_gate_doubt(&t->gate);
	redis_claim_begin(&t->claim, t->anew);
}

/* It is ours: with all that was written before, or with nothing. */
static void
serve(struct redis_target *t, bool had_it)
{
	struct mirror *m = t->plan.mirror;

	if (had_it) {
		mirror_repeat(m, t->plan.number);
		redis_stream_resume(&t->stream);
	} else {
		mirror_restart(m, t->plan.number);
		redis_stream_restart(&t->stream);
	}
	t->anew = false;
	t->serving = true;
	(void)episode_end(&t->endless);
	/* Two that claim it at once are found out before much is written. */
	t->look_ns = had_it ? t->now_ns + LOOK_NS : t->now_ns;
	(void)episode_end(&t->shared);
	redis_target_write_begin(&t->writer);
	if (t->plan.outlet->run->live &&
		!t->robbed.is_on) /* over files nothing is said but trouble */
		log_info("output", "%s: %s", t->name,
			had_it ? "there again, writing everything once more"
			       : "writing everything");
}

/* ---- what the link says ---- */

static void
on_up(void *context)
{
	struct redis_target *t = context;

	t->moved++;
	t->refused = false;
	t->pause = (struct backoff){ 0 };
	t->resume_ns = 0;
	t->taken_ns = 0;
	t->command.db = 0;
	redis_gate_reset(&t->gate);
	redis_flight_lost(&t->flight);
	begin(t);
}

static void
on_lost(void *context)
{
	struct redis_target *t = context;

	t->serving = false;
	redis_flight_lost(&t->flight);
}

static void
pause_begin(struct redis_target *t)
{
	t->resume_ns = t->now_ns + backoff_next(&t->pause, REFUSED_MIN_NS, REFUSED_MAX_NS);
}

static void
on_told(void *context, uint64_t question, const char *const items[], size_t count)
{
	struct redis_target *t = context;

	switch (redis_claim_told(&t->claim, question, items, count)) {
	case REDIS_CLAIM_OURS:
		serve(t, true);
		break;
	case REDIS_CLAIM_LOST:
		if (episode_begin(&t->robbed))
			log_warnx("output",
				"%s: it was emptied, or another run writes to it: taking it over",
				t->name);
		redis_flight_lost(&t->flight);
		begin(t);
		break;
	case REDIS_CLAIM_SHARED:
		if (episode_begin(&t->shared))
			log_warnx("output",
				"%s: another target of this naiad writes database %u of it, under another name: "
				"this one is not written; give them databases of their own",
				t->name, (unsigned)t->claim.dbs[0]);
		redis_flight_lost(&t->flight);
		t->serving = false;
		t->begin_again = true;
		t->resume_ns = t->now_ns + REFUSED_MAX_NS;
		return;
	case REDIS_CLAIM_ENDLESS:
		if (episode_begin(&t->endless))
			log_warnx("output",
				"%s: %d keys of an earlier run were removed, and " REDIS_KEYS_KEY
				" lists still more: going on every %llu s, nothing is written until it is empty; is it a Redis?",
				t->name, REDIS_CLAIM_KEYS * REDIS_CLAIM_ROUNDS,
				(unsigned long long)(REFUSED_MAX_NS / (1000 * NS_PER_MS)));
		t->begin_again = true;
		t->resume_ns = t->now_ns + REFUSED_MAX_NS;
		return;
	case REDIS_CLAIM_UNKNOWN:
		t->begin_again = true;
		t->taken_ns = 0;
		pause_begin(t);
		return;
	case REDIS_CLAIM_GOES_ON:
		if (t->serving)
			(void)episode_end(&t->robbed);
		break;
	}
	if (!t->refused && t->serving)
		t->pause = (struct backoff){ 0 };
}

static void
was_refused(struct redis_target *t, const struct redis_flying *f)
{
	struct mirror *m = t->plan.mirror;

	switch (f->what) {
	case REDIS_FLOWN_WINDOW:
		mirror_window_again(m, t->plan.number, &f->addr, f->number);
		break;
	case REDIS_FLOWN_ADDRESS:
		mirror_address_again(m, t->plan.number, &f->addr);
		break;
	case REDIS_FLOWN_FINDING:
		redis_stream_settled(&t->stream, (uint64_t)f->number, false);
		break;
	case REDIS_FLOWN_GONE:
		t->anew = true;
		t->begin_again = true;
		break;
	case REDIS_FLOWN_REMOVAL:
	case REDIS_FLOWN_CLAIM:
		t->begin_again = true;
		break;
	}
	t->taken_ns = 0;
	redis_gate_doubt(&t->gate);
	if (t->now_ns < t->resume_ns)
		return; /* of the same pause */
	t->refused = true;
	t->refused_what = f->what;
	pause_begin(t);
}

static void
was_taken(struct redis_target *t, const struct redis_flying *f)
{
	if (t->refused && f->what == t->refused_what && t->now_ns >= t->resume_ns) {
		t->refused = false;
		t->pause = (struct backoff){ 0 };
	}
	if (!t->refused && t->taken_ns == 0)
		t->taken_ns = t->now_ns;
	switch (f->what) {
	case REDIS_FLOWN_REMOVAL:
		redis_claim_removed(&t->claim);
		break;
	case REDIS_FLOWN_CLAIM:
		serve(t, false);
		break;
	case REDIS_FLOWN_FINDING:
		redis_stream_settled(&t->stream, (uint64_t)f->number, true);
		outlet_left(t->plan.outlet, 1);
		break;
	case REDIS_FLOWN_WINDOW:
	case REDIS_FLOWN_ADDRESS:
		outlet_left(t->plan.outlet, 1);
		break;
	case REDIS_FLOWN_GONE:
		break;
	}
}

static void
on_settled(void *context, uint64_t mark, enum redis_reply worst)
{
	struct redis_target *t = context;
	const struct redis_flying *f = redis_flight_land(&t->flight, mark);

	if (f == NULL)
		return;
	if (worst == REDIS_TAKEN) {
		t->moved++;
		was_taken(t, f);
		if (redis_flight_count(&t->flight) < FLIGHT_LOW)
			write_soon(t);
	} else {
		was_refused(t, f);
	}
}

struct redis_owner
redis_target_owner(struct redis_target *t)
{
	return (struct redis_owner){
		.context = t, .up = on_up, .lost = on_lost, .settled = on_settled, .told = on_told
	};
}

/* ---- from the outside ---- */

/* returns whether anything may be written now */
static bool
may_write(struct redis_target *t)
{
	if (!redis_link_is_up(t->link) || t->now_ns < t->resume_ns)
		return false;
	if (t->end_ns != 0 && monotonic_now_ns() >= t->end_ns)
		return false;
	/* After a refusal one thing at a time, until it is taken. */
	if (t->refused && redis_flight_count(&t->flight) > 0)
		return false;
	return redis_flight_has_room(&t->flight) && redis_link_pending(t->link) < REDIS_PENDING_MAX;
}

/* returns false when nothing more is due, or may be written now */
static bool
write_some(struct redis_target *t)
{
	const uint64_t begun_ns = monotonic_now_ns();

	while (monotonic_now_ns() - begun_ns < SLICE_NS)
		if (!may_write(t) || !redis_target_write_next(&t->writer))
			return false;
	return true;
}

void
redis_target_turn(struct redis_target *t)
{
	if (t->serving && write_some(t))
		write_soon(t);
}

/* A full Redis takes what is small, so that this is not said of the first thing that is taken. */
static void
trouble_look(struct redis_target *t)
{
	if (t->taken_ns != 0 && (t->now_ns - t->taken_ns >= CALM_NS || redis_target_is_done(t)))
		redis_link_takes_again(t->link);
}

void
redis_target_end_by(struct redis_target *t, uint64_t monotonic_ns)
{
	t->end_ns = monotonic_ns;
}

void
redis_target_tick(struct redis_target *t, uint64_t monotonic_ns)
{
	t->now_ns = monotonic_ns;
	t->writer.now_ns = monotonic_ns;
	t->writer.interval_ns = t->end_ns != 0 ? 0 : t->plan.settings->interval;
	redis_link_tick(t->link, monotonic_ns);
	trouble_look(t);
	if (!may_write(t))
		return;
	if (t->begin_again)
		begin(t);
	if (!t->serving)
		return;
	if (t->stream.refused && redis_flight_count(&t->flight) == 0)
		redis_stream_resume(&t->stream);
	if (t->now_ns >= t->look_ns) {
		t->look_ns = t->now_ns + LOOK_NS;
		redis_claim_look(&t->claim);
	}
	write_soon(t);
}

bool
redis_target_is_done(const struct redis_target *t)
{
	if (t->shared.is_on)
		return true;
	return t->serving && redis_flight_count(&t->flight) == 0 && !t->stream.refused &&
	       !mirror_is_due(t->plan.mirror, t->plan.number);
}

struct redis_target_stats
redis_target_stats(const struct redis_target *t)
{
	return (struct redis_target_stats){
		.pending = redis_link_pending(t->link),
		.flying = redis_flight_count(&t->flight),
		.moved = t->moved,
		.left_out = t->command.left_out + t->gate.left_out,
		.forgotten = t->peers.forgotten,
		.cut = t->writer.target.left_out,
	};
}

const char *
redis_target_name(const struct redis_target *t)
{
	return t->name;
}
