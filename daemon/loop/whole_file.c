#include "daemon/loop/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static ssize_t
read_all(int fd, char *ret_bytes, size_t room)
{
	size_t size = 0;

	while (size < room) {
		ssize_t n = read(fd, ret_bytes + size, room - size);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			break;
		if (n > 0)
			size += (size_t)n;
	}
	return (ssize_t)size;
}

static ssize_t
read_open(int fd, size_t most, char **ret_bytes)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if ((size_t)st.st_size > most)
		return -EFBIG;
	char *bytes = malloc((size_t)st.st_size + 1);
	if (bytes == NULL)
		return -ENOMEM;
	ssize_t size = read_all(fd, bytes, (size_t)st.st_size);
	if (size < 0)
		free(bytes);
	else
		*ret_bytes = bytes;
	return size;
}

ssize_t
whole_file_read(const char *path, size_t most, char **ret_bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	*ret_bytes = NULL;
	if (fd < 0)
		return -errno;
	ssize_t size = read_open(fd, most, ret_bytes);
	(void)close(fd);
	return size;
}
