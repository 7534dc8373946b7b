#include "ctl/report/report.h"

#include "ctl/report/report_html.h"
#include "ctl/report/report_json.h"
#include "ctl/report/report_md.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_MAX_BYTES = 4096, MODE_OF_REPORT = 0640 };

static bool
write_html(const struct report *r, FILE *out)
{
	report_html(r, out);
	return true;
}

static bool
write_md(const struct report *r, FILE *out)
{
	report_md(r, out);
	return true;
}

/* returns 0 or a negative errno */
static int
fill(const struct report *r, FILE *out, bool (*write)(const struct report *, FILE *))
{
	errno = 0;
	if (!write(r, out))
		return -ENOMEM;
	if (fflush(out) != 0 || ferror(out) != 0)
		return errno != 0 ? -errno : -EIO;
	return 0;
}

/* The same, and close it; `out` may be NULL with errno set. */
static int
finish(const struct report *r, FILE *out, bool (*write)(const struct report *, FILE *))
{
	if (out == NULL)
		return -errno;
	int result = fill(r, out, write);
	if (fclose(out) != 0 && result == 0)
		result = -errno;
	return result;
}

/*
 * A new file beside the place, readable by its owner and group only: what a report says is not for all. What is there
 * and is no file (a terminal, /dev/null) is written into.
 */
static int
write_file(const struct report *r, const char *path, bool (*write)(const struct report *, FILE *))
{
	char beside[NAME_MAX_BYTES];

	struct stat there;

	if (strcmp(path, "-") == 0)
		return fill(r, stdout, write);
	if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
		return finish(r, fopen(path, "w"), write);
	if ((size_t)snprintf(beside, sizeof(beside), "%s.XXXXXX", path) >= sizeof(beside))
		return -ENAMETOOLONG;
	int fd = mkstemp(beside);
	if (fd < 0)
		return -errno;
	int result = fchmod(fd, MODE_OF_REPORT) < 0 ? -errno : 0;
	FILE *out = result < 0 ? NULL : fdopen(fd, "w");
	if (out == NULL)
		(void)close(fd);
	if (result == 0)
		result = finish(r, out, write);
	if (result == 0 && rename(beside, path) < 0)
		result = -errno;
	if (result < 0)
		(void)unlink(beside);
	return result;
}

static int
write_all(const struct report *r, const struct report_options *o, char ret_error[REPORT_ERROR_MAX])
{
	const struct {
		const char *path;
		bool (*write)(const struct report *, FILE *);
	} files[] = {
		{ o->html, write_html },
		{ o->markdown, write_md },
		{ o->json, report_json },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		int result =
			files[i].path == NULL ? 0 : write_file(r, files[i].path, files[i].write);

		if (result < 0) {
			/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
			(void)snprintf(ret_error, REPORT_ERROR_MAX,
				"cannot write the report to %s: %s", files[i].path,
				strerror(-result));
			return result;
		}
	}
	return 0;
}

int
report_run(struct source *s, const struct report_options *o, char ret_error[REPORT_ERROR_MAX])
{
	struct report *r = malloc(sizeof(*r));
	int result = 0;

	ret_error[0] = '\0';
	if (r == NULL || !report_gather(r, s, o->now_ns)) {
		(void)snprintf(ret_error, REPORT_ERROR_MAX,
			"no memory left to gather a report of %s", source_name(s));
		result = -ENOMEM;
	} else {
		result = write_all(r, o, ret_error);
	}
	if (r != NULL)
		report_done(r);
	free(r);
	return result;
}
