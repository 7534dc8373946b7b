#include "ctl/mute.h"

#include "ctl/case_explain.h"
#include "ctl/duration.h"
#include "ctl/mute_rule.h"
#include "ctl/program.h"
#include "ctl/say.h"

#include "daemon/base/addr.h"
#include "daemon/base/text_safe.h"
#include "daemon/base/time_text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SETTINGS_MAX = 4 * 1024 * 1024, RULE_MAX = 4096, ID_SHOWN = 8 };

bool
mute_is_host(const struct arguments *a)
{
	struct addr address;

	return addr_parse(a->words[0], &address);
}

static const char *
text_of(int error)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	return strerror(error < 0 ? -error : error);
}

static uint64_t
now_ns(void)
{
	struct timespec now = { .tv_sec = 0 };

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * NS_PER_S;
}

/* ---- which rule ---- */

static bool
scope_of(const struct arguments *a, const struct source_evidence *e, enum mute_scope *ret)
{
	const char *text = a->values[COMMAND_OPTION_SCOPE];
	struct addr address;
	bool has_other = e != NULL && addr_parse(e->about, &address);

	if (text == NULL)
		*ret = e == NULL ? MUTE_HOST : has_other ? MUTE_PAIR : MUTE_KIND;
	else if (strcmp(text, "host") == 0)
		*ret = MUTE_HOST;
	else
		*ret = strcmp(text, "pair") == 0 ? MUTE_PAIR : MUTE_KIND;
	if (e == NULL && *ret != MUTE_HOST)
		say("a host alone has no %s: name a finding by its id", text);
	else if (*ret == MUTE_PAIR && !has_other)
		say("this finding is about no other address: --scope kind, or --scope host");
	else
		return true;
	return false;
}

/* Who did it is the source of a rule, whoever's account the finding goes to. */
static void
rule_of_evidence(const struct source_evidence *e, enum mute_scope scope, struct mute_rule *r)
{
	bool is_victim = strcmp(e->role, "victim") == 0;

	(void)snprintf(r->name, sizeof(r->name), "mute %.*s",
		(int)(strspn(e->id, "0123456789abcdef") < ID_SHOWN
				? strspn(e->id, "0123456789abcdef")
				: ID_SHOWN),
		e->id);
	r->kind = scope == MUTE_HOST ? NULL : e->kind;
	if (is_victim)
		r->destination = e->window.host;
	else
		r->source = e->window.host;
	if (scope == MUTE_PAIR && is_victim)
		r->source = e->about;
	else if (scope == MUTE_PAIR)
		r->destination = e->about;
}

static enum exit_code
rule_make(const struct arguments *a, const struct source_evidence *rows, size_t count,
	struct mute_rule *ret)
{
	const char *length = a->values[COMMAND_OPTION_FOR];
	const struct source_evidence *e = NULL;
	enum mute_scope scope = MUTE_HOST;
	uint64_t for_ns = 0;
	const char *why = NULL;

	*ret = (struct mute_rule){ .note = a->values[COMMAND_OPTION_NOTE] };
	if (!duration_parse(length == NULL ? "7d" : length, &for_ns) || for_ns == 0) {
		say("--for takes how long: 12h, 7d, 4w");
		return EXIT_USAGE;
	}
	if (!mute_is_host(a) && case_explain_find(rows, count, a->words[0], &e) != 1) {
		say("%s is no address, and not the id of one finding", a->words[0]);
		return EXIT_REFUSED;
	}
	if (!scope_of(a, e, &scope))
		return EXIT_USAGE;
	ret->until_ns = now_ns() + for_ns;
	if (e != NULL) {
		rule_of_evidence(e, scope, ret);
	} else {
		ret->source = a->words[0];
		(void)snprintf(ret->name, sizeof(ret->name), "mute %.50s", a->words[0]);
	}
	if (mute_rule_is_clean(ret, &why))
		return EXIT_OK;
	say("no rule can be made of this: %s", why);
	return EXIT_REFUSED;
}

/* ---- the file ---- */

static char *
file_read(const char *path, struct stat *ret_stat)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = NULL;
	size_t length = 0;
	ssize_t n = 1;

	if (fd < 0)
		return NULL;
	if (fstat(fd, ret_stat) == 0 && S_ISREG(ret_stat->st_mode) &&
		ret_stat->st_size < SETTINGS_MAX)
		text = malloc((size_t)ret_stat->st_size + 1);
	else
		errno = EFBIG;
	while (text != NULL && length < (size_t)ret_stat->st_size && n > 0) {
		n = read(fd, text + length, (size_t)ret_stat->st_size - length);
		length += n > 0 ? (size_t)n : 0;
	}
	if (text != NULL)
		text[length] = '\0';
	(void)close(fd);
	return text;
}

/* Beside its place, as it was. returns 0 or a negative errno */
static int
beside_write(char *beside, const struct stat *was, const struct strbuf *text)
{
	int fd = mkstemp(beside);

	if (fd < 0)
		return -errno;
	int r = 0;
	if (fchown(fd, was->st_uid, was->st_gid) < 0 || fchmod(fd, was->st_mode & 0777) < 0)
		r = -errno;
	for (size_t at = 0; r == 0 && at < text->length;) {
		ssize_t n = write(fd, text->text + at, text->length - at);

		if (n < 0 && errno != EINTR)
			r = -errno;
		at += n > 0 ? (size_t)n : 0;
	}
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r < 0)
		(void)unlink(beside);
	return r;
}

/* Does naiad take it, and does it see the rule? What is wrong is said. */
static bool
is_taken(const char *beside, const struct mute_rule *r)
{
	char naiad[PROGRAM_PATH_MAX];
	char *output = malloc(PROGRAM_OUTPUT_MAX);
	const char *const check[] = { "-T", "-c", beside, NULL };
	const char *const print[] = { "--print-config", "-c", beside, NULL };
	bool taken = false;

	if (output == NULL || !program_find(naiad)) {
		say("naiad itself, which is to check the settings, is not there: install it beside "
		    "naiadctl");
	} else if (program_run(naiad, check, true, output, PROGRAM_OUTPUT_MAX) != 0) {
		output[strcspn(output, "\n")] = '\0';
		say("naiad refuses the settings with the rule: %.400s", output);
	} else if (program_run(naiad, print, false, output, PROGRAM_OUTPUT_MAX) != 0 ||
		   strstr(output, r->name) == NULL) {
		say("the rule would not be part of the settings: add it by hand");
	} else {
		taken = true;
	}
	free(output);
	return taken;
}

static bool
is_as_it_was(const char *path, const struct stat *was)
{
	struct stat now;

	return stat(path, &now) == 0 && now.st_mtim.tv_sec == was->st_mtim.tv_sec &&
	       now.st_mtim.tv_nsec == was->st_mtim.tv_nsec && now.st_size == was->st_size &&
	       now.st_ino == was->st_ino;
}

/* returns false with the reason said */
static bool
file_replace(const char *path, const struct stat *was, const struct mute_rule *r,
	const struct strbuf *text)
{
	char beside[PATH_MAX + 8];

	(void)snprintf(beside, sizeof(beside), "%s.XXXXXX", path);
	int result = beside_write(beside, was, text);
	if (result < 0) {
		say("%s cannot be written: %s", path, text_of(result));
		return false;
	}
	if (!is_taken(beside, r)) {
		(void)unlink(beside);
		return false;
	}
	if (!is_as_it_was(path, was)) {
		say("%s was changed by somebody else just now: nothing was written, try again",
			path);
	} else if (rename(beside, path) < 0) {
		say("%s cannot be written: %s", path, text_of(errno));
	} else {
		return true;
	}
	(void)unlink(beside);
	return false;
}

static bool
settings_edit(const char *path, const struct mute_rule *r)
{
	struct stat was;
	struct strbuf edited;
	const char *why = NULL;
	char *text = file_read(path, &was);
	size_t room = text == NULL ? 0 : strlen(text) + RULE_MAX;
	char *memory = text == NULL ? NULL : malloc(room);
	bool done = false;

	if (memory == NULL) {
		say("%s cannot be read: %s; --conf names the settings file", path, text_of(errno));
	} else {
		strbuf_init(&edited, memory, room);
		if (!mute_rule_insert(r, text, &edited, &why) || edited.truncated)
			say("%s: %s", path, why != NULL ? why : "the rule is too long");
		else
			done = file_replace(path, &was, r, &edited);
	}
	free(memory);
	free(text);
	return done;
}

enum exit_code
mute_run(const struct arguments *a, const struct source_evidence *rows, size_t count,
	const char *settings, FILE *out)
{
	const char *conf = a->values[COMMAND_OPTION_CONF];
	char path[PATH_MAX];
	char memory[RULE_MAX];
	char shown[PATH_MAX];
	struct strbuf printed;
	struct mute_rule r;
	enum exit_code code = rule_make(a, rows, count, &r);

	if (code != EXIT_OK)
		return code;
	strbuf_init(&printed, memory, sizeof(memory));
	mute_rule_print(&r, 4, &printed);
	conf = conf != NULL ? conf : settings;
	/* A link is followed: it is to stay one. */
	if (realpath(conf, path) == NULL) {
		say("%s cannot be read: %s; --conf names the settings file", conf, text_of(errno));
		code = EXIT_REFUSED;
	} else if (!settings_edit(path, &r)) {
		code = EXIT_REFUSED;
	}
	if (code == EXIT_OK)
		(void)fprintf(out,
			"written to %s, below whitelist.rules:\n%snaiadctl reload applies it\n",
			text_safe_in(shown, sizeof(shown), path), memory);
	else
		(void)fprintf(out,
			"nothing was written; the rule would be, below whitelist.rules:\n%s",
			memory);
	return code;
}
