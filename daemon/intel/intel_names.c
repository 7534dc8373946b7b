/*
 * Each hash has the one of the shorter ending in it: a chain from the right, so that "ab.c" and "a.bc" differ, and a
 * look-up of all endings costs as much as one of the whole.
 */
#include "daemon/intel/intel_names.h"

#include "daemon/base/ascii.h"

#include <string.h>

enum { LABEL_WORDS = (INTEL_LABEL_BYTES_MAX + 7) / 8 };

static uint64_t
label_hash(const struct hash_key *key, uint64_t ending, const char *label, size_t length)
{
	struct {
		uint64_t ending, length;
		uint8_t bytes[LABEL_WORDS * 8];
	} text = { ending, length, { 0 } };

	for (size_t i = 0; i < length; i++)
		text.bytes[i] = (uint8_t)ascii_lower(label[i]);
	return hash_words(key, &text, 2 + (length + 7) / 8);
}

/* Where the last label before `end` begins. */
static size_t
label_begin(const char *name, size_t end)
{
	while (end > 0 && name[end - 1] != '.')
		end--;
	return end;
}

bool
intel_name_endings(const struct hash_key *key, const char *name, size_t length,
	struct intel_endings *ret_endings)
{
	uint64_t ending = 0;

	*ret_endings = (struct intel_endings){ .is_whole = true };
	if (length > 0 && name[length - 1] == '.')
		length--;
	if (length == 0 || length > INTEL_NAME_BYTES_MAX)
		return false;
	for (size_t end = length;;) {
		size_t begin = label_begin(name, end);
		if (begin == end || end - begin > INTEL_LABEL_BYTES_MAX)
			return false;
		if (ret_endings->count < INTEL_LABELS_MAX) {
			ending = label_hash(key, ending, name + begin, end - begin);
			ret_endings->hash[ret_endings->count++] = ending;
		} else {
			ret_endings->is_whole = false;
		}
		if (begin == 0)
			return true;
		end = begin - 1;
	}
}
