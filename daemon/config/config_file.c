#include "daemon/config/config_file.h"

#include "daemon/config/config_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Read a whole file, which may be a pipe. returns bytes read, or -errno; -EFBIG if there are more */
static ssize_t
file_read(const char *path, char *ret_text, size_t capacity)
{
	size_t length = 0;
	ssize_t r = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	do {
		r = read(fd, ret_text + length, capacity - length);
		if (r > 0)
			length += (size_t)r;
	} while ((r > 0 && length < capacity) || (r < 0 && errno == EINTR));
	if (r < 0)
		r = -errno;
	(void)close(fd);
	if (r < 0)
		return r;
	return length == capacity ? -EFBIG : (ssize_t)length;
}

ssize_t
config_file_read(const char *path, struct config_report *report, char **ret_text)
{
	char *text = malloc(CONFIG_FILE_MAX + 1);

	if (text == NULL) {
		config_complain(report, "%s: no memory left to read it", path);
		return -ENOMEM;
	}
	ssize_t length = file_read(path, text, CONFIG_FILE_MAX + 1);
	if (length >= 0) {
		*ret_text = text;
		return length;
	}
	free(text);
	if (length == -EFBIG)
		config_complain(report, "%s: larger than 1MiB, which no settings are", path);
	else
		config_complain(report, "%s: cannot be read: %s", path, strerror((int)-length));
	return length;
}
