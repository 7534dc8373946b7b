/*
 * The root of the settings is put together at start: the engine's rows, capture's, then a section
 * for each detector (its own rows after `enabled`) and for each exporter. Everything after that
 * works on rows and does not know whose they are.
 */
#include "daemon/config/config.h"

#include "daemon/config/config_file.h"
#include "daemon/config/config_kinds.h"
#include "daemon/config/config_print.h"
#include "daemon/config/config_profile.h"
#include "daemon/config/config_scalar.h"
#include "daemon/config/config_whitelist.h"
#include "daemon/config/config_yaml.h"
#include "daemon/whitelist/whitelist_build.h"
#include "detectors/detector.h"
#include "exporters/exporter.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
	ALIGNMENT = 16,
	ARENA_MAX_BYTES = 8 * 1024 * 1024, /* a file of 1 MiB and its lists, with room to spare */
};

/* What comes first in the root; sections of detectors and exporters follow. */
struct root {
	struct settings settings;
	struct shell_settings shell;
};

/* Which detectors run is decided at start: their states and what they subscribe to hang on it. */
static const struct config_item enabled_row = {
	.name = "enabled",
	.type = CONFIG_TYPE_BOOL,
	.dflt = true,
	.unit = "",
	.help = "Whether this detector runs.",
	.at_start = true,
};

static const struct config_item no_rows[] = { CONFIG_END };

static size_t
rows_count(const struct config_item *rows)
{
	size_t count = 0;

	while (rows[count].type != CONFIG_TYPE_END)
		count++;
	return count;
}

/* Room in the root for one more section. returns where it begins */
static size_t
root_reserve(size_t *size, size_t bytes)
{
	size_t begin = (*size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;

	*size = begin + bytes;
	return begin;
}

/* A detector's own rows, moved behind the flag that switches it on. */
static const struct config_item *
detector_rows(struct arena *arena, const struct detector *d)
{
	const struct config_item *own = d->config != NULL ? d->config : no_rows;
	size_t count = rows_count(own);
	struct config_item *rows = arena_alloc(arena, (count + 2) * sizeof(*rows));

	if (rows == NULL)
		return NULL;
	rows[0] = enabled_row;
	for (size_t i = 0; i <= count; i++) {
		rows[i + 1] = own[i];
		rows[i + 1].offset += ALIGNMENT;
	}
	return rows;
}

static struct config_item
section_row(const char *name, const char *help, const struct config_item *rows, size_t offset)
{
	return (struct config_item){
		.name = name,
		.type = CONFIG_TYPE_SECTION,
		.offset = offset,
		.rows = rows,
		.unit = "",
		.help = help,
	};
}

static const struct config_item *
detectors_rows(struct arena *arena, size_t *size)
{
	struct config_item *rows = arena_alloc(arena, (detector_count + 1) * sizeof(*rows));

	for (size_t i = 0; rows != NULL && i < detector_count; i++) {
		const struct detector *d = detectors[i];
		const struct config_item *own = detector_rows(arena, d);

		if (own == NULL)
			return NULL;
		rows[i] = section_row(
			d->name, d->summary, own, root_reserve(size, ALIGNMENT + d->config_size));
	}
	return rows;
}

/* Exporters' sections stand in the root, by their names: `eve:`, `logs:`. They are opened at start. */
static void
exporters_rows(struct config_item *rows, size_t *size)
{
	for (size_t i = 0; i < exporter_count; i++) {
		const struct exporter *e = exporters[i];

		rows[i] = section_row(e->name, e->summary, e->config != NULL ? e->config : no_rows,
			root_reserve(size, e->config_size));
		rows[i].at_start = true;
	}
}

/* Put the root's rows together and make room for what they describe. */
static int
root_build(struct config *c)
{
	size_t of_settings = rows_count(settings_rows);
	size_t of_shell = rows_count(shell_settings_rows);
	size_t size = sizeof(struct root);
	const struct config_item *of_detectors = detectors_rows(&c->arena, &size);
	struct config_item *rows = arena_alloc(
		&c->arena, (of_settings + of_shell + exporter_count + 2) * sizeof(*rows));

	if (of_detectors == NULL || rows == NULL)
		return -ENOMEM;
	exporters_rows(rows + of_settings + of_shell, &size);
	c->root = arena_alloc(&c->arena, size);
	if (c->root == NULL)
		return -ENOMEM;
	memcpy(rows, settings_rows, of_settings * sizeof(*rows));
	memcpy(rows + of_settings, shell_settings_rows, of_shell * sizeof(*rows));
	for (size_t i = 0; i < of_shell; i++)
		rows[of_settings + i].offset += offsetof(struct root, shell);
	rows[of_settings + of_shell + exporter_count] =
		section_row("detectors", "What each detector looks for.", of_detectors, 0);
	c->rows = rows;
	config_rows_default(rows, c->root);
	return 0;
}

/* What a section describes begins at its offset; the typed views are handed out from there. */
static const unsigned char *
section_at(const struct config *c, const struct config_item *sections, const char *name)
{
	const struct config_item *row = config_rows_find(sections, name, strlen(name));

	return (const unsigned char *)c->root + row->offset;
}

int
config_views_build(struct config *c)
{
	struct root *root = c->root;
	const struct config_item *of_detectors = config_rows_find(c->rows, "detectors", 9);

	c->settings = &root->settings;
	c->shell = &root->shell;
	c->detector_count = 0;
	/* One more than needed: an arena gives no empty block. */
	c->detectors = arena_alloc(&c->arena, (detector_count + 1) * sizeof(void *));
	c->detector_configs = arena_alloc(&c->arena, (detector_count + 1) * sizeof(void *));
	c->exporter_configs = arena_alloc(&c->arena, (exporter_count + 1) * sizeof(void *));
	if (c->detectors == NULL || c->detector_configs == NULL || c->exporter_configs == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < detector_count; i++) {
		const unsigned char *at = section_at(c, of_detectors->rows, detectors[i]->name);
		bool enabled = false;

		memcpy(&enabled, at, sizeof(enabled));
		if (!enabled)
			continue;
		c->detectors[c->detector_count] = detectors[i];
		c->detector_configs[c->detector_count++] = at + ALIGNMENT;
	}
	for (size_t i = 0; i < exporter_count; i++)
		c->exporter_configs[i] = section_at(c, c->rows, exporters[i]->name);
	return 0;
}

static void
unheard(void *context, const char *text)
{
	(void)context;
	(void)text;
}

/*
 * The profile comes before the file and may be named in it, so the file is asked for this alone
 * first. Everything else in it is unknown to a root of one row, and what is wrong with the name is
 * told when the whole file is read.
 */
static void
profile_of_file(struct config *c, const char *path, const char *text, size_t length)
{
	const struct config_item one[] = { *config_rows_find(c->rows, "profile", 7), CONFIG_END };
	struct config_report report = { .line = unheard };

	(void)config_yaml_parse(path, text, length, one, c->root, &c->arena, &report);
}

static int
profile_apply(struct config *c, struct config_report *report)
{
	const struct settings *s = &((const struct root *)c->root)->settings;
	int r = 0;

	for (const struct config_setting *one = config_profiles[s->profile];
		r == 0 && one->key != NULL; one++)
		r = config_rows_set(c->rows, c->root, &c->arena, one, false, report);
	return r;
}

static bool
is_given_before(const struct config_overrides *o, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (strcmp(o->settings[i].key, o->settings[index].key) == 0)
			return true;
	return false;
}

/* Of several results the last failure is as good as the first: all of them have been told. */
static void
worsen(int *result, int r)
{
	if (r < 0)
		*result = r;
}

/* What is given later holds: the profile, the file, the command line. */
static int
all_apply(struct config *c, const char *path, const struct config_overrides *o,
	struct config_report *report)
{
	const struct config_setting profile = { "profile", o->profile, "option --profile" };
	char *text = NULL;
	ssize_t length = path != NULL ? config_file_read(path, report, &text) : 0;
	int result = length < 0 ? (int)length : 0;

	if (text != NULL)
		profile_of_file(c, path, text, (size_t)length);
	if (o->profile != NULL)
		worsen(&result,
			config_rows_set(c->rows, c->root, &c->arena, &profile, false, report));
	worsen(&result, profile_apply(c, report));
	if (text != NULL)
		worsen(&result, config_yaml_parse(path, text, (size_t)length, c->rows, c->root,
					&c->arena, report));
	free(text);
	if (o->profile != NULL && result == 0) /* once more: the file may name another one */
		result = config_rows_set(c->rows, c->root, &c->arena, &profile, false, report);
	for (size_t i = 0; i < o->setting_count; i++)
		worsen(&result, config_rows_set(c->rows, c->root, &c->arena, &o->settings[i],
					is_given_before(o, i), report));
	return result;
}

/* Types of evidence whose levels are set, of which there is none. returns 0, or -EINVAL */
static int
levels_check(const struct config_list *levels, struct config_report *report)
{
	const struct setting_level *rows = levels->items;
	int r = 0;

	for (size_t i = 0; i < levels->count; i++) {
		if (config_is_kind(rows[i].type))
			continue;
		config_complain(report,
			"evidence.levels: there is no type of evidence \"%s\", docs/DETECTORS.md has those there are",
			rows[i].type);
		r = -EINVAL;
	}
	return r;
}

/* What no single row can say. returns 0, or -EINVAL */
static int
whole_check(const struct config *c, struct config_report *report)
{
	uint64_t limit = c->settings->memory.limit;

	if (levels_check(&c->settings->evidence.levels, report) < 0)
		return -EINVAL;
	if (limit == 0 || limit >= SETTINGS_MEMORY_MIN)
		return 0;
	config_complain(report,
		"memory.limit: %llu bytes are less than 64MiB, the smallest limit that is supported",
		(unsigned long long)limit);
	return -EINVAL;
}

/* What is wrong with it is known when all of the settings are. */
static int
whitelist_make(struct config *c, const char *path, struct config_report *report)
{
	struct root *root = c->root;
	int r = config_whitelist_build(
		&root->settings.whitelist, path, &c->arena, report, &c->whitelist);

	root->settings.whitelist.built = c->whitelist;
	return r;
}

int
config_load(const char *path, const struct config_overrides *overrides,
	struct config_report *report, struct config **ret_config)
{
	static const struct config_overrides nothing;
	struct config *c = calloc(1, sizeof(*c));
	int r = -ENOMEM;

	if (c == NULL)
		goto out;
	arena_init(&c->arena, ARENA_MAX_BYTES, NULL);
	r = root_build(c);
	if (r < 0)
		goto out;
	r = all_apply(c, path, overrides != NULL ? overrides : &nothing, report);
	if (r < 0)
		goto out;
	r = config_views_build(c);
	if (r == 0)
		r = whole_check(c, report);
	if (r == 0)
		r = whitelist_make(c, path, report);
	if (r < 0)
		goto out;
	*ret_config = c;
	return 0;
out:
	if (r == -ENOMEM && report->count == 0)
		config_complain(report, "settings: no memory left");
	config_free(c);
	return r;
}

void
config_free(struct config *c)
{
	if (c == NULL)
		return;
	whitelist_free(c->whitelist);
	arena_done(&c->arena);
	free(c);
}

int
config_print(const struct config *c, FILE *out)
{
	(void)fputs(
		"# Settings of naiad. Printed by naiad --print-config. A settings file (naiad -c FILE)\n"
		"# holds only what differs from the defaults; everything below may be left out.\n"
		"#\n"
		"# Durations are written 250ms, 90s, 5m, 1h, 2d; sizes 512KiB, 64MiB, 1GiB or plain bytes;\n"
		"# networks 10.0.0.0/8, 2001:db8::/32.\n"
		"#\n"
		"# A running sensor takes over what changed at a reload (naiadctl reload, or SIGHUP);\n"
		"# what needs a restart says so, and keeps its value until then.\n\n",
		out);
	return config_print_yaml(out, c->rows, c->root);
}

char *
config_print_text(const struct config *c)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	if (out == NULL)
		return NULL;
	int failed = config_print(c, out);
	if (fclose(out) != 0 || failed != 0) {
		free(text);
		return NULL;
	}
	return text;
}

int
config_print_page(const struct config *c, FILE *out)
{
	(void)fputs(
		"# Settings\n\n"
		"Generated by `naiad --print-config=markdown`; a test compares it with the program.\n\n"
		"A settings file (`naiad -c FILE`) is YAML and holds only what differs from the\n"
		"defaults. `naiad -T -c FILE` checks it and tells everything that is wrong with it;\n"
		"`naiad --print-config` prints a whole one to start from.\n\n"
		"Durations are written `250ms`, `90s`, `5m`, `1h`, `2d`; sizes `512KiB`, `64MiB`,\n"
		"`1GiB` or plain bytes; networks `10.0.0.0/8`, `2001:db8::/32`.\n\n"
		"A running sensor takes over what changed at a reload (`naiadctl reload`, or SIGHUP).\n"
		"What is changed by a restart keeps its value until then, and the reload names it.\n",
		out);
	return config_print_markdown(out, c->rows);
}
