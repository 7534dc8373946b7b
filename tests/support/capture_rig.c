#include "tests/support/capture_rig.h"

#include "daemon/base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

int
capture_rig_setup(void **state)
{
	struct capture_rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	r->expected = calloc(CAPTURE_RIG_FRAMES_MAX, sizeof(*r->expected));
	assert_non_null(r->expected);
	image_file_open(&r->files[0]);
	r->paths[0] = r->files[0].path;
	log_level_set(LOG_LEVEL_ERR);
	*state = r;
	return 0;
}

int
capture_rig_teardown(void **state)
{
	struct capture_rig *r = *state;

	capture_file_close(r->reader);
	for (size_t i = 0; i < CAPTURE_RIG_INPUTS_MAX && r->paths[i] != NULL; i++)
		image_file_close(&r->files[i]);
	image_free(&r->image);
	free(r->expected);
	free(r);
	return 0;
}

void
capture_rig_expect(struct capture_rig *r, struct image_frame f)
{
	assert_true(r->expected_count < CAPTURE_RIG_FRAMES_MAX);
	r->expected[r->expected_count++] = f;
}

void
capture_rig_save(struct capture_rig *r, size_t i)
{
	if (r->paths[i] == NULL) {
		image_file_open(&r->files[i]);
		r->paths[i] = r->files[i].path;
	}
	image_file_set(&r->files[i], &r->image, r->image.length);
	image_free(&r->image);
}

int
capture_rig_open(struct capture_rig *r, size_t count, const char *filter)
{
	capture_file_close(r->reader);
	r->reader = NULL;
	return capture_file_open(r->paths, count, filter, &r->reader, r->error);
}

size_t
capture_rig_read(struct capture_rig *r, size_t count, const char *filter)
{
	assert_int_equal(capture_rig_open(r, count, filter), 0);
	size_t frames = image_read(r->reader, r->expected, r->expected_count);
	capture_file_progress(r->reader, &r->progress);
	return frames;
}

void
capture_rig_check(struct capture_rig *r, size_t count)
{
	const struct capture_progress *p = &r->progress;
	uint64_t wire = 0;

	assert_int_equal(capture_rig_read(r, count, NULL), r->expected_count);
	for (size_t i = 0; i < r->expected_count; i++)
		wire += r->expected[i].wire;
	assert_int_equal(p->frames, r->expected_count);
	assert_int_equal(p->frame_bytes, wire);
	assert_int_equal(p->bytes_read, p->bytes_total);
	assert_int_equal(p->cut_files, 0);
	assert_int_equal(p->cut_bytes, 0);
	assert_int_equal(p->corrupt, 0);
	assert_int_equal(p->filtered, 0);
	assert_int_equal(p->unknown_link, 0);
	r->expected_count = 0;
}

void
capture_rig_listen(struct capture_rig *r, char *said, size_t room)
{
	struct image_file ear;
	int saved = dup(STDERR_FILENO);

	image_file_open(&ear);
	(void)fflush(stderr);
	assert_true(dup2(ear.fd, STDERR_FILENO) >= 0);
	log_level_set(LOG_LEVEL_INFO);
	(void)capture_rig_read(r, 1, NULL);
	log_level_set(LOG_LEVEL_ERR);
	(void)fflush(stderr);
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	(void)close(saved);
	ssize_t n = pread(ear.fd, said, room - 1, 0);
	assert_true(n >= 0);
	said[n] = '\0';
	image_file_close(&ear);
}
