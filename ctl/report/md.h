/* md.h -- Markdown (CommonMark with tables) that no text of the wire can break out of. */
#pragma once

#include <stdint.h>
#include <stdio.h>

enum { MD_TEXT_MAX = 400 }; /* bytes of a text; what is longer is cut */

/* Behind a backslash, whatever could be markup (CommonMark 2.4); HTML is nothing but characters then. */
void md_text(FILE *out, const char *text);
void md_format(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A row of a table is "|", cells, and its end. */
void md_cell(FILE *out, const char *text);
void md_row_end(FILE *out);

/* How much of a list is not there; nothing when all of it is. */
void md_left_out(FILE *out, uint64_t shown, uint64_t total, const char *what);
