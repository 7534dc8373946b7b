/*
 * time_parse.h -- points in time as logs write them, as nanoseconds since the epoch.
 *
 * All take times without a zone as UTC plus `offset_s`, and return 0, or -EBADMSG when the text is anything else.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * "2023-10-02T12:00:01.123456+0200" (ISO 8601; "Z", "+02:00", no zone; 'T' or a space), which is also
 * what nfdump writes ("2023-10-02 12:00:01"), and Argus' "2015/07/26 13:35:25.912833".
 */
int time_parse_date(const char *text, size_t length, int32_t offset_s, uint64_t *ret_ns);
