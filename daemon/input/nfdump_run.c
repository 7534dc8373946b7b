/*
 * It is asked for the columns of its own "-o csv", one by one: that format has its times in whole seconds in
 * some versions, and other columns in others. Times come as seconds since the epoch, so no zone matters; the
 * last one is left out, since 1.7.1 writes it with wrong fractions and the duration says it. What it has to
 * complain goes to a pipe that drops what does not fit, so neither waits for the other; it exits with 0
 * whatever happens, so a complaint is how we know.
 */
#include "daemon/input/nfdump_run.h"

#include "daemon/base/text_safe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_SHOWN = 200, COMPLAINT_MOST = 512, COMPLAINT_SHOWN = 120 };

static const char columns[] = "fmt:%tsr,,%td,%sa,%da,%sp,%dp,%pr,%flg,%fwd,%stos,%ipkt,%ibyt,%opkt,"
			      "%obyt";

static void
say(char *ret_error, size_t error_size, const char *path, const char *what, const char *detail)
{
	struct strbuf b;

	strbuf_init(&b, ret_error, error_size);
	text_safe(&b, path, PATH_SHOWN);
	strbuf_text(&b, ": ");
	strbuf_text(&b, what);
	text_safe(&b, detail, COMPLAINT_SHOWN);
}

static void
close_both(int ends[2])
{
	for (unsigned i = 0; i < 2; i++)
		if (ends[i] >= 0)
			(void)close(ends[i]);
}

/* Both ends are closed in the program, but for those that it is given by name. */
static int
pipe_open(int ends[2])
{
	if (pipe(ends) < 0)
		return -errno;
	for (unsigned i = 0; i < 2; i++)
		if (fcntl(ends[i], F_SETFD, FD_CLOEXEC) < 0)
			return -errno;
	return 0;
}

/* Signals as a program expects them, whatever we ignore or block. */
static int
spawn(pid_t *pid, const char *program, char *const argv[], int out, int complaints)
{
	char zone[] = "TZ=UTC";
	char *const environment[] = { zone, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none;
	sigset_t all;

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	(void)posix_spawn_file_actions_init(&files);
	(void)posix_spawnattr_init(&attributes);
	int error =
		posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (error == 0)
		error = posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	if (error == 0)
		error = posix_spawn_file_actions_adddup2(&files, complaints, STDERR_FILENO);
	if (error == 0)
		error = posix_spawnattr_setsigmask(&attributes, &none);
	if (error == 0)
		error = posix_spawnattr_setsigdefault(&attributes, &all);
	if (error == 0)
		error = posix_spawnattr_setflags(
			&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	if (error == 0)
		error = posix_spawnp(pid, program, &files, &attributes, argv, environment);
	(void)posix_spawn_file_actions_destroy(&files);
	(void)posix_spawnattr_destroy(&attributes);
	return -error;
}

static int
start(struct nfdump_run *run, const char *program, const char *path, int out[2], int complaints[2])
{
	const char *const words[] = { program, "-q", "-N", "-6", "-o", columns, "-r", path, NULL };
	char *argv[sizeof(words) / sizeof(*words)];
	int error = pipe_open(out);

	memcpy(argv, words,
		sizeof(argv)); /* exec() writes to none of them, whatever its prototype says */
	if (error == 0)
		error = pipe_open(complaints);
	if (error == 0 && fcntl(complaints[1], F_SETFL, O_NONBLOCK) < 0)
		error = -errno;
	if (error == 0)
		error = spawn(&run->pid, program, argv, out[1], complaints[1]);
	return error;
}

int
nfdump_run_start(struct nfdump_run *run, const char *program, const char *path, char *ret_error,
	size_t error_size)
{
	int out[2] = { -1, -1 };
	int complaints[2] = { -1, -1 };

	*run = (struct nfdump_run){ .fd = -1, .complaints = -1 };
	if (program == NULL)
		program = "nfdump";
	int error = start(run, program, path, out, complaints);
	if (error < 0) {
		close_both(out);
		close_both(complaints);
		if (error == -ENOENT)
			say(ret_error, error_size, path,
				"its format is read by the program nfdump, which is not installed: install "
				"it, or give the text that it prints by -o csv",
				"");
		else
			say(ret_error, error_size, path, "cannot run nfdump: ", strerror(-error));
		return error;
	}
	(void)close(out[1]);
	(void)close(complaints[1]);
	run->fd = out[0];
	run->complaints = complaints[0];
	return 0;
}

/* The first line of what it said. */
static void
complaint_read(int fd, char line[COMPLAINT_MOST])
{
	ssize_t length = read(fd, line, COMPLAINT_MOST - 1);

	line[length > 0 ? length : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
}

int
nfdump_run_end(struct nfdump_run *run, char *ret_error, size_t error_size)
{
	char complaint[COMPLAINT_MOST];
	struct strbuf b;
	int status = 0;

	if (run->pid == 0)
		return 0;
	while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR)
		;
	complaint_read(run->complaints, complaint);
	(void)close(run->complaints);
	*run = (struct nfdump_run){ .fd = -1, .complaints = -1 };
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE)
		return 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && complaint[0] == '\0')
		return 0;
	strbuf_init(&b, ret_error, error_size);
	strbuf_text(&b, "nfdump could not read it: ");
	text_safe(&b, complaint[0] != '\0' ? complaint : "it says nothing", COMPLAINT_SHOWN);
	return -EIO;
}
