/* ftp_text.h -- what FTP writes as text: ends of data connections, sizes and paths. */
#pragma once

#include "daemon/base/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a data connection will go to. */
struct ftp_end {
	struct addr addr;
	uint16_t port;
};

/* The first "h1,h2,h3,h4,p1,p2" in a text (RFC 959 section 4.1.2). returns false when there is none */
bool ftp_end_read(const char *text, struct ftp_end *ret_end);

/*
 * The first "|2|address|port|" or "|||port|" in a text (RFC 2428). Any character may stand for the bar.
 *
 * ret_end  its address is left alone where the text has none
 */
bool ftp_end_read_extended(const char *text, struct ftp_end *ret_end);

/* The number that a text begins with. returns false when there is none */
bool ftp_number_read(const char *text, uint64_t *ret_number);

/* "(1234 bytes)", as servers add it to 150. returns false when there is none */
bool ftp_size_read(const char *text, uint64_t *ret_size);

/* The path in quotes of a reply 257; "" when there is none. Two quotes in it are one (RFC 959 appendix II). */
void ftp_quoted_read(const char *text, char *ret_path, size_t size);

/* Go from the directory `path` to `step`, which may be absolute or "..". What does not fit is cut. */
void ftp_path_step(char *path, size_t size, const char *step);
