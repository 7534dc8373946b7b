/*
 * live_input.c -- flow logs of other programs: opened, waited on, closed.
 *
 * What needs rights is made before they go: sockets, and the watches of directories. Files are opened
 * after that, so that one that service.user may not read is told of at the start, and not at the first
 * rotation. A turn of the loop takes a bounded number of lines and datagrams.
 */
#include "daemon/loop/live_input.h"

#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "daemon/loop/exit_code.h"
#include "daemon/loop/live.h"
#include "daemon/loop/now.h"
#include "daemon/loop/writer.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
	ERROR_MAX = 512,
	BACKLOG = 8,
	BATCHES_A_TURN = 8,    /* of datagrams */
	BUSY_MS = 20,          /* until the writer is asked again whether it can take more */
	FILES_BYTES = 8 << 20, /* of memory that a directory of logs takes, about */
	SOCKET_BYTES = 4 << 20,
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
			bytes += i->where.place == INPUT_PLACE_FILES ? FILES_BYTES : SOCKET_BYTES;
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
	if (r == 0)
		return EXIT_OK;
	log_err("input", "%s (inputs)", error);
	return r == -EACCES || r == -EPERM ? EXIT_NO_PERMISSION : EXIT_INPUT;
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

/* How far files were read goes behind the records of what was read. */
static void
note_positions(struct live *l)
{
	struct live_inputs *inputs = l->inputs;
	struct input_position positions[INPUT_POSITIONS_MAX];
	uint8_t bytes[WRITER_NOTE_MAX];
	struct blob b = blob_over(bytes, sizeof(bytes));

	size_t count = live_input_positions(l, positions);
	if (l->info.state_dir == NULL ||
		(count == inputs->position_count &&
			memcmp(positions, inputs->positions, count * sizeof(positions[0])) == 0))
		return;
	inputs->position_count = count;
	memcpy(inputs->positions, positions, count * sizeof(positions[0]));
	input_positions_pack(&b, positions, count);
	writer_note(l->writer, b.bytes, b.length);
}

/* A turn of the files; what is left has its turn when others had theirs. */
static void
take_files(struct live *l)
{
	bool more = live_input_take_files(l);
	bool is_busy = more && writer_stats(l->writer).queued > 0;
	const struct timeval wait = { .tv_usec = is_busy ? BUSY_MS * 1000 : 0 };

	writer_flush(l->writer);
	note_positions(l);
	if (more)
		(void)event_add(l->inputs->more, &wait);
}

static void
on_more(evutil_socket_t fd, short what, void *context)
{
	(void)fd;
	(void)what;
	take_files(context);
}

static void
look_again(struct live *l, uint64_t whom)
{
	for (size_t n = 0; n < l->inputs->count; n++) {
		struct live_input *i = &l->inputs->of[n];

		if (i->files == NULL || (whom >> n & 1) == 0)
			continue;
		input_look_again(i->files);
		i->is_at_end = false;
	}
	take_files(l);
}

static void
on_watched(evutil_socket_t fd, short what, void *context)
{
	struct live *l = context;

	(void)fd;
	(void)what;
	look_again(l, input_watch_read(l->inputs->watch));
}

static void
on_datagrams(evutil_socket_t fd, short what, void *context)
{
	struct live_input *i = context;

	(void)fd;
	(void)what;
	for (unsigned n = 0; n < BATCHES_A_TURN; n++)
		if (!input_udp_read(i->udp, now_wall_ns(), live_input_take_datagram, i))
			break;
	writer_flush(i->live->writer);
}

static bool
start_input(struct live_input *i)
{
	struct event_base *base = i->live->base;

	if (i->socket != NULL)
		return input_socket_attach(i->socket, base);
	if (i->udp == NULL)
		return true;
	i->readable = event_new(base, input_udp_fd(i->udp), EV_READ | EV_PERSIST, on_datagrams, i);
	return i->readable != NULL && event_add(i->readable, NULL) == 0;
}

bool
live_input_start(struct live *l)
{
	struct live_inputs *inputs = l->inputs;
	const struct timeval now = { 0 };

	inputs->more = event_new(l->base, -1, 0, on_more, l);
	if (inputs->more == NULL || event_add(inputs->more, &now) != 0)
		return false;
	for (size_t n = 0; n < inputs->count; n++)
		if (!start_input(&inputs->of[n]))
			return false;
	if (inputs->watch == NULL)
		return true;
	inputs->watched = event_new(
		l->base, input_watch_fd(inputs->watch), EV_READ | EV_PERSIST, on_watched, l);
	return inputs->watched != NULL && event_add(inputs->watched, NULL) == 0;
}

void
live_input_second(struct live *l)
{
	if (l->inputs->count > 0)
		look_again(l, UINT64_MAX);
}

void
live_input_tick(struct live *l)
{
	uint64_t now_ns = now_wall_ns();

	for (size_t n = 0; n < l->inputs->count; n++)
		if (l->inputs->of[n].exporter != NULL)
			live_input_take_waiting(&l->inputs->of[n], now_ns);
}

uint64_t
live_input_idle_ns(const struct live *l)
{
	uint64_t now_ns = now_wall_ns();
	uint64_t oldest = UINT64_MAX;

	for (size_t n = 0; n < l->inputs->count; n++) {
		const struct live_input *i = &l->inputs->of[n];
		/* Where there is more to read, time has come as far as what was read. */
		uint64_t ns = i->files != NULL && !i->is_at_end ? i->counters.last_ns
								: now_ns - i->delay_ns;

		oldest = ns < oldest ? ns : oldest;
	}
	return oldest;
}

void
live_input_finish(struct live *l)
{
	if (l->inputs == NULL)
		return;
	for (size_t n = 0; n < l->inputs->count; n++) {
		struct live_input *i = &l->inputs->of[n];

		if (i->socket != NULL)
			input_socket_finish(i->socket);
		live_input_take_held(i);
		if (i->exporter == NULL)
			continue;
		for (unsigned batch = 0; batch < BATCHES_A_TURN; batch++)
			if (!input_udp_read(i->udp, now_wall_ns(), live_input_take_datagram, i))
				break;
		live_input_take_waiting(i, UINT64_MAX);
	}
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
