#include "exporters/run_reads.h"

#include "exporters/exporter.h"

#include <sys/stat.h>

static bool
is_same_file(const struct stat *a, const char *path)
{
	struct stat b;

	return stat(path, &b) == 0 && a->st_dev == b.st_dev && a->st_ino == b.st_ino;
}

bool
run_reads(const struct run_info *run, const char *path)
{
	struct run_input input;
	struct stat st;

	if (run->live || stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	for (size_t i = 0; i < run->input_count; i++)
		if (is_same_file(&st, run->inputs[i]))
			return true;
	if (run->files != NULL)
		for (size_t i = 0; run->files(run->files_context, i, &input, 1) > 0; i++)
			if (is_same_file(&st, input.file))
				return true;
	return false;
}
