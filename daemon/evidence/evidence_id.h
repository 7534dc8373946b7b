/*
 * evidence_id.h -- ids of evidence and alerts that are the same on every run over the same input.
 *
 * A UUID of version 8 (RFC 9562 §5.8) out of the SHA-256 of what makes the finding what it is. An
 * outlet that delivers twice, or a run repeated over a file, is recognised by it.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/record/record.h"

#include <stdbool.h>
#include <stdint.h>

struct evidence_digest;

/*
 * Prepare the digest.
 *
 * sensor   name of the sensor, part of every id; copied
 * returns  NULL when memory is out or libcrypto has no SHA-256
 */
struct evidence_digest *evidence_digest_new(const char *sensor);
void evidence_digest_free(struct evidence_digest *d);

/*
 * Write the id of a finding.
 *
 * kind     public name, or "alert"
 * start_ns of the window
 * object   "" if none
 * ordinal  tells apart what is otherwise equal
 */
void evidence_id(struct evidence_digest *d, const char *kind, const struct addr *host,
	uint64_t start_ns, const char *object, uint64_t ordinal, char ret_id[UUID_TEXT_MAX]);

/* Is it the text of a UUID, in lower case? */
bool evidence_id_is_valid(const char *text);
