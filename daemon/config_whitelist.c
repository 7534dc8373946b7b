#include "daemon/config_whitelist.h"

#include "daemon/config_file.h"
#include "daemon/evidence_converge.h"
#include "daemon/whitelist_build.h"
#include "detectors/detector.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool
is_kind_of(const struct detector *d, const char *name)
{
	for (const struct evidence_kind *const *k = d->kinds; k != NULL && *k != NULL; k++)
		if (strcmp((*k)->name, name) == 0)
			return true;
	return false;
}

/* Also of one that is off: to switch it off is no reason to refuse the settings. */
static bool
is_detector(const char *name)
{
	for (size_t i = 0; i < detector_count; i++)
		if (strcmp(detectors[i]->name, name) == 0 || is_kind_of(detectors[i], name))
			return true;
	return strcmp(evidence_converging.name, name) == 0;
}

static void
complain(void *context, const char *line)
{
	config_complain(context, "%s", line);
}

static int
build(struct whitelist_plan *plan, struct config_report *report, struct whitelist **ret_whitelist)
{
	int r = whitelist_build(plan, ret_whitelist);

	if (r == -ENOMEM)
		config_complain(report, "whitelist: the settings take too much memory");
	return r;
}

int
config_whitelist_build(const struct whitelist_settings *s, const char *path, struct arena *arena,
	struct config_report *report, struct whitelist **ret_whitelist)
{
	char *text = NULL;
	struct whitelist_plan plan = {
		.settings = s,
		.path = path == NULL ? "settings" : path,
		.is_detector = is_detector,
		.arena = arena,
		.complain = complain,
		.context = report,
	};
	int r = 0;

	if (s->slips_csv != NULL) {
		ssize_t length = config_file_read(s->slips_csv, report, &text);

		r = length < 0 ? (int)length : 0;
		plan.slips_length = length < 0 ? 0 : (size_t)length;
		plan.slips = text;
		plan.slips_path = s->slips_csv;
	}
	if (r == 0)
		r = build(&plan, report, ret_whitelist);
	free(text);
	return r;
}
