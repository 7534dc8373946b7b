/* source_redis_rig.h -- Debian's redis-server for a test of a source: on a Unix socket of its own, filled by hand. */
#pragma once

#include "viewer/source/source.h"

#include <hiredis/hiredis.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { RIG_WORDS_MAX = 12, RIG_LINE_MAX = 64 * 1024, RIG_MEMORY = 64 * 1024 * 1024 };

struct source_redis_rig {
	char directory[64], path[96], url[128];
	pid_t pid; /* 0: it does not run */
	redisContext *own;
	struct arena memory;
	struct source *source;
};

static inline void
rig_start(struct source_redis_rig *r)
{
	r->pid = fork();
	assert_true(r->pid >= 0);
	if (r->pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* it outlives no test, however that ends */
		(void)execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", r->path,
			"--save", "", "--appendonly", "no", "--logfile", "/dev/null", "--dir",
			r->directory, (char *)NULL);
		_exit(127);
	}
	for (int i = 0; i < 6000 && (r->own == NULL || r->own->err != 0); i++) {
		if (r->own != NULL)
			redisFree(r->own);
		(void)usleep(5000);
		r->own = redisConnectUnix(r->path);
	}
	assert_int_equal(r->own->err, 0);
}

static inline void
rig_stop(struct source_redis_rig *r)
{
	if (r->own != NULL)
		redisFree(r->own);
	r->own = NULL;
	if (r->pid > 0) {
		(void)kill(r->pid, SIGKILL);
		(void)waitpid(r->pid, NULL, 0);
	}
	r->pid = 0;
}

static inline int
rig_setup(void **state)
{
	struct source_redis_rig *r = calloc(1, sizeof(*r));

	(void)snprintf(r->directory, sizeof(r->directory), "/tmp/naiad-test-XXXXXX");
	assert_non_null(mkdtemp(r->directory));
	(void)snprintf(r->path, sizeof(r->path), "%s/redis.sock", r->directory);
	(void)snprintf(r->url, sizeof(r->url), "redis+unix://%s", r->path);
	rig_start(r);
	*state = r;
	return 0;
}

static inline int
rig_teardown(void **state)
{
	struct source_redis_rig *r = *state;

	rig_stop(r);
	(void)unlink(r->path);
	(void)rmdir(r->directory);
	free(r);
	return 0;
}

/* Between two tests the server stays, and forgets. */
static inline int
rig_begin(void **state)
{
	struct source_redis_rig *r = *state;

	freeReplyObject(redisCommand(r->own, "FLUSHALL"));
	arena_init(&r->memory, RIG_MEMORY, NULL);
	return 0;
}

static inline int
rig_end(void **state)
{
	struct source_redis_rig *r = *state;

	source_close(r->source);
	r->source = NULL;
	arena_done(&r->memory);
	return 0;
}

/* Words, the last of them NULL. */
static inline void
rig_words(struct source_redis_rig *r, int count, const char **words)
{
	redisReply *reply = redisCommandArgv(r->own, count, words, NULL);

	assert_non_null(reply);
	if (reply->type == REDIS_REPLY_ERROR)
		fail_msg("%s %s: %s", words[0], words[1], reply->str);
	freeReplyObject(reply);
}

static inline void __attribute__((sentinel))
rig_do(struct source_redis_rig *r, const char *command, ...)
{
	const char *words[RIG_WORDS_MAX] = { command };
	int count = 1;
	va_list more;

	va_start(more, command);
	for (const char *w = va_arg(more, const char *); w != NULL; w = va_arg(more, const char *))
		words[count++] = w;
	va_end(more);
	rig_words(r, count, words);
}

/* Commands from a file: "DB<tab>COMMAND<tab>KEY...", a line each. */
static inline void
rig_fill(struct source_redis_rig *r, const char *path)
{
	static char line[RIG_LINE_MAX];
	FILE *in = fopen(path, "re");

	assert_non_null(in);
	while (fgets(line, sizeof(line), in) != NULL) {
		const char *words[RIG_WORDS_MAX];
		int count = 0;
		char *at = line;

		line[strcspn(line, "\n")] = '\0';
		for (char *w; line[0] != '#' && (w = strsep(&at, "\t")) != NULL;)
			words[count++] = w;
		if (count == 0)
			continue;
		rig_do(r, "SELECT", words[0], (const char *)NULL);
		rig_words(r, count - 1, words + 1);
	}
	(void)fclose(in);
	rig_do(r, "SELECT", "0", (const char *)NULL);
}

/* What the server has now, as a source. */
static inline struct source *
rig_open(struct source_redis_rig *r)
{
	char error[SOURCE_ERROR_MAX] = "";

	r->source = source_open(r->url, NULL, error);
	if (r->source == NULL)
		fail_msg("%s", error);
	return r->source;
}
