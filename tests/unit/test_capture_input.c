#include "daemon/input/capture_input.h"

#include "daemon/loop/now.h"
#include "tests/support/capture_rig.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void
several_streams_in_a_packed_file_are_one(void **state)
{
	struct capture_rig *r = *state;

	for (unsigned zstd = 0; zstd < 2; zstd++) {
		struct image plain = { 0 };
		struct image whole = { 0 };
		image_pcap_header(&plain, IMAGE_MAGIC_US, LINK_ETHERNET);
		image_pcap_record(&plain, 1, 0, 60, 60, 1);
		(zstd ? image_zstd : image_gzip)(&whole, &plain, 1000);
		image_free(&plain);
		image_pcap_record(&plain, 2, 0, 60, 60, 2);
		(zstd ? image_zstd : image_gzip)(&whole, &plain, 1000);
		image_free(&plain);
		if (zstd) { /* a frame to be skipped comes first, as pzstd writes it */
			image_put(&r->image, "\x50\x2a\x4d\x18\x04\x00\x00\x00zzzz", 12);
		}
		image_put(&r->image, whole.bytes, whole.length);
		image_free(&whole);
		capture_rig_save(r, 0);
		capture_rig_expect(
			r, (struct image_frame){ 1 * S_NS, 60, 60, LINK_ETHERNET, 0, 1 });
		capture_rig_expect(
			r, (struct image_frame){ 2 * S_NS, 60, 60, LINK_ETHERNET, 0, 2 });
		capture_rig_check(r, 1);
	}
}

/* Standard input becomes a pipe that a child writes in pieces of `piece` bytes. */
static void
read_from_pipe(struct capture_rig *r, size_t piece)
{
	int ends[2];
	int saved = dup(STDIN_FILENO);
	struct capture_progress p;

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		for (size_t at = 0; at < r->image.length; at += piece) {
			size_t left = r->image.length - at;
			if (write(ends[1], r->image.bytes + at, left < piece ? left : piece) < 0)
				_exit(1);
			if (at == 0) /* the first piece is there alone for a while */
				(void)usleep(20000);
		}
		_exit(0);
	}
	assert_true(child > 0);
	assert_true(dup2(ends[0], STDIN_FILENO) >= 0);
	(void)close(ends[0]);
	(void)close(ends[1]);
	const char *path = "-";
	assert_int_equal(capture_file_open(&path, 1, NULL, &r->reader, r->error), 0);
	assert_int_equal(image_read(r->reader, r->expected, r->expected_count), r->expected_count);
	capture_file_progress(r->reader, &p);
	assert_int_equal(p.bytes_total, 0);
	assert_int_equal(p.bytes_read, r->image.length);
	assert_int_equal(p.cut_files, 0);
	capture_file_close(r->reader);
	r->reader = NULL;
	assert_true(dup2(saved, STDIN_FILENO) >= 0);
	(void)close(saved);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void
standard_input_is_read_however_it_comes(void **state)
{
	struct capture_rig *r = *state;
	const char *twice[] = { "-", "-" };
	int saved = dup(STDIN_FILENO);
	int ends[2];

	image_pcap_header(&r->image, IMAGE_MAGIC_US, LINK_ETHERNET);
	for (uint32_t i = 0; i < 100; i++) {
		image_pcap_record(&r->image, i, 0, 60 + i, 60 + i, 7);
		capture_rig_expect(
			r, (struct image_frame){ i * S_NS, 60 + i, 60 + i, LINK_ETHERNET, 0, 7 });
	}
	read_from_pipe(r, 1);
	read_from_pipe(r, 1000);
	read_from_pipe(r, 1 << 20);
	struct image packed = { 0 };
	image_gzip(&packed, &r->image, 500);
	image_free(&r->image);
	r->image = packed;
	read_from_pipe(r, 1);
	/* beside a file, whose size is known, the whole is not */
	const char *both[] = { r->paths[0], "-" };
	assert_int_equal(pipe(ends), 0);
	assert_true(dup2(ends[0], STDIN_FILENO) >= 0);
	assert_int_equal(write(ends[1], r->image.bytes, r->image.length), r->image.length);
	capture_rig_save(r, 0);
	assert_int_equal(capture_file_open(both, 2, NULL, &r->reader, r->error), 0);
	capture_file_progress(r->reader, &r->progress);
	assert_int_equal(r->progress.bytes_total, 0);
	assert_true(dup2(saved, STDIN_FILENO) >= 0);
	(void)close(saved);
	(void)close(ends[0]);
	(void)close(ends[1]);
	capture_file_close(r->reader);
	r->reader = NULL;
	assert_int_equal(capture_file_open(twice, 2, NULL, &r->reader, r->error), -EINVAL);
	assert_non_null(strstr(r->error, "once only"));
}

static void
nothing_to_do(int signal_number)
{
	(void)signal_number;
}

/* The writer lives and is silent, in the middle of a record: Ctrl-C is heard, and is no damage. */
static void
a_signal_ends_the_wait_for_a_silent_pipe(void **state)
{
	struct capture_rig *r = *state;
	const struct sigaction act = { .sa_handler = nothing_to_do };
	const struct itimerval soon = { { 0, 20000 }, { 0, 20000 } };
	const struct itimerval never = { 0 };
	const char *path = "-";
	int ends[2];
	int saved = dup(STDIN_FILENO);

	image_pcap_header(&r->image, IMAGE_MAGIC_US, LINK_ETHERNET);
	image_pcap_record(&r->image, 1, 0, 60, 60, 0);
	image_u32(&r->image, 2);
	capture_rig_expect(r, (struct image_frame){ S_NS, 60, 60, LINK_ETHERNET, 0, 0 });
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], r->image.bytes, r->image.length), r->image.length);
	assert_true(dup2(ends[0], STDIN_FILENO) >= 0);
	assert_int_equal(capture_file_open(&path, 1, NULL, &r->reader, r->error), 0);
	assert_int_equal(sigaction(SIGALRM, &act, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
	assert_int_equal(image_read(r->reader, r->expected, r->expected_count), 1);
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
	capture_file_progress(r->reader, &r->progress);
	assert_int_equal(r->progress.cut_files, 0);
	assert_int_equal(r->progress.cut_bytes, 0);
	assert_true(dup2(saved, STDIN_FILENO) >= 0);
	(void)close(saved);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static bool
waits_for_ms(const struct capture_rig *r, int ms)
{
	uint64_t from_ns = now_monotonic_ns();

	capture_file_wait(r->reader, ms);
	return now_monotonic_ns() - from_ns >= (uint64_t)ms * (S_NS / 1000);
}

/* Not for frames that are at hand, nor when there is no more. */
static void
a_silent_pipe_is_waited_for_so_long(void **state)
{
	enum { NEVER_MS = 60000 }; /* whoever waits so long has waited for nothing */
	struct capture_rig *r = *state;
	struct frame frames[CAPTURE_BATCH_MAX];
	const char *path = "-";
	int ends[2];
	int saved = dup(STDIN_FILENO);

	image_pcap_header(&r->image, IMAGE_MAGIC_US, LINK_ETHERNET);
	for (uint32_t i = 0; i < CAPTURE_BATCH_MAX + 1; i++)
		image_pcap_record(&r->image, i, 0, 60, 60, 0);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], r->image.bytes, r->image.length), r->image.length);
	assert_true(dup2(ends[0], STDIN_FILENO) >= 0);
	assert_int_equal(capture_file_open(&path, 1, NULL, &r->reader, r->error), 0);
	assert_false(waits_for_ms(r, NEVER_MS));
	assert_int_equal(capture_file_next(r->reader, frames), CAPTURE_BATCH_MAX);
	assert_false(waits_for_ms(r, NEVER_MS));
	assert_int_equal(capture_file_next(r->reader, frames), 1);
	assert_true(waits_for_ms(r, 300));
	assert_int_equal(write(ends[1], "more", 4), 4);
	assert_false(waits_for_ms(r, NEVER_MS));
	(void)close(ends[1]);
	assert_int_equal(capture_file_next(r->reader, frames), 0);
	assert_false(waits_for_ms(r, NEVER_MS));
	assert_true(dup2(saved, STDIN_FILENO) >= 0);
	(void)close(saved);
	(void)close(ends[0]);
}

static void
open_refuses(struct capture_rig *r, const char *path, int rc, const char *says)
{
	assert_int_equal(capture_file_open(&path, 1, NULL, &r->reader, r->error), rc);
	assert_null(r->reader);
	assert_memory_equal(r->error, path, strlen(path));
	assert_non_null(strstr(r->error, says));
	assert_null(strchr(r->error, '\n'));
}

static void
what_is_no_capture_is_refused_in_one_line(void **state)
{
	struct capture_rig *r = *state;
	const char *path = r->paths[0];
	struct image plain = { 0 };

	open_refuses(r, "/nonexistent/x.pcap", -ENOENT, "No such file");
	open_refuses(r, "/", -EISDIR, "Is a directory");
	open_refuses(r, path, -EINVAL, "it is empty");
	open_refuses(r, "/dev/null", -EINVAL, "it is empty");
	image_put(&r->image, "GE", 2);
	capture_rig_save(r, 0);
	open_refuses(r, path, -EINVAL, "starts with 47 45; expected pcap or pcapng (or either in");
	image_put(&r->image, "\x1f\x8b\x08", 3);
	capture_rig_save(r, 0);
	open_refuses(r, path, -EINVAL, "starts with 1f 8b 08;");
	image_put(&r->image, "\x1f\x8b\x08\x00", 4);
	capture_rig_save(r, 0);
	open_refuses(r, path, -EINVAL, "the gzip stream breaks off");
	image_put(&r->image, "\x1f\x8b\xff\x00", 4);
	capture_rig_save(r, 0);
	open_refuses(r, path, -EINVAL, "unknown compression method");
	image_put(&r->image, "\x28\xb5\x2f\xfd", 4);
	capture_rig_save(r, 0);
	open_refuses(r, path, -EINVAL, "the zstd stream breaks off");
	image_put(&plain, "GET / HTTP/1.1", 14);
	image_gzip(&r->image, &plain, 100);
	capture_rig_save(r, 0);
	open_refuses(
		r, path, -EINVAL, "not a capture: what is packed in it starts with 47 45 54 20");
	image_free(&plain);
}

/* Skipping and offsets, which the errors show, over more than one block. */
static void
offsets_count_unpacked_bytes(void **state)
{
	struct capture_rig *r = *state;
	struct image plain = { 0 };
	const struct capture_how how = {
		.record_bytes = CAPTURE_RECORD_MAX,
		.block_bytes = CAPTURE_BLOCK_BYTES,
	};
	struct capture_input in;

	image_block(&plain, 0, (3 << 20) - 12);
	image_gzip(&r->image, &plain, 1 << 20);
	image_free(&plain);
	capture_rig_save(r, 0);
	assert_int_equal(capture_input_open(&in, r->paths[0], how, r->error, sizeof(r->error)), 0);
	assert_int_equal(in.packing, CAPTURE_GZIP);
	assert_int_equal(capture_input_offset(&in), 0);
	assert_int_equal(capture_input_skip(&in, 10), 10);
	assert_int_equal(capture_input_offset(&in), 10);
	uint64_t left = (3 << 20) - 10;
	for (;;) {
		left -= capture_input_skip(&in, left > 5 ? left - 5 : 0);
		if (left == 5 || !capture_input_fill(&in))
			break;
	}
	assert_int_equal(left, 5);
	assert_int_equal(capture_input_offset(&in), (3 << 20) - 5);
	while (capture_input_fill(&in))
		;
	assert_int_equal(in.end, CAPTURE_END_CLEAN);
	assert_int_equal(cursor_left(&in.bytes), 5); /* a fill keeps what was left */
	assert_int_equal(capture_input_skip(&in, 100), 5);
	assert_int_equal(in.bytes_read, in.bytes_total);
	assert_true(in.bytes_total < 1 << 20);
	capture_input_close(&in);
	capture_input_close(&in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CAPTURE_RIG_TEST(several_streams_in_a_packed_file_are_one),
		CAPTURE_RIG_TEST(standard_input_is_read_however_it_comes),
		CAPTURE_RIG_TEST(a_signal_ends_the_wait_for_a_silent_pipe),
		CAPTURE_RIG_TEST(a_silent_pipe_is_waited_for_so_long),
		CAPTURE_RIG_TEST(what_is_no_capture_is_refused_in_one_line),
		CAPTURE_RIG_TEST(offsets_count_unpacked_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
