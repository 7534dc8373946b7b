/* report_file.c -- the report as a program: report_file WHAT HTML [MARKDOWN [JSON]]. */
#include "ctl/report/report.h"

#include <stdio.h>

int
main(int argc, char *argv[])
{
	char error[SOURCE_ERROR_MAX];

	if (argc < 3)
		return 2;
	struct source *s = source_open(argv[1], NULL, error);
	if (s == NULL) {
		(void)fprintf(stderr, "%s\n", error);
		return 4;
	}
	const struct report_options options = {
		.html = argv[2],
		.markdown = argc > 3 ? argv[3] : NULL,
		.json = argc > 4 ? argv[4] : NULL,
	};
	int result = report_run(s, &options, error);
	source_close(s);
	if (result < 0)
		(void)fprintf(stderr, "%s\n", error);
	return result < 0 ? 1 : 0;
}
