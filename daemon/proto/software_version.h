/*
 * software_version.h -- name and version out of what a program says of itself.
 *
 * Banners have a name, a separator and numbers: "OpenSSH_9.2p1 Debian-2", "nginx/1.18.0 (Ubuntu)",
 * "dropbear_2018.76". Digits that belong to the name stay there ("libssh2_1.11.0"). Without numbers
 * all is name. What cannot be read is left out, never guessed.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
	SOFTWARE_NAME_MAX = 64, /* of name and addition, with the NUL; the rest is cut */
	SOFTWARE_NUMBERS = 4,
};

struct software_version {
	char name[SOFTWARE_NAME_MAX]; /* "" if there is none */
	/* TRANSACTION_UNSET from the first that is not told, or is too large to be a version */
	uint64_t numbers[SOFTWARE_NUMBERS];
	char addl
		[SOFTWARE_NAME_MAX]; /* behind the last number: "p1"; or in brackets: "Ubuntu"; or "" */
};

/* text  NUL-terminated; other bytes of any kind, which stay as they are */
void software_version_read(const char *text, struct software_version *ret);
