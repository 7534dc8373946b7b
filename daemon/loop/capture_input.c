/*
 * read() in whole blocks, not stdio and not mmap: a block stays in the processor's cache while its
 * frames are decoded, a mapping costs a page fault every 4 KiB, and a file that is cut while we
 * read it is an end here and a SIGBUS there.
 */
#include "daemon/loop/capture_input.h"

#include "daemon/loop/capture_unpack.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PACKED_BYTES = 256 << 10 };

/* Packed bytes lie behind the block in the same memory. */
struct packed {
	struct cursor bytes;
};

static int
open_path(struct capture_input *in, const char *path)
{
	struct stat st;

	if (strcmp(path, "-") == 0) {
		in->name = "standard input";
		in->fd = STDIN_FILENO;
	} else {
		in->name = path;
		in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		if (in->fd < 0)
			return -errno;
	}
	in->is_open = true;
	if (fstat(in->fd, &st) == 0 && S_ISREG(st.st_mode)) {
		in->bytes_total = (uint64_t)st.st_size;
		(void)posix_fadvise(in->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	}
	return 0;
}
