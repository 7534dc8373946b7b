/*
 * input_begun.h -- conversations whose beginning was told: what their lines say, until their ends are.
 *
 * A line that is told twice is read once, if not too many begin between. The youngest INPUT_BEGUN_MAX are kept.
 */
#pragma once

#include "daemon/input/input_stream.h"

enum { INPUT_BEGUN_MAX = 1024 }; /* about 700 KiB of memory */

struct input_begun;

/* returns  NULL when memory is out */
struct input_begun *input_begun_new(void);

/*
 * Keep what a line says.
 *
 * number  of the line in its file, from 1
 * s       that read it: its first item ends a conversation. One that something carried is not kept
 */
void input_begun_keep(struct input_begun *b, uint64_t number, const struct input_stream *s);

/* Have it as it was read. returns false when it is not kept */
bool input_begun_have(const struct input_begun *b, uint64_t number, struct input_stream *s);

/* Bytes of memory that it takes. */
uint64_t input_begun_memory(void);

/* Accepts NULL. */
void input_begun_free(struct input_begun *b);
