/* show.h -- numbers and times as all screens have them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct source;

/* "812 b", "1.9 Kb", "4.0 Gb"; units are of 1024. Each returns `room`. */
const char *show_bytes(char room[32], uint64_t bytes);
/* "2020/10/07 13:00:00", UTC; "" for 0 */
const char *show_time(char room[40], uint64_t ns);
/* Whole up to seven digits, then "12.3 M", "4.5 G" */
const char *show_count(char room[32], uint64_t n);
/* What is said where there are no rows: "no evidence" would be wrong when the source did not answer. */
const char *show_none(const struct source *s, const char *none);
/* The same where a filter may have left out all of so many rows. */
const char *show_none_of(const struct source *s, size_t all, const char *none);
