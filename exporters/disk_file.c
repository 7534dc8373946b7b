#include "exporters/disk_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

char *
disk_file_path(const char *directory, const char *path)
{
	size_t size = strlen(directory) + sizeof("/") + strlen(path);
	char *joined = malloc(size);

	if (joined == NULL)
		return NULL;
	if (path[0] == '/')
		(void)snprintf(joined, size, "%s", path);
	else
		(void)snprintf(joined, size, "%s/%s", directory, path);
	return joined;
}

void
disk_file_directories(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(path, DISK_DIRECTORY_MODE);
		*slash = '/';
	}
}

/* Where everybody may rename files, a name says nothing on who made the file. Sticky is enough. */
static bool
directory_is_open_to_all(char *path)
{
	char *slash = strrchr(path, '/');
	const char *directory = path;
	struct stat status;

	if (slash == NULL)
		directory = ".";
	else if (slash == path)
		directory = "/";
	else
		*slash = '\0';
	int result = stat(directory, &status);
	if (slash != NULL)
		*slash = '/';
	return result == 0 && (status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0;
}

/* returns 0, or -errno with the cause */
static int
check(int fd, char *path, bool live, struct stat *ret_status, const char **ret_cause)
{
	if (fstat(fd, ret_status) < 0) {
		*ret_cause = strerror(errno);
		return -errno;
	}
	if (!S_ISREG(ret_status->st_mode) && (live || !S_ISCHR(ret_status->st_mode))) {
		*ret_cause = "it is no regular file";
		return -EINVAL;
	}
	if (!live)
		return 0;
	if (ret_status->st_uid != geteuid()) {
		*ret_cause = "it belongs to another user";
		return -EPERM;
	}
	if (ret_status->st_nlink > 1) {
		*ret_cause = "it is a hard link, another name may be watched or trusted";
		return -EMLINK;
	}
	if (directory_is_open_to_all(path)) {
		*ret_cause = "everybody can write its directory, take that right away (chmod o-w)";
		return -EPERM;
	}
	return 0;
}

int
disk_file_open(char *path, bool live, int *ret_fd, uint64_t *ret_size, const char **ret_cause)
{
	int flags = O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
	struct stat status;

	disk_file_directories(path);
	int fd = open(path, flags | (live ? O_RDWR : O_WRONLY), DISK_FILE_MODE);
	if (fd < 0) {
		*ret_cause = errno == ELOOP ? "it is a symbolic link" : strerror(errno);
		return -errno;
	}
	int result = check(fd, path, live, &status, ret_cause);
	if (result == 0 && !live) {
		/* Only now: what was refused has kept its content. */
		if (S_ISREG(status.st_mode) && ftruncate(fd, 0) < 0) {
			result = -errno;
			*ret_cause = strerror(errno);
		}
		status.st_size = 0;
		(void)fcntl(fd, F_SETFL, O_APPEND); /* a terminal may take its time */
	}
	if (result < 0) {
		(void)close(fd);
		return result;
	}
	*ret_fd = fd;
	*ret_size = (uint64_t)status.st_size;
	return 0;
}

bool
disk_file_is_at(int fd, const char *path)
{
	struct stat open_one;
	struct stat named;

	if (fstat(fd, &open_one) < 0)
		return true;
	if (lstat(path, &named) < 0)
		return errno != ENOENT && errno != ENOTDIR && open_one.st_nlink > 0;
	return open_one.st_dev == named.st_dev && open_one.st_ino == named.st_ino;
}

bool
disk_file_has_name(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && status.st_nlink > 0;
}

uint64_t
disk_file_mend(int fd, uint64_t *size, uint64_t most)
{
	char block[4096];
	uint64_t at = *size;

	while (at > 0 && *size - at <= most) {
		size_t length = at < sizeof(block) ? (size_t)at : sizeof(block);

		if (pread(fd, block, length, (off_t)(at - length)) != (ssize_t)length)
			return 0;
		while (length > 0 && block[length - 1] != '\n') {
			length--;
			at--;
		}
		if (length > 0)
			break;
	}
	uint64_t cut = *size - at;
	if (cut == 0)
		return 0;
	if (cut > most) {
		if (write(fd, "\n", 1) == 1)
			(*size)++;
		return 0;
	}
	if (ftruncate(fd, (off_t)at) < 0)
		return 0;
	*size = at;
	return cut;
}

int
disk_file_rotate(const char *path, uint32_t kept)
{
	size_t size = strlen(path) + sizeof(".4294967295");
	char *from = malloc(size);
	char *to = malloc(size);
	int result = from != NULL && to != NULL ? 0 : -ENOMEM;

	for (uint32_t i = kept; result == 0 && i > 0; i--) {
		if (i > 1)
			(void)snprintf(from, size, "%s.%u", path, i - 1);
		else
			(void)snprintf(from, size, "%s", path);
		(void)snprintf(to, size, "%s.%u", path, i);
		if (rename(from, to) < 0 && errno != ENOENT)
			result = -errno;
	}
	free(from);
	free(to);
	return result;
}

uint64_t
disk_file_room(int fd)
{
	struct statvfs status;

	if (fstatvfs(fd, &status) < 0 || status.f_blocks == 0)
		return UINT64_MAX;
	return (uint64_t)status.f_bavail * status.f_frsize;
}
