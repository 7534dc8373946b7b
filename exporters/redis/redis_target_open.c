#include "exporters/redis/redis_target_open.h"

#include "daemon/base/log.h"
#include "exporters/redis/redis_target_state.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NS_PER_S UINT64_C(1000000000)

enum { OWN_TTL_MIN_S = 60 };

static void
on_turn(evutil_socket_t fd, short what, void *context)
{
	(void)fd;
	(void)what;
	redis_target_turn(context);
}

static void
name_make(struct redis_target *t)
{
	const struct redis_target_settings *s = t->plan.target;
	const char *dialect = dialects[s->dialect]->name;

	if (s->path[0] != '\0')
		(void)snprintf(t->name, sizeof(t->name), "redis %s %s", s->path, dialect);
	else
		(void)snprintf(t->name, sizeof(t->name),
			strchr(s->host, ':') != NULL ? "redis [%s]:%u %s" : "redis %s:%u %s",
			s->host, (unsigned)s->port, dialect);
}

static int
password_read(struct redis_target *t)
{
	const char *path = t->plan.target->password_file;
	int fd;

	if (path[0] == '\0') {
		(void)snprintf(t->password, sizeof(t->password), "%s", t->plan.target->password);
		return 0;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const ssize_t length = fd < 0 ? -1 : read(fd, t->password, sizeof(t->password) - 1);
	if (length < 0 || (size_t)length == sizeof(t->password) - 1) {
		const int result = length < 0 ? -errno : -EMSGSIZE;

		errno = -result;
		log_warn("output", "%s: cannot read the password in %s, not starting", t->name,
			path);
		if (fd >= 0)
			(void)close(fd);
		return result;
	}
	(void)close(fd);
	t->password[length] = '\0';
	t->password[strcspn(t->password, "\r\n")] = '\0';
	return 0;
}

/* Not 0 unless keys are to stay. */
static uint64_t
ttl_s(const struct redis_settings *s)
{
	return (s->ttl + NS_PER_S - 1) / NS_PER_S;
}

/* What says that it is ours outlives some looks. */
static uint64_t
own_ttl_s(const struct redis_settings *s)
{
	return s->ttl > 0 && ttl_s(s) < OWN_TTL_MIN_S ? OWN_TTL_MIN_S : ttl_s(s);
}

static void
dialect_target_init(struct redis_target *t)
{
	const struct redis_target_settings *target = t->plan.target;
	const struct redis_settings *s = t->plan.settings;

	t->writer.dialect = dialects[target->dialect];
	t->writer.target = (struct dialect_target){
		.command = &t->command,
		.mirror = t->plan.mirror,
		.reputation = t->plan.reputation,
		.target = t->plan.number,
		.db = target->db,
		.cache_db = redis_settings_cache_db(target),
		.ttl_s = ttl_s(s),
		.timeline_max = s->timeline_max,
		.tuples_max = s->tuples_max,
		.letters_max = s->letters_max,
		.record = t->plan.record,
		.peers = t->writer.dialect->has_peers ? &t->peers : NULL,
		.own = t->plan.outlet->run->own,
		.own_count = t->plan.outlet->run->own_count,
	};
}

/* What needs the link. */
static void
wire(struct redis_target *t)
{
	const struct redis_target_settings *s = t->plan.target;
	uint32_t dbs[REDIS_GATE_DBS];
	const size_t db_count = redis_settings_databases(s, dbs);

	redis_gate_init(&t->gate, redis_link_sink(t->link), dbs, db_count);
	redis_command_init(&t->command, redis_gate_sink(&t->gate), t->plan.text);
	t->claim = (struct redis_claim){ .run = t->plan.run,
		.ttl_s = own_ttl_s(t->plan.settings),
		.link = t->link,
		.command = &t->command,
		.flight = &t->flight,
		.db_count = db_count };
	memcpy(t->claim.dbs, dbs, sizeof(dbs));
	t->writer.link = t->link;
	t->writer.gate = &t->gate;
	t->writer.flight = &t->flight;
	t->writer.stream = &t->stream;
	t->writer.has_windows = s->parts != REDIS_ADDRESSES;
}

static uint32_t
db_most(const struct redis_target_settings *s)
{
	uint32_t dbs[REDIS_GATE_DBS];
	uint32_t most = 0;

	for (size_t count = redis_settings_databases(s, dbs); count > 0; count--)
		most = dbs[count - 1] > most ? dbs[count - 1] : most;
	return most;
}

int
redis_target_open(const struct redis_target_plan *plan, struct redis_target **ret_target)
{
	const struct redis_target_settings *s = plan->target;
	struct redis_target *t = calloc(1, sizeof(*t));
	int result;

	if (t == NULL)
		return -ENOMEM;
	t->plan = *plan;
	name_make(t);
	result = password_read(t);
	if (result == 0)
		result = redis_stream_init(&t->stream,
			&(struct redis_stream_plan){ .run = plan->outlet->run,
				.id = plan->run,
				.mirror = plan->mirror,
				.target = plan->number,
				.db = s->db,
				.record = plan->record,
				.most = s->parts == REDIS_ADDRESSES ? 0
								    : plan->settings->stream_max });
	if (result == 0 && dialects[s->dialect]->has_peers)
		result = kalipso_peers_init(&t->peers);
	if (result < 0)
		goto refuse;
	const struct redis_owner owner = redis_target_owner(t);
	t->turn = event_new(plan->base, -1, 0, on_turn, t);
	t->link = redis_link_open(plan->base, t->name,
		&(struct redis_place){ .path = s->path,
			.host = s->host,
			.port = (uint16_t)s->port,
			.user = s->user,
			.password = t->password,
			.db_most = db_most(s) },
		&owner);
	if (t->link == NULL || t->turn == NULL) {
		result = -ENOMEM;
		goto refuse;
	}
	wire(t);
	dialect_target_init(t);
	*ret_target = t;
	return 0;
refuse:
	redis_target_close(t);
	return result;
}

void
redis_target_close(struct redis_target *t)
{
	if (t == NULL)
		return;
	redis_link_close(t->link);
	if (t->turn != NULL)
		event_free(t->turn);
	redis_stream_done(&t->stream);
	kalipso_peers_done(&t->peers);
	explicit_bzero(t->password, sizeof(t->password));
	free(t);
}
