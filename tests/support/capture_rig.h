/* capture_rig.h -- capture files on disk, a reader over them, and the frames that it should give. */
#pragma once

#include "tests/support/capture_build.h"

#include <stddef.h>

enum { CAPTURE_RIG_FRAMES_MAX = 100000, CAPTURE_RIG_INPUTS_MAX = 64 };

enum { LINK_ETHERNET = 1, LINK_RAW = 101, LINK_UNKNOWN = 195 /* IEEE 802.15.4: not followed */ };

#define S_NS UINT64_C(1000000000)

struct capture_rig {
	struct image image; /* the file being made */
	struct image_file files[CAPTURE_RIG_INPUTS_MAX];
	const char *paths[CAPTURE_RIG_INPUTS_MAX];
	struct capture_file *reader;
	struct capture_progress progress; /* as capture_rig_read() left it */
	struct image_frame *expected;
	size_t expected_count;
	char error[CAPTURE_ERROR_MAX];
};

/* A test with a rig of its own, silent below errors. */
#define CAPTURE_RIG_TEST(name) \
	cmocka_unit_test_setup_teardown(name, capture_rig_setup, capture_rig_teardown)

int capture_rig_setup(void **state);
int capture_rig_teardown(void **state);

void capture_rig_expect(struct capture_rig *r, struct image_frame f);

/* Make the image input `i`'s file, and begin a new one. */
void capture_rig_save(struct capture_rig *r, size_t i);

/* Open the first `count` inputs, after closing what was open. returns as capture_file_open(). */
int capture_rig_open(struct capture_rig *r, size_t count, const char *filter);

/* Open and read to the end. returns as image_read(), over what is expected. */
size_t capture_rig_read(struct capture_rig *r, size_t count, const char *filter);

/* Everything expected is read, nothing else, and nothing is lost. Then nothing is expected. */
void capture_rig_check(struct capture_rig *r, size_t count);

/* Read the first input and write into `said` what was logged meanwhile, at most `room` - 1 bytes. */
void capture_rig_listen(struct capture_rig *r, char *said, size_t room);
