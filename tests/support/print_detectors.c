/*
 * print_detectors DIRECTORY -- docs/DETECTORS.md, as tests/checks/generated_detectors.sh compares and writes it.
 *
 * From the tables of the program, and from the comments that head the sources in DIRECTORY: what a detector looks for
 * and what it cannot tell apart is told there once, to who changes it and to who is woken by it.
 */
#include "daemon/base/attack.h"
#include "daemon/base/strbuf.h"
#include "daemon/base/time_text.h"
#include "daemon/config/config.h"
#include "daemon/config/config_diff.h"
#include "daemon/config/config_scalar.h"
#include "daemon/evidence/evidence.h"
#include "daemon/evidence/evidence_converge.h"
#include "detectors/detector.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { CELL_MAX = 512, LINE_BYTES = 256, PROFILES = 3, KEYS_MAX = 64 };

static const char *const profile_names[PROFILES] = { "quiet", "balanced", "paranoid" };

static const char *const aspect_names[] = {
	[ASPECT_NONE] = "",
	[ASPECT_NAME] = "name",
	[ASPECT_CERT] = "certificate",
	[ASPECT_PORT] = "port",
	[ASPECT_PROTOCOL] = "protocol",
	[ASPECT_CONTENT] = "content",
	[ASPECT_CLIENT] = "client",
	[ASPECT_HABIT] = "habit",
	[ASPECT_LIST] = "list",
};
static_assert(
	sizeof(aspect_names) / sizeof(aspect_names[0]) == ASPECT_COUNT, "an aspect has no name");

static void
kind_print(const struct evidence_kind *k, const char *detector)
{
	const struct attack *a = attack_find(k->technique);

	printf("| `%s` | %s | %s | ", k->name, detector, k->title);
	if (a != NULL)
		printf("%s %s (%s)", a->technique, a->technique_name, a->tactic_name);
	printf(" | %s | %s | %s |\n", aspect_names[k->aspect], k->unit,
		k->may_convict ? "yes" : "");
}

static void
kinds_print(void)
{
	char link[CELL_MAX];

	(void)fputs("| Evidence | Detector | What it is | ATT&CK | Oddity | Counts | Alone |\n"
		    "|---|---|---|---|---|---|---|\n",
		stdout);
	for (size_t i = 0; i < detector_count; i++) {
		(void)snprintf(
			link, sizeof(link), "[%s](#%s)", detectors[i]->name, detectors[i]->name);
		for (const struct evidence_kind *const *k = detectors[i]->kinds; *k != NULL; k++)
			kind_print(*k, link);
	}
	kind_print(&evidence_converging, "all together");
}

/* The row of `key`, which is one, and the section that it describes. */
static const struct config_item *
row_at(const struct config *c, const char *key, const unsigned char **ret_section)
{
	const struct config_item *rows = c->rows;

	*ret_section = c->root;
	for (;;) {
		size_t length = strcspn(key, ".");
		const struct config_item *row = config_rows_find(rows, key, length);

		assert(row != NULL);
		if (key[length] == '\0')
			return row;
		*ret_section += row->offset;
		rows = row->rows;
		key += length + 1;
	}
}

static void
value_print(const struct config *c, const char *key)
{
	char memory[CELL_MAX];
	struct strbuf text;
	const unsigned char *section = NULL;
	const struct config_item *row = row_at(c, key, &section);

	strbuf_init(&text, memory, sizeof(memory));
	config_scalar_format(row, section, &text);
	printf(" %s |", text.text);
}

/* What the sum is compared with, a minute: not 0, which is the word for the usual one. */
static void
threshold_print(const struct config *c)
{
	double minutes = (double)c->settings->windows.width / (60.0 * (double)NS_PER_S);

	printf(" %g |", evidence_rule_of(c->settings).threshold / minutes);
}

/* The keys that differ between profiles, each once. */
struct keys {
	char key[KEYS_MAX][CELL_MAX];
	size_t count;
};

static void
key_add(void *context, const char *key, bool at_start)
{
	struct keys *k = context;

	(void)at_start;
	if (strcmp(key, "profile") == 0)
		return;
	for (size_t i = 0; i < k->count; i++)
		if (strcmp(k->key[i], key) == 0)
			return;
	assert(k->count < KEYS_MAX);
	(void)snprintf(k->key[k->count++], CELL_MAX, "%s", key);
}

static void
complain(void *context, const char *text)
{
	(void)context;
	(void)fprintf(stderr, "%s\n", text);
}

static int
profiles_print(void)
{
	static struct keys keys;
	struct config *loaded[PROFILES] = { NULL };
	struct config_report report = { .line = complain };
	const unsigned char *section = NULL;
	int r = 0;

	for (size_t i = 0; i < PROFILES && r == 0; i++) {
		struct config_overrides given = { .profile = profile_names[i] };
		r = config_load(NULL, &given, &report, &loaded[i]);
	}
	for (size_t i = 0; i < PROFILES && r == 0; i++)
		config_diff(loaded[1], loaded[i], key_add, &keys);
	(void)fputs("| Setting | quiet | balanced | paranoid | Meaning |\n|---|---|---|---|---|\n",
		stdout);
	for (size_t i = 0; r == 0 && i < keys.count; i++) {
		printf("| `%s` |", keys.key[i]);
		for (size_t p = 0; p < PROFILES; p++) {
			if (strcmp(keys.key[i], "alert.threshold") == 0)
				threshold_print(loaded[p]);
			else
				value_print(loaded[p], keys.key[i]);
		}
		printf(" %s |\n", row_at(loaded[0], keys.key[i], &section)->help);
	}
	for (size_t i = 0; i < PROFILES; i++)
		config_free(loaded[i]);
	return r;
}

static void
raised_print(const struct detector *d)
{
	for (const struct evidence_kind *const *k = d->kinds; *k != NULL; k++)
		printf("%s`%s`", k == d->kinds ? " Raises " : ", ", (*k)->name);
	(void)fputs(".\n", stdout);
}

static void
settings_print(const struct detector *d)
{
	_Alignas(max_align_t) unsigned char section[CELL_MAX];
	char memory[CELL_MAX];
	struct strbuf text;

	if (d->config == NULL || d->config->type == CONFIG_TYPE_END)
		return;
	assert(d->config_size <= sizeof(section));
	config_rows_default(d->config, section);
	(void)fputs("\n| Setting | Takes | Default | Meaning |\n|---|---|---|---|\n", stdout);
	for (const struct config_item *row = d->config; row->type != CONFIG_TYPE_END; row++) {
		strbuf_init(&text, memory, sizeof(memory));
		config_scalar_expect(row, &text);
		printf("| `detectors.%s.%s` | %s | ", d->name, row->name, text.text);
		strbuf_reset(&text);
		if (row->type == CONFIG_TYPE_LIST || config_scalar_is_none(row, section))
			strbuf_text(&text, "none");
		else
			config_scalar_format(row, section, &text);
		printf("`%s` | %s |\n", text.text, row->help);
	}
}

/* What only who changes the source asks for. */
static bool
is_of_the_source(const char *paragraph)
{
	return strncmp(paragraph, "Bounds:", 7) == 0 || strncmp(paragraph, "Source:", 7) == 0;
}

/* A line of a comment, without what makes it one. returns NULL after the last one */
static char *
comment_line(FILE *in, char *line, int size)
{
	if (fgets(line, size, in) == NULL || strncmp(line, " */", 3) == 0)
		return NULL;
	line[strcspn(line, "\n")] = '\0';
	return line + (strncmp(line, " * ", 3) == 0 ? 3 : strlen(line));
}

/* What is not told apart, or not seen, is what one looks for. returns the rest of the line */
static const char *
beginning_print(const char *line)
{
	const char *colon = strchr(line, ':');

	(void)putchar('\n');
	if (strncmp(line, "Not ", 4) != 0 || colon == NULL)
		return line;
	printf("**%.*s**", (int)(colon - line), line);
	return colon;
}

/* The comment that heads a detector's source, without its first paragraph, which is the summary. */
static int
story_print(const char *directory, const char *name)
{
	char path[CELL_MAX];
	char line[LINE_BYTES];
	bool is_first = true, is_begun = false, is_told = false;

	(void)snprintf(path, sizeof(path), "%s/%s.c", directory, name);
	FILE *in = fopen(path, "r");
	if (in == NULL || comment_line(in, line, sizeof(line)) == NULL) {
		(void)fprintf(stderr, "%s: cannot be read: %s\n", path, strerror(errno));
		return -1;
	}
	for (const char *at; (at = comment_line(in, line, sizeof(line))) != NULL;) {
		if (*at == '\0') {
			is_first = false;
			is_begun = false;
			continue;
		}
		if (!is_begun) {
			is_begun = true;
			is_told = !is_first && !is_of_the_source(at);
			if (is_told)
				at = beginning_print(at);
		}
		if (is_told)
			(void)puts(at);
	}
	return fclose(in);
}

static const char introduction[] =
	"# Detectors\n\n"
	"Written by tests/regenerate from the tables and the comments of the source. How often each\n"
	"speaks on healthy traffic is in FALSE-POSITIVES.md, all settings are in CONFIG.md, and how to\n"
	"write another one is in WRITING-A-DETECTOR.md.\n\n"
	"## From a finding to an alert\n\n"
	"What a detector finds is evidence, on the account of one host in one time window. Evidence alone\n"
	"wakes nobody. An alert names the host, and comes in one of three ways, which it says:\n\n"
	"* **A sum.** Each finding is charged with its level (info 0, low 0.2, medium 0.5, high 0.8,\n"
	"  critical 1) times its confidence, once for what it is about: the tenth strange port of one peer\n"
	"  costs nothing more. The alert is due at `alert.threshold` for each minute of the window, which is\n"
	"  3 in the hour that a window lasts by default.\n"
	"* **One decisive finding.** Of the kinds with *yes* under **Alone** below, the strong ones: their\n"
	"  thresholds are settings named `convict...`.\n"
	"* **Several oddities of one peer.** A name that nobody resolved is an accident, and so is an odd port\n"
	"  or a certificate signed by its owner. All three at one peer are not: `alert.converge` different\n"
	"  ones in one window are `CONVERGING_EVIDENCE`. The column **Oddity** has them.\n\n"
	"When a detector is wrong about your network: what it takes for something else stands under *Not\n"
	"told apart* in its section; raise its threshold there, or switch it off with\n"
	"`detectors.NAME.enabled: false`. Switching off is the last resort: evidence that is charged too\n"
	"often is better met by a higher threshold, or by `profile: quiet`.\n\n"
	"*The reference*, below, is Slips, beside which these detectors were measured.\n\n";

int
main(int argc, char **argv)
{
	if (argc != 2) {
		(void)fputs("usage: print_detectors DIRECTORY\n", stderr);
		return 2;
	}
	(void)fputs(introduction, stdout);
	(void)fputs("## Evidence\n\n**Counts** is the unit of the number that a finding tells.\n\n",
		stdout);
	kinds_print();
	(void)fputs(
		"\n## Profiles\n\nWhat `profile: NAME` in the settings file, or `naiad --profile NAME`, sets\n"
		"before everything else is read; what is set in the file holds over it. What each costs and\n"
		"finds is in FALSE-POSITIVES.md.\n\n",
		stdout);
	if (profiles_print() < 0)
		return 1;
	for (size_t i = 0; i < detector_count; i++) {
		printf("\n## %s\n\n**%s**", detectors[i]->name, detectors[i]->summary);
		raised_print(detectors[i]);
		if (story_print(argv[1], detectors[i]->name) != 0)
			return 1;
		settings_print(detectors[i]);
	}
	return fflush(stdout) == 0 ? 0 : 1;
}
