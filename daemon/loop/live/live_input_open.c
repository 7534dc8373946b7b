/*
 * live_input_open.c -- the inputs are opened, in two steps, and closed.
 *
 * What needs rights is made before they go: sockets, and the watches of directories. Files are opened
 * after that, so that one that service.user may not read is told of at the start, and not at the first
 * rotation.
 */
#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"
#include "daemon/loop/exit_code.h"
#include "daemon/loop/live/live.h"
#include "daemon/loop/live/live_input_state.h"
#include "daemon/loop/writer/writer.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

enum {
	ERROR_MAX = 512,
	BACKLOG = 8,
	/* Of memory that each takes at the most, about. */
	ZEEK_BYTES = 12 << 20, /* 20 logs, and certificates */
	EVE_BYTES = 3 << 20,
};

static const struct live_input_settings *
settings_of(const struct live *l, size_t *ret_count)
{
	*ret_count = l->config->shell->inputs.count;
	return l->config->shell->inputs.items;
}

/* As records and Prometheus know it: the end of a path tells more than its start. */
static void
name_add(struct live *l, struct live_input *i, size_t number)
{
	size_t length = strlen(i->path);
	struct strbuf label;

	if (number >= INTERFACES_MAX)
		number = INTERFACES_MAX - 1;
	i->interface = (uint16_t)number;
	(void)snprintf(l->told.text[number], INTERFACE_NAME_MAX, "%s",
		i->path + (length < INTERFACE_NAME_MAX ? 0 : length - INTERFACE_NAME_MAX + 1));
	strbuf_init(&label, i->label, sizeof(i->label));
	(void)metric_label_append(&label, "input", l->told.text[number]);
}

int
live_input_check(struct live *l)
{
	char error[ERROR_MAX] = "";
	size_t count;
	const struct live_input_settings *s = settings_of(l, &count);

	l->told = l->names;
	l->inputs = calloc(1, sizeof(*l->inputs));
	if (l->inputs == NULL)
		return EXIT_RUNTIME;
	for (; l->inputs->count < count; l->inputs->count++, s++) {
		struct live_input *i = &l->inputs->of[l->inputs->count];

		i->live = l;
		i->type = s->type;
		i->delay_ns = s->delay;
		if (input_where_parse(s, &i->where, error, sizeof(error)) != 0) {
			log_err("input", "%s", error);
			return EXIT_USAGE;
		}
		i->path = strdup(s->path); /* a reload frees the settings of the start */
		if (i->path == NULL)
			return EXIT_RUNTIME;
		i->where.path = i->path + (i->where.path - s->path);
		name_add(l, i, l->interface_count + l->inputs->count);
	}
	return EXIT_OK;
}

uint64_t
live_input_bytes(const struct live *l)
{
	uint64_t bytes = 0;

	for (size_t n = 0; n < l->inputs->count; n++) {
		const struct live_input *i = &l->inputs->of[n];

		if (i->where.place == INPUT_PLACE_UDP)
			bytes += INPUT_EXPORTER_BYTES;
		else
			bytes += i->type == LIVE_INPUT_ZEEK ? ZEEK_BYTES : EVE_BYTES;
	}
	return bytes;
}

static void
on_turn(void *input)
{
	const struct live_input *i = input;

	writer_flush(i->live->writer);
}

/* The socket's owner: service.user, and the group of the setting. returns false, with a line, if there is none */
static bool
owner_of(const struct live *l, const struct live_input_settings *s, struct unix_socket_owner *owner,
	const struct unix_socket_owner **ret_owner)
{
	*ret_owner = l->owner;
	if (s->group == NULL)
		return true;
	const struct group *found = getgrnam(s->group);
	if (found == NULL) {
		log_err("input",
			"inputs: there is no group %s; name that of the program that writes",
			s->group);
		return false;
	}
	/* -1 is "as it is" for chown(2) */
	*owner = (struct unix_socket_owner){
		.user = l->owner != NULL ? l->owner->user : (uid_t)-1,
		.group = found->gr_gid,
	};
	*ret_owner = owner;
	return true;
}

static int
open_socket(struct live_input *i, const struct live_input_settings *s)
{
	const struct unix_socket_owner *owner;
	struct unix_socket_owner memory;
	char error[ERROR_MAX] = "no memory left to start";

	if (!owner_of(i->live, s, &memory, &owner))
		return EXIT_USAGE;
	const struct input_socket_plan plan = {
		.socket = {
			.path = i->where.path,
			.owner = owner,
			.backlog = i->where.place == INPUT_PLACE_STREAM ? BACKLOG : 0,
			.for_all = s->mode == LIVE_INPUT_MODE_ALL,
		},
		.line = live_input_take_line,
		.turn = on_turn,
		.context = i,
	};
	i->plan.kind = INPUT_KIND_EVE;
	i->lines.count.path = i->path;
	int r = input_format_start(&i->stream, input_format_of(INPUT_KIND_EVE), &i->plan, i->path);
	if (r == 0) {
		input_format_begin(&i->stream, i->path, "", 0);
		r = input_socket_open(&plan, &i->socket, error, sizeof(error));
	}
	if (r == 0)
		return EXIT_OK;
	log_err("input", "%s (inputs)", error);
	return r == -EACCES || r == -EPERM ? EXIT_NO_PERMISSION : EXIT_RUNTIME;
}

static int
open_udp(struct live_input *i, const struct live_input_settings *s)
{
	char error[ERROR_MAX] = "no memory left to start";
	struct hash_key key;

	if (getrandom(&key, sizeof(key), 0) != sizeof(key)) {
		log_warn("input", "no random key for the table of conversations, not starting");
		return EXIT_RUNTIME;
	}
	i->exporter = input_exporter_new((enum live_input_type)i->type, i->delay_ns, &key);
	int r = i->exporter == NULL ? -ENOMEM
				    : input_udp_open(s, &i->where, &i->udp, error, sizeof(error));
	if (r == 0)
		return EXIT_OK;
	log_err("input", "%s", error);
	return r == -EACCES || r == -EPERM ? EXIT_NO_PERMISSION : EXIT_RUNTIME;
}

/* Without a watch files are looked at once a second all the same. */
static void
watch(struct live *l, size_t number)
{
	struct live_inputs *inputs = l->inputs;
	int r = inputs->watch == NULL ? input_watch_open(&inputs->watch) : 0;

	if (r == 0)
		r = input_watch_add(inputs->watch, inputs->of[number].where.path, (unsigned)number);
	if (r != 0)
		log_warnx("input", "%s cannot be watched (%s), looking once a second",
			inputs->of[number].path, strerror(-r));
}

int
live_input_open(struct live *l)
{
	size_t count;
	const struct live_input_settings *s = settings_of(l, &count);
	int code = EXIT_OK;

	l->inputs->position_count = live_state_positions(l, l->inputs->positions);
	for (size_t n = 0; code == EXIT_OK && n < count; n++) {
		struct live_input *i = &l->inputs->of[n];

		if (i->where.place == INPUT_PLACE_UDP)
			code = open_udp(i, &s[n]);
		else if (i->where.place == INPUT_PLACE_FILES)
			watch(l, n);
		else
			code = open_socket(i, &s[n]);
	}
	return code;
}

static int
open_files(struct live_input *i)
{
	char error[INPUT_ERROR_MAX] = "";
	struct stat st;

	i->plan = (struct input_plan){
		.paths = &i->where.path,
		.count = 1,
		.kind = i->type == LIVE_INPUT_EVE ? INPUT_KIND_EVE : INPUT_KIND_ZEEK,
		.sort = INPUT_SORT_NEVER,
		.follow = true,
		.positions = i->live->inputs->positions,
		.position_count = i->live->inputs->position_count,
	};
	int r = input_open(&i->plan, &i->files, error);
	bool is_refused = r == -EACCES || r == -EPERM;
	if (r == 0 && stat(i->path, &st) != 0)
		log_warnx("input", "%s is not there yet: waiting for it", i->path);
	if (r == 0)
		return EXIT_OK;
	log_err("input", "%s%s (inputs)", error,
		is_refused ? "; let service.user read it, by the group of its files" : "");
	return is_refused ? EXIT_NO_PERMISSION : EXIT_INPUT;
}

int
live_input_open_files(struct live *l)
{
	int code = EXIT_OK;

	for (size_t n = 0; code == EXIT_OK && n < l->inputs->count; n++)
		if (l->inputs->of[n].where.place == INPUT_PLACE_FILES)
			code = open_files(&l->inputs->of[n]);
	return code;
}

static void
close_input(struct live_input *i)
{
	if (i->readable != NULL)
		event_free(i->readable);
	input_socket_close(i->socket);
	input_format_end(&i->stream);
	input_udp_close(i->udp);
	input_exporter_free(i->exporter);
	input_close(i->files);
	free(i->path);
}

void
live_input_close(struct live *l)
{
	if (l->inputs == NULL)
		return;
	if (l->inputs->watched != NULL)
		event_free(l->inputs->watched);
	if (l->inputs->more != NULL)
		event_free(l->inputs->more);
	input_watch_close(l->inputs->watch);
	for (size_t n = 0; n < l->inputs->count; n++)
		close_input(&l->inputs->of[n]);
	free(l->inputs);
	l->inputs = NULL;
}
