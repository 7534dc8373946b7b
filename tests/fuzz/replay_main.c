/*
 * replay_main.c -- run a fuzz target over its corpus, without libFuzzer.
 *
 * Every file of the directories named is fed once, so a crash that was found stays found with any
 * compiler. An empty or missing corpus fails: a replay of nothing would pass for ever.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { INPUT_MAX = 1 << 20 };

/* returns 0, or -1 when the file could not be read whole */
static int
replay_file(const char *path)
{
	FILE *in = fopen(path, "rb");
	int failed = -1;
	uint8_t *room = malloc(INPUT_MAX);
	uint8_t *exact = NULL;

	if (in == NULL || room == NULL)
		goto out;
	size_t len = fread(room, 1, INPUT_MAX, in);
	if (ferror(in) != 0)
		goto out;
	/* A block of the very size, so that a sanitizer sees the first byte past it. */
	exact = realloc(room, len > 0 ? len : 1);
	if (exact == NULL)
		goto out;
	room = NULL;
	LLVMFuzzerTestOneInput(exact, len);
	failed = 0;
out:
	free(room);
	free(exact);
	if (in != NULL)
		(void)fclose(in);
	return failed;
}

/* returns how many files were fed, or -1 */
static int
replay_directory(const char *path)
{
	DIR *dir = opendir(path);
	int count = 0;

	if (dir == NULL)
		return -1;
	for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
		char file[4096];

		if (e->d_name[0] == '.')
			continue;
		int n = snprintf(file, sizeof(file), "%s/%s", path, e->d_name);
		if (n < 0 || (size_t)n >= sizeof(file) || replay_file(file) != 0) {
			count = -1;
			break;
		}
		count++;
	}
	(void)closedir(dir);
	return count;
}

int
main(int argc, char **argv)
{
	if (argc < 2) {
		(void)fprintf(stderr, "usage: %s CORPUS...\n", argv[0]);
		return EXIT_FAILURE;
	}
	for (int i = 1; i < argc; i++) {
		int count = replay_directory(argv[i]);

		if (count <= 0) {
			(void)fprintf(stderr, "%s: nothing replayed\n", argv[i]);
			return EXIT_FAILURE;
		}
		(void)printf("%s: %d inputs\n", argv[i], count);
	}
	return EXIT_SUCCESS;
}
