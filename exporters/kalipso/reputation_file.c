#include "exporters/kalipso/reputation_file.h"

#include "exporters/kalipso/reputation_line.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Room for a line that is too long by some: which ends is found without keeping all of it. */
enum { BUFFER = 4 * REPUTATION_LINE_MAX };

struct reading {
	void (*take)(void *context, const struct reputation_scores *scores);
	void *context;
	struct reputation_file *told;
	uint64_t number; /* of the line */
	size_t have;
	bool is_cut; /* what is in the buffer is the end of a line that is too long */
	char buffer[BUFFER];
};

static bool
is_blank(const char *line, size_t length)
{
	while (length > 0 &&
		(line[length - 1] == ' ' || line[length - 1] == '\t' || line[length - 1] == '\r'))
		length--;
	return length == 0;
}

static void
take_line(struct reading *r, const char *line, size_t length)
{
	const char *expected = "a line of at most 4096 bytes";
	struct reputation_scores scores;

	_Static_assert(REPUTATION_LINE_MAX == 4096, "the sentence says it");
	r->number++;
	if (!r->is_cut && is_blank(line, length))
		return;
	if (!r->is_cut && length <= REPUTATION_LINE_MAX)
		expected = reputation_line(line, length, &scores);
	r->is_cut = false;
	r->told->lines++;
	if (expected == NULL) {
		r->take(r->context, &scores);
		return;
	}
	r->told->bad++;
	if (r->told->expected == NULL) {
		r->told->expected = expected;
		r->told->line = r->number;
	}
}

/* Take the whole lines in the buffer; what is behind them goes to its beginning. */
static void
take_lines(struct reading *r)
{
	const char *at = r->buffer;
	const char *end = r->buffer + r->have;
	const char *line_end;

	while ((line_end = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		take_line(r, at, (size_t)(line_end - at));
		at = line_end + 1;
	}
	r->have = (size_t)(end - at);
	if (r->have == BUFFER) {
		r->is_cut = true;
		r->have = 0;
	}
	memmove(r->buffer, at, r->have);
}

/* returns 0 or errno */
static int
read_lines(struct reading *r, int fd)
{
	size_t left = REPUTATION_FILE_BYTES_MAX; /* it may grow meanwhile */
	ssize_t n = 0;

	while (left > 0) {
		size_t room = BUFFER - r->have < left ? BUFFER - r->have : left;
		n = read(fd, r->buffer + r->have, room);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		left -= (size_t)n;
		r->have += (size_t)n;
		take_lines(r);
	}
	if (r->have > 0 || r->is_cut)
		take_line(r, r->buffer, r->have);
	return n < 0 ? errno : 0;
}

/* returns NULL, or what was expected */
static const char *
unlike_a_file(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return "a regular file";
	if (st.st_size > REPUTATION_FILE_BYTES_MAX)
		return "at most 8 MiB, in more files if it is more";
	return NULL;
}

/* Of a file that cannot be opened. */
static const char *
wanted_of(int error)
{
	if (error == EACCES || error == EPERM)
		return "a file that this user may read";
	return error == ENOENT ? "a file that stays while it is read" : "a regular file";
}

void
reputation_file_read(int directory, const char *name,
	void (*take)(void *context, const struct reputation_scores *scores), void *context,
	struct reputation_file *ret)
{
	_Static_assert(REPUTATION_FILE_BYTES_MAX == 8 * 1024 * 1024, "a sentence says it");
	struct reading r = { .take = take, .context = context, .told = ret };
	/* a FIFO opens at once then, and is found to be none of ours */
	int fd = openat(directory, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);

	*ret = (struct reputation_file){ 0 };
	if (fd < 0) {
		ret->expected = wanted_of(errno);
		return;
	}
	ret->expected = unlike_a_file(fd);
	if (ret->expected == NULL && read_lines(&r, fd) != 0) {
		ret->expected = "a disk that can be read";
		ret->line = 0;
	}
	(void)close(fd);
}
