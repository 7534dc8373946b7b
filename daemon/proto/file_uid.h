/* file_uid.h -- a carried file's name, out of who sent it when: the same bytes give the same name. */
#pragma once

#include "daemon/transactions/file.h"

#include <stdint.h>

struct proto_call;

/*
 * Make the name of the file that begins in these bytes: "F" and 17 base-62 digits.
 *
 * serial  tells files apart that one side begins in the same packet
 * cost    about 100 ns
 */
void file_uid_make(const struct proto_call *call, uint32_t serial, char ret_fuid[FILE_UID_MAX]);
