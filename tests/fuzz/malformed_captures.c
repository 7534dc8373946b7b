/*
 * malformed_captures COUNT SEED DIRECTORY FILE... -- damage captures in the ways that files are damaged, and analyse each.
 *
 * COUNT variants of the FILEs: bytes changed (0.5 to 5 %), cut short, a small snap length, lengths that
 * lie, the other byte order, nanoseconds, pcap turned into pcapng; some in two ways. Each is analysed by
 * run_files() in a process of its own, which must end by itself, with 0 or with "nothing we read", within
 * 2 s and 1 s for each MB. One that does not is kept in DIRECTORY with what was said of it, and named.
 * Which variants there are follows from SEED alone.
 *
 * The last line has the figures; the exit status is 1 when a file was kept.
 */
#define _GNU_SOURCE /* memfd_create() */

#include "daemon/base/cursor.h"
#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "daemon/loop/exit_code.h"
#include "daemon/loop/run_files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	FILE_MAX = 128 * 1024, /* more of a file is not read */
	VARIANT_MAX = 4 * FILE_MAX,
	HEADER = 24, /* of a pcap file */
	RECORD = 16,
	SAID_MAX = 64 * 1024,
	PATH_BYTES = 4096,
	LATE_S = 120, /* then it is ended: no variant may hang */
};

struct text {
	uint8_t *bytes;
	size_t length;
};

struct damage {
	uint64_t state; /* of below() */
	struct text in, out;
	const char *what; /* was done to it, for the name of a file that is kept */
};

/* Where things are: descriptors of the variant and of what is said about it. */
struct place {
	const char *directory;
	char output[PATH_BYTES];
	int variant, said;
};

struct figures {
	uint64_t analysed, refused, kept;
	uint64_t worst_ns;
	long worst_kib;
};

/* splitmix64 */
static uint32_t
below(struct damage *d, uint32_t bound)
{
	uint64_t x = d->state += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((x ^ (x >> 31)) % bound);
}

static void
put(struct damage *d, const void *bytes, size_t length)
{
	if (length > VARIANT_MAX - d->out.length)
		return;
	memcpy(d->out.bytes + d->out.length, bytes, length);
	d->out.length += length;
}

static void
put32(struct damage *d, uint32_t value)
{
	const uint8_t bytes[4] = { (uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
		(uint8_t)(value >> 24) };

	put(d, bytes, sizeof(bytes));
}

/* What is done below works on pcap files of this machine's byte order and microseconds. */
static bool
is_plain_pcap(const struct text *t)
{
	static const uint8_t magic[4] = { 0xd4, 0xc3, 0xb2, 0xa1 };

	return t->length >= HEADER && memcmp(t->bytes, magic, sizeof(magic)) == 0;
}

static uint32_t
u32(const uint8_t *at)
{
	struct cursor c = cursor_over(at, 4);

	return cursor_le32(&c);
}

/* The record at `at`, if it is there whole. */
static bool
record_at(const struct text *t, size_t at, uint32_t *ret_captured)
{
	if (t->length - at < RECORD)
		return false;
	*ret_captured = u32(t->bytes + at + 8);
	return *ret_captured <= t->length - at - RECORD;
}

/* ---- the ways ---- */

static void
copy(struct damage *d)
{
	put(d, d->in.bytes, d->in.length);
}

/* 0.5 to 5 % of the bytes, as editcap -E; one time in eight those of the file's head too. */
static void
change_bytes(struct damage *d)
{
	size_t from = below(d, 8) == 0 ? 0 : HEADER;
	uint32_t per_mille = 5 + below(d, 46);

	if (d->out.length <= from)
		return;
	uint32_t room = (uint32_t)(d->out.length - from);
	for (uint32_t n = room * per_mille / 1000 + 1; n > 0; n--)
		d->out.bytes[from + below(d, room)] = (uint8_t)below(d, 256);
}

static void
cut(struct damage *d)
{
	copy(d);
	if (d->out.length > 0)
		d->out.length = below(d, (uint32_t)d->out.length);
}

/* Every record, as `one` writes it. */
static void
each_record(
	struct damage *d, void (*one)(struct damage *d, const uint8_t *record, uint32_t captured))
{
	uint32_t captured = 0;

	for (size_t at = HEADER; record_at(&d->in, at, &captured); at += RECORD + captured)
		one(d, d->in.bytes + at, captured);
}

static void
snap_record(struct damage *d, const uint8_t *record, uint32_t captured)
{
	uint32_t most = 14 + below(d, 82);

	if (captured < most)
		most = captured;
	put(d, record, 8);
	put32(d, most);
	put(d, record + 12, 4 + most);
}

static void
snap(struct damage *d)
{
	put(d, d->in.bytes, HEADER);
	each_record(d, snap_record);
}

static uint32_t
lie(struct damage *d, uint32_t truth)
{
	switch (below(d, 5)) {
	case 0:
		return 0;
	case 1:
		return truth + 1 + below(d, 3);
	case 2:
		return truth / 2;
	case 3:
		return below(d, 1 << 19);
	default:
		return UINT32_MAX - below(d, 4);
	}
}

static void
lie_record(struct damage *d, const uint8_t *record, uint32_t captured)
{
	uint32_t which = below(d, 12);

	put(d, record, 8);
	put32(d, which == 0 ? lie(d, captured) : captured);
	put32(d, which == 1 ? lie(d, captured) : u32(record + 12));
	put(d, record + RECORD, captured);
}

static void
lie_lengths(struct damage *d)
{
	put(d, d->in.bytes, HEADER);
	each_record(d, lie_record);
}

static void
swap(struct damage *d, const uint8_t *at, unsigned size)
{
	for (unsigned i = size; i > 0; i--)
		put(d, at + i - 1, 1);
}

static void
swap_record(struct damage *d, const uint8_t *record, uint32_t captured)
{
	for (unsigned i = 0; i < RECORD; i += 4)
		swap(d, record + i, 4);
	put(d, record + RECORD, captured);
}

static void
other_order(struct damage *d)
{
	swap(d, d->in.bytes, 4);
	swap(d, d->in.bytes + 4, 2);
	swap(d, d->in.bytes + 6, 2);
	for (unsigned i = 8; i < HEADER; i += 4)
		swap(d, d->in.bytes + i, 4);
	each_record(d, swap_record);
}

static void
nanoseconds(struct damage *d)
{
	put32(d, UINT32_C(0xa1b23c4d));
	put(d, d->in.bytes + 4, d->in.length - 4);
}

static void
packet_block(struct damage *d, const uint8_t *record, uint32_t captured)
{
	static const uint8_t padding[4];
	uint64_t us = (uint64_t)u32(record) * 1000000 + u32(record + 4);
	uint32_t padded = (captured + 3) & ~UINT32_C(3);

	put32(d, 6);
	put32(d, 32 + padded);
	put32(d, 0);
	put32(d, (uint32_t)(us >> 32));
	put32(d, (uint32_t)us);
	put32(d, captured);
	put32(d, u32(record + 12));
	put(d, record + RECORD, captured);
	put(d, padding, padded - captured);
	put32(d, below(d, 64) == 0 ? lie(d, 32 + padded) : 32 + padded);
}

static void
as_pcapng(struct damage *d)
{
	static const uint32_t head[] = { 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, UINT32_MAX, UINT32_MAX, 28,
		1, 20 };

	for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++)
		put32(d, head[i]);
	put32(d, u32(d->in.bytes + 20) & 0xffff);
	put32(d, 0);
	put32(d, 20);
	each_record(d, packet_block);
}

/* One variant of d->in into d->out. */
static void
make(struct damage *d)
{
	static const struct {
		const char *what;
		void (*act)(struct damage *d);
		bool of_pcap;
	} ways[] = {
		{ "bytes", copy, false }, /* changed below */
		{ "cut", cut, false },
		{ "snap", snap, true },
		{ "lengths", lie_lengths, true },
		{ "order", other_order, true },
		{ "nanoseconds", nanoseconds, true },
		{ "pcapng", as_pcapng, true },
	};
	uint32_t n = below(d, is_plain_pcap(&d->in) ? sizeof(ways) / sizeof(ways[0]) : 2);

	d->out.length = 0;
	d->what = ways[n].what;
	ways[n].act(d);
	if (n == 0 || below(d, 2) == 0)
		change_bytes(d);
}

/* ---- what becomes of it ---- */

static void
report_line(void *context, const char *text)
{
	(void)context;
	(void)fprintf(stderr, "malformed: %s\n", text);
}

static struct config *
settings(void)
{
	static const struct config_setting chosen[] = {
		{ "direction", "all", "malformed" },
		{ "memory.limit", "64MiB", "malformed" },
	};
	static const struct config_overrides overrides = {
		.settings = chosen,
		.setting_count = sizeof(chosen) / sizeof(chosen[0]),
	};
	struct config_report report = { .line = report_line };
	struct config *c = NULL;

	return config_load(NULL, &overrides, &report, &c) == 0 ? c : NULL;
}

static uint64_t
no_time(void)
{
	return 0;
}

static int
analyse(const struct config *c, const char *path, const char *output)
{
	struct run_info info = { .version = "0",
		.sensor = "malformed",
		.output_dir = output,
		.inputs = &path,
		.input_count = 1,
		.json_summary = true,
		.settings_text = "",
		.elapsed_ns = no_time };

	log_level_set(LOG_LEVEL_ERR);
	if (freopen("/dev/null", "w", stdout) == NULL)
		return EXIT_RUNTIME;
	return run_files(&(struct run_files){
		.config = c, .info = &info, .inputs = &path, .input_count = 1, .quiet = true });
}

static void
save(const char *path, const void *bytes, size_t length)
{
	FILE *out = fopen(path, "wb");

	if (out == NULL || fwrite(bytes, 1, length, out) != length || fclose(out) != 0)
		perror(path);
}

static void
keep(const struct damage *d, const struct place *p, uint64_t number, const char *file, int status)
{
	static char said[SAID_MAX];
	char path[PATH_BYTES];
	char log[PATH_BYTES + 8];
	ssize_t length = pread(p->said, said, sizeof(said), 0);

	(void)snprintf(path, sizeof(path), "%s/%" PRIu64 "_%s", p->directory, number, d->what);
	(void)snprintf(log, sizeof(log), "%s.said", path);
	save(path, d->out.bytes, d->out.length);
	save(log, said, length > 0 ? (size_t)length : 0);
	(void)fprintf(stderr, "malformed: %s (of %s): %s %d\n", path, file,
		WIFSIGNALED(status) ? "signal" : "exit or late, status",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

static uint64_t
ns_of(struct timeval t)
{
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_usec * 1000;
}

/* What it took is the processor's time: how long it waits for one is not about the variant. */
static bool
judge(const struct damage *d, const struct config *c, const struct place *p, struct figures *f,
	int *ret_status)
{
	uint64_t allowed_ns = 2 * NS_PER_S + d->out.length * NS_PER_S / 1000000;
	struct rusage used;
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", p->variant);
	pid_t pid = fork();
	if (pid == 0) {
		(void)alarm(LATE_S);
		exit(dup2(p->said, STDERR_FILENO) < 0 ? EXIT_RUNTIME : analyse(c, path, p->output));
	}
	if (pid < 0 || wait4(pid, ret_status, 0, &used) != pid)
		return false;
	uint64_t took_ns = ns_of(used.ru_utime) + ns_of(used.ru_stime);
	int code = WIFEXITED(*ret_status) ? WEXITSTATUS(*ret_status) : -1;
	f->analysed += code == EXIT_OK;
	f->refused += code == EXIT_INPUT;
	if (took_ns > f->worst_ns)
		f->worst_ns = took_ns;
	if (used.ru_maxrss > f->worst_kib)
		f->worst_kib = used.ru_maxrss;
	return (code == EXIT_OK || code == EXIT_INPUT) && took_ns <= allowed_ns;
}

static size_t
load(const char *path, uint8_t *bytes)
{
	FILE *in = fopen(path, "rb");
	size_t length = in == NULL ? 0 : fread(bytes, 1, FILE_MAX, in);

	if (in != NULL)
		(void)fclose(in);
	return length;
}

int
main(int argc, char *argv[])
{
	static uint8_t in[FILE_MAX];
	static uint8_t out[VARIANT_MAX];
	struct damage d = { .in.bytes = in, .out.bytes = out };
	struct figures f = { 0 };
	struct place p = { 0 };
	int status = 0;

	if (argc < 5) {
		(void)fprintf(stderr, "usage: malformed_captures COUNT SEED DIRECTORY FILE...\n");
		return EXIT_USAGE;
	}
	uint64_t count = strtoull(argv[1], NULL, 10);
	uint64_t seed = strtoull(argv[2], NULL, 10);
	struct config *c = settings();
	p.directory = argv[3];
	p.variant = memfd_create("variant", 0);
	p.said = memfd_create("said", 0);
	(void)snprintf(p.output, sizeof(p.output), "%s/output", argv[3]);
	if (c == NULL || p.variant < 0 || p.said < 0 ||
		(mkdir(p.output, 0750) != 0 && errno != EEXIST))
		return EXIT_RUNTIME;
	for (uint64_t i = 0; i < count; i++) {
		const char *file = argv[4 + i % (uint64_t)(argc - 4)];

		d.state = seed + i;
		d.in.length = load(file, in);
		make(&d);
		if (ftruncate(p.variant, 0) != 0 || ftruncate(p.said, 0) != 0 ||
			lseek(p.said, 0, SEEK_SET) != 0 ||
			pwrite(p.variant, out, d.out.length, 0) != (ssize_t)d.out.length)
			return EXIT_RUNTIME;
		if (!judge(&d, c, &p, &f, &status)) {
			keep(&d, &p, i, file, status);
			f.kept++;
		}
	}
	config_free(c);
	(void)printf("%" PRIu64 " files of %d: %" PRIu64 " analysed, %" PRIu64 " refused, %" PRIu64
		     " kept; worst %.2f s, %ld KiB\n",
		count, argc - 4, f.analysed, f.refused, f.kept, (double)f.worst_ns / NS_PER_S,
		f.worst_kib);
	return f.kept > 0;
}
