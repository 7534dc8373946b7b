/* print_detectors -- docs/DETECTORS.md, as tests/checks/generated_detectors.sh compares and writes it. */
#include "daemon/attack.h"
#include "daemon/base/strbuf.h"
#include "daemon/config.h"
#include "daemon/config_diff.h"
#include "daemon/config_scalar.h"
#include "daemon/evidence_converge.h"
#include "detectors/detector.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { CELL_MAX = 512, PROFILES = 3, KEYS_MAX = 64 };

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

/* The value at `key` of settings that were loaded, as a settings file says it. */
static const char *
value_at(const struct config *c, const char *key, char *memory, size_t size)
{
	const struct config_item *rows = c->rows;
	const unsigned char *section = c->root;
	struct strbuf text;

	strbuf_init(&text, memory, size);
	for (;;) {
		size_t length = strcspn(key, ".");
		const struct config_item *row = config_rows_find(rows, key, length);

		assert(row != NULL);
		if (key[length] == '\0') {
			config_scalar_format(row, section, &text);
			return text.text;
		}
		section += row->offset;
		rows = row->rows;
		key += length + 1;
	}
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
	char memory[CELL_MAX];
	int r = 0;

	for (size_t i = 0; i < PROFILES && r == 0; i++) {
		struct config_overrides given = { .profile = profile_names[i] };
		r = config_load(NULL, &given, &report, &loaded[i]);
	}
	for (size_t i = 0; i < PROFILES && r == 0; i++)
		config_diff(loaded[1], loaded[i], key_add, &keys);
	(void)fputs("| Setting | quiet | balanced | paranoid |\n|---|---|---|---|\n", stdout);
	for (size_t i = 0; i < keys.count; i++) {
		printf("| `%s`", keys.key[i]);
		for (size_t p = 0; p < PROFILES; p++)
			printf(" | %s", value_at(loaded[p], keys.key[i], memory, sizeof(memory)));
		(void)fputs(" |\n", stdout);
	}
	for (size_t i = 0; i < PROFILES; i++)
		config_free(loaded[i]);
	return r;
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

int
main(void)
{
	(void)fputs(
		"# Detectors\n\n"
		"Written by tests/regenerate from the tables of the source. How often each speaks on\n"
		"healthy traffic is in FALSE-POSITIVES.md, all settings are in CONFIG.md, and how to write\n"
		"another one is in WRITING-A-DETECTOR.md.\n\n"
		"A finding is evidence; evidence on a host adds up to an alert. **Alone**: a strong finding\n"
		"of this kind is an alert by itself. **Oddity**: in what way it says that the other party is\n"
		"odd; `alert.converge` different oddities of one peer in one window are\n"
		"`CONVERGING_EVIDENCE`. **Counts**: the unit of the number that it tells.\n\n"
		"## Evidence\n\n",
		stdout);
	kinds_print();
	(void)fputs(
		"\n## Profiles\n\nWhat `naiad --profile NAME` sets before the settings file is read.\n\n",
		stdout);
	if (profiles_print() < 0)
		return 1;
	for (size_t i = 0; i < detector_count; i++) {
		printf("\n## %s\n\n%s\n", detectors[i]->name, detectors[i]->summary);
		settings_print(detectors[i]);
	}
	return fflush(stdout) == 0 ? 0 : 1;
}
