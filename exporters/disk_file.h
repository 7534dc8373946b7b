/*
 * disk_file.h -- a file on a path that others may lay traps on: open it, watch it, rotate it.
 *
 * Never follows a symbolic link in the last place of a path, never waits for the reader of a pipe.
 * A live sensor opens only what it could have made itself: a regular file of its own, with one name,
 * in a directory that not everybody can write.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { DISK_FILE_MODE = 0640, DISK_DIRECTORY_MODE = 0750 };

/* returns `path`, below `directory` unless it begins with '/', to be freed; NULL without memory */
char *disk_file_path(const char *directory, const char *path);

/*
 * Open for appending, and make it if it is not there. Its directories are made as well.
 *
 * path       changed during the call, and changed back
 * live       keep what is in the file and refuse what is not our own; else begin anew, and accept
 *            a character device
 * ret_fd     written on success
 * ret_size   bytes that are in it
 * ret_cause  on failure, why, for a person: static, or strerror()'s
 * returns    0, or -errno
 */
int disk_file_open(char *path, bool live, int *ret_fd, uint64_t *ret_size, const char **ret_cause);

/* Make all directories on the way to `path` that are not there; what fails shows at the open. */
void disk_file_directories(char *path);

/*
 * Does `path` still name this open file?
 *
 * returns  true also when that cannot be told (no permission to look) and the file has a name:
 *          nothing says it moved
 */
bool disk_file_is_at(int fd, const char *path);

/* Is the open file still anywhere? A file without a name takes what is written to it along. */
bool disk_file_has_name(int fd);

/*
 * Cut a last line that has no end off a file that a crash has left. What is longer than `most` is
 * not ours and gets an end instead.
 *
 * returns  bytes cut off
 */
uint64_t disk_file_mend(int fd, uint64_t *size, uint64_t most);

/*
 * Move PATH to PATH.1, what was there to PATH.2, and so on; PATH.`kept` is overwritten.
 *
 * kept     > 0
 * returns  0, or -errno
 */
int disk_file_rotate(const char *path, uint32_t kept);

/* Bytes that we may still write to the file's filesystem; UINT64_MAX when it does not tell. */
uint64_t disk_file_room(int fd);
