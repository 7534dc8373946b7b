#include "daemon/loop/control/control_dispatch.h"

#include "daemon/base/log.h"
#include "daemon/config/config_text.h"

#include <errno.h>
#include <string.h>

enum { COMMANDS_MAX = 32, NAME_SHOWN_MAX = 40 };

static const struct control_command *
command_find(const struct control_command *commands, const char *name)
{
	for (const struct control_command *m = commands; m->name != NULL; m++)
		if (strcmp(m->name, name) == 0)
			return m;
	return NULL;
}

static int
unknown_refuse(
	const struct control_command *commands, const char *name, struct control_reply *reply)
{
	const char *names[COMMANDS_MAX + 1] = { NULL };
	char memory[NAME_SHOWN_MAX * 4 + 8];
	struct strbuf quoted;

	for (size_t i = 0; i < COMMANDS_MAX && commands[i].name != NULL; i++)
		names[i] = commands[i].name;
	strbuf_init(&quoted, memory, sizeof(memory));
	log_quote(&quoted, name, strlen(name), NAME_SHOWN_MAX);
	const char *meant = config_nearest(names, name, strlen(name));
	if (meant == NULL)
		return control_reply_refuse(reply, "there is no command %s", quoted.text);
	return control_reply_refuse(
		reply, "there is no command %s, did you mean \"%s\"?", quoted.text, meant);
}

static bool
changes(const struct control_command *m, const struct control_request *q)
{
	return m->effect == CONTROL_CHANGES ||
	       (m->effect == CONTROL_CHANGES_IF_TOLD && json_object_size(q->args) > 0);
}

static int
run(const struct control_command *m, void *context, const struct control_peer *peer,
	const struct control_request *q, struct control_reply *reply)
{
	if (changes(m, q) && !peer->may_change) {
		(void)control_reply_refuse(
			reply, "%s is for root and for the user that the sensor runs as", m->name);
		return -EACCES;
	}
	if (changes(m, q))
		log_info("control", "%s, asked for by user %u", m->name, (unsigned)peer->uid);
	return m->run(context, q, reply) < 0 ? -EINVAL : 0;
}

int
control_dispatch(const struct control_command *commands, void *context,
	const struct control_peer *peer, const char *line, size_t length,
	struct control_reply *reply, const char **ret_name)
{
	struct control_request q = { .command = NULL };
	const struct control_command *m = NULL;
	int r = control_request_parse(line, length, &q, reply->error, sizeof(reply->error));

	if (r == 0) {
		m = command_find(commands, q.command);
		q.may_change = peer->may_change;
		r = m == NULL ? unknown_refuse(commands, q.command, reply)
			      : run(m, context, peer, &q, reply);
	}
	control_request_done(&q);
	control_reply_end(reply, r == 0);
	*ret_name = m == NULL ? NULL : m->name;
	return r;
}
