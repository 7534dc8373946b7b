/* tell CAPTURE -- what is told of a capture, for tests/checks/generated_told.sh (tests/support/told.h). */
#include "daemon/loop/capture/capture_file.h"
#include "tests/support/told.h"

#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
	char error[CAPTURE_ERROR_MAX] = "tell CAPTURE";
	struct frame frames[CAPTURE_BATCH_MAX];
	const char *path = argv[argc - 1];
	struct capture_file *capture;
	size_t count;

	if (argc != 2 || capture_file_open(&path, 1, NULL, &capture, error) != 0) {
		(void)fprintf(stderr, "%s\n", error);
		return EXIT_FAILURE;
	}
	struct told *t = told_new();
	told_begin(t);
	while ((count = capture_file_next(capture, frames)) > 0)
		told_frames(t, frames, count);
	capture_file_close(capture);
	(void)fputs(told_end(t), stdout);
	told_free(t);
	return EXIT_SUCCESS;
}
