#include "exporters/redis/redis_stream.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

int
redis_stream_init(struct redis_stream *s, const struct redis_stream_plan *plan)
{
	*s = (struct redis_stream){ .plan = *plan, .eve = encoding_find("eve") };
	assert(s->eve != NULL);
	s->eve_state = calloc(1, s->eve->state_size);
	if (s->eve_state == NULL) {
		s->eve = NULL; /* it is not open */
		redis_stream_done(s);
		return -ENOMEM;
	}
	int result = s->eve->open(s->eve_state, plan->run);
	if (result < 0) {
		s->eve = NULL;
		redis_stream_done(s);
	}
	return result;
}

void
redis_stream_done(struct redis_stream *s)
{
	if (s->eve != NULL)
		s->eve->close(s->eve_state);
	free(s->eve_state);
	*s = (struct redis_stream){ 0 };
}

void
redis_stream_restart(struct redis_stream *s)
{
	s->settled = 0;
	redis_stream_resume(s);
}

void
redis_stream_resume(struct redis_stream *s)
{
	s->refused = false;
	mirror_findings_after(s->plan.mirror, s->plan.target, s->settled);
}

static void
pair(struct redis_command *c, const char *name, const char *value)
{
	redis_arg(c, name);
	redis_arg(c, value);
}

static void
write_entry(struct redis_stream *s, struct redis_command *c, const struct record *r)
{
	const bool is_alert = r->kind == RECORD_ALERT;
	char host[ADDR_TEXT_MAX];

	redis_begin(c, s->plan.db, "XADD", REDIS_STREAM_KEY);
	redis_arg(c, "MAXLEN");
	redis_arg(c, "~");
	redis_arg_u64(c, s->plan.most);
	redis_arg(c, "*");
	pair(c, "id", is_alert ? r->alert->id : r->evidence->id);
	pair(c, "kind", is_alert ? "ALERT" : r->evidence->kind->name);
	pair(c, "run", s->plan.id);
	pair(c, "host", addr_format(is_alert ? &r->alert->host : &r->evidence->host, host));
	pair(c, "threat", threat_name(is_alert ? r->alert->highest : r->evidence->threat));
	redis_arg(c, "eve");
	s->eve->encode(s->eve_state, s->plan.run, r, redis_arg_begin(c));
	redis_arg_end(c);
	(void)redis_end(c);
}

uint64_t
redis_stream_next(struct redis_stream *s, struct redis_command *c)
{
	const struct mirror_line *line;

	do
		line = mirror_next_finding(s->plan.mirror, s->plan.target);
	while (line != NULL && s->plan.most == 0);
	if (line == NULL)
		return 0;
	struct cursor in = cursor_over(line->bytes, line->length);
	if (record_unpack(&in, s->plan.record))
		write_entry(s, c, &s->plan.record->record);
	return line->number;
}

void
redis_stream_settled(struct redis_stream *s, uint64_t number, bool taken)
{
	if (!taken)
		s->refused = true;
	else if (!s->refused)
		s->settled = number;
}
