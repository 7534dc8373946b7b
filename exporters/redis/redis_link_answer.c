#include "exporters/redis/redis_link_answer.h"

#include "daemon/base/log.h"
#include "exporters/redis/redis_link_state.h"
#include "exporters/redis/redis_protocol.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	QUOTED_MAX = 96,
	CAUSE_MAX = 4 * QUOTED_MAX + 64, /* each byte may become \xHH */
	PASSWORD_BEGIN_MAX = 9,
};

/* Of a long one a server may repeat a part. */
static bool
has_password(const struct redis_link *l, const char *text)
{
	char begin[PASSWORD_BEGIN_MAX] = "";

	if (l->place.password != NULL)
		(void)snprintf(begin, sizeof(begin), "%s", l->place.password);
	return begin[0] != '\0' && strstr(text, begin) != NULL;
}

/* `what`, and after it what the server said, if it did, and did not say our password. */
static void
lost_by_words(struct redis_link *l, const char *what, const struct redis_answer *said,
	unsigned pause_max_ms)
{
	char memory[CAUSE_MAX];
	struct strbuf cause;

	strbuf_init(&cause, memory, sizeof(memory));
	strbuf_text(&cause, what);
	/* Who knows no AUTH repeats what was given with it. */
	if (said->error != NULL && !has_password(l, said->error)) {
		strbuf_text(&cause, ": ");
		log_quote(&cause, said->error, said->error_length, QUOTED_MAX);
	}
	redis_link_lost(l, cause.text, pause_max_ms);
}

static void
greeting_answered(struct redis_link *l, const struct redis_answer *answer)
{
	static const char loading[] = "LOADING";

	if (answer->error != NULL) {
		bool is_loading = strncmp(answer->error, loading, strlen(loading)) == 0;

		lost_by_words(l, "it does not let us in", answer,
			is_loading ? REDIS_PAUSE_AWAY_MS : REDIS_PAUSE_MAX_MS);
	} else if (l->expected.count == 0) {
		redis_link_enter(l, LINK_UP);
		if (episode_end(&l->trouble))
			log_info("output", "%s: is reached again", l->name);
		l->owner.up(l->owner.context);
	}
}

static void
question_answered(struct redis_link *l, uint64_t number, const struct redis_answer *answer)
{
	size_t count = redis_answer_strings(answer, NULL);
	const char **items = NULL;

	if (answer->error == NULL)
		items = calloc(
			count + 1, sizeof(*items)); /* none is something else than an error */
	if (items != NULL)
		(void)redis_answer_strings(answer, items);
	l->owner.told(l->owner.context, number, items, items != NULL ? count : 0);
	free(items);
}

static void
refused(struct redis_link *l, const struct redis_answer *answer)
{
	char memory[CAUSE_MAX];
	struct strbuf said;

	l->worst = REDIS_REFUSED;
	if (!episode_begin(&l->refusal))
		return;
	strbuf_init(&said, memory, sizeof(memory));
	log_quote(&said, answer->error, answer->error_length, QUOTED_MAX);
	log_warnx("output", "%s: refuses what is written, and it is written again later: %s",
		l->name, said.text);
}

void
redis_link_marks_reach(struct redis_link *l)
{
	for (size_t count = l->expected.count; count > 0; count--) {
		struct redis_expected mark;
		enum redis_reply worst = l->worst;

		if (redis_queue_first(&l->expected)->what != REDIS_EXPECT_MARK)
			break;
		(void)redis_queue_pop(&l->expected, &mark);
		l->worst = REDIS_TAKEN;
		if (worst == REDIS_TAKEN)
			l->pause = (struct backoff){ 0 };
		l->owner.settled(l->owner.context, mark.number, worst);
	}
}

static void
answer_take(struct redis_link *l, const struct redis_answer *answer)
{
	struct redis_expected expected;

	l->moved = true;
	redis_link_marks_reach(l);
	if (!redis_queue_pop(&l->expected, &expected)) {
		lost_by_words(l, "it says what nobody asked", answer, REDIS_PAUSE_MAX_MS);
		return;
	}
	if (expected.what == REDIS_EXPECT_GREETING) {
		greeting_answered(l, answer);
		return;
	}
	if (answer->error != NULL)
		refused(l, answer);
	if (expected.what == REDIS_EXPECT_QUESTION)
		question_answered(l, expected.number, answer);
	redis_link_marks_reach(l);
}

void
redis_link_answers_take(struct redis_link *l)
{
	while (l->state != LINK_DOWN) {
		struct redis_answer answer;
		int result = redis_reader_next(l->reader, &answer);

		if (result == 0)
			return;
		if (result < 0) {
			redis_link_lost(l,
				result == -EMSGSIZE ? "it says more than is taken"
						    : "it does not talk as a Redis does",
				REDIS_PAUSE_MAX_MS);
			return;
		}
		answer_take(l, &answer);
		redis_answer_free(&answer);
	}
}
