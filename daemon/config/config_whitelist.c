#include "daemon/config/config_whitelist.h"

#include "daemon/config/config_file.h"
#include "daemon/config/config_kinds.h"
#include "daemon/whitelist/whitelist_build.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
		.is_detector = config_is_detector,
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
