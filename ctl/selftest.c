#include "ctl/selftest.h"

#include "ctl/doctor.h"
#include "ctl/program.h"
#include "ctl/say.h"
#include "ctl/selftest_capture.h"
#include "viewer/source/source.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MEMORY_MAX = 64 * 1024 * 1024, PATH_ROOM = 4096 + 64 };

/* A directory of its own below $TMPDIR. */
static bool
directory_make(char ret_path[PROGRAM_PATH_MAX])
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	const char *below = getenv("TMPDIR");

	(void)snprintf(ret_path, PROGRAM_PATH_MAX, "%s/naiad-selftest.XXXXXX",
		below == NULL || below[0] == '\0' ? "/tmp" : below);
	return mkdtemp(ret_path) != NULL;
}

/* What naiad writes over files, and what was made here: by name, so that nothing else goes. */
static void
directory_remove(const char *path)
{
	static const char *const files[] = { "scan.pcap", "naiad.db", "naiad.db-wal",
		"naiad.db-shm", "naiad.db-journal", "eve.json", "alerts.log", "devices.json",
		"run.json" };
	char name[PATH_ROOM];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		(void)snprintf(name, sizeof(name), "%s/%s", path, files[i]);
		(void)unlink(name);
	}
	if (rmdir(path) < 0)
		say("%s is left behind: something else is in it", path);
}

static bool
capture_make(struct doctor *d, const char *path)
{
	FILE *out = fopen(path, "wxe");
	bool made = out != NULL;

	if (out != NULL) {
		selftest_capture_write(out);
		made = ferror(out) == 0;
		made = fclose(out) == 0 && made;
	}
	if (made)
		(void)doctor_add(d, "capture", DOCTOR_OK,
			"made: one host tries a port of %d hosts, and %d ports of another",
			SELFTEST_HOSTS, SELFTEST_PORTS);
	else
		/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
		doctor_remedy(doctor_add(d, "capture", DOCTOR_BAD, "%.200s cannot be written: %s",
				      path, strerror(errno)),
			"make room there, or set TMPDIR");
	return made;
}

static bool
naiad_run(struct doctor *d, const char *naiad, const char *capture, const char *directory)
{
	const char *const words[] = { "-r", capture, "-o", directory, NULL };
	char *output = malloc(PROGRAM_OUTPUT_MAX);
	int status = output == NULL ? -ENOMEM
				    : program_run(naiad, words, true, output, PROGRAM_OUTPUT_MAX);

	if (status == 0) {
		(void)doctor_add(d, "naiad", DOCTOR_OK, "%.300s read it", naiad);
	} else {
		if (output != NULL)
			output[strcspn(output, "\n")] = '\0';
		doctor_remedy(doctor_add(d, "naiad", DOCTOR_BAD, "it ended with %d: %.300s", status,
				      output == NULL ? "no memory left" : output),
			"install it again; naiad --version tells which one it is");
	}
	free(output);
	return status == 0;
}

static void
found_judge(struct doctor *d, const struct source_evidence *rows, size_t count, const char *kind)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].kind, kind) == 0 &&
			strcmp(rows[i].window.host, SELFTEST_SCANNER) == 0) {
			(void)doctor_add(d, kind, DOCTOR_OK, "found: %s %.200s", SELFTEST_SCANNER,
				rows[i].text);
			return;
		}
	doctor_remedy(doctor_add(d, kind, DOCTOR_BAD, "it is there, and was not found"),
		"install naiad again, and tell its makers");
}

static void
store_judge(struct doctor *d, const char *directory)
{
	char error[SOURCE_ERROR_MAX];
	const struct source_evidence *rows = NULL;
	const struct source_alert *alerts = NULL;
	const struct source_window_id everywhere = { .host = NULL };
	struct arena memory;
	struct source *s = source_open(directory, NULL, error);

	if (s == NULL) {
		doctor_remedy(doctor_add(d, "store", DOCTOR_BAD, "%.400s", error),
			"install naiad and naiadctl of the same version");
		return;
	}
	arena_init(&memory, MEMORY_MAX, NULL);
	size_t count = source_evidences(s, &everywhere, false, &memory, &rows);
	found_judge(d, rows, count, "HORIZONTAL_PORT_SCAN");
	found_judge(d, rows, count, "VERTICAL_PORT_SCAN");
	if (source_alerts(s, &memory, &alerts) > 0)
		(void)doctor_add(d, "alert", DOCTOR_OK, "an alert was raised");
	else
		doctor_remedy(doctor_add(d, "alert", DOCTOR_BAD, "no alert was raised"),
			"install naiad again, and tell its makers");
	arena_done(&memory);
	source_close(s);
}

static void
look(struct doctor *d)
{
	char naiad[PROGRAM_PATH_MAX];
	char directory[PROGRAM_PATH_MAX];
	char capture[PATH_ROOM];

	if (!program_find(naiad)) {
		doctor_remedy(doctor_add(d, "naiad", DOCTOR_BAD, "it is not installed"),
			"install it beside naiadctl, or in /usr/sbin");
		return;
	}
	if (!directory_make(directory)) {
		/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
		doctor_remedy(doctor_add(d, "capture", DOCTOR_BAD, "no directory for it: %s",
				      strerror(errno)),
			"set TMPDIR to a directory that can be written");
		return;
	}
	(void)snprintf(capture, sizeof(capture), "%s/scan.pcap", directory);
	if (capture_make(d, capture) && naiad_run(d, naiad, capture, directory))
		store_judge(d, directory);
	directory_remove(directory);
}

enum exit_code
selftest_run(const struct arguments *a, const struct table_terminal *terminal)
{
	struct doctor *d = calloc(1, sizeof(*d));

	if (d == NULL) {
		say("no memory left");
		return EXIT_REFUSED;
	}
	look(d);
	doctor_show(d, a->json, terminal);
	bool bad = doctor_is_bad(d);
	if (!a->json)
		(void)fprintf(terminal->out, "%s\n",
			bad ? "something was not as it must be"
			    : "this naiad finds what it has to find");
	free(d);
	return bad ? EXIT_REFUSED : EXIT_OK;
}
