/* intel_sample.h -- indicators in a few words, for tests. */
#pragma once

#include "daemon/intel/intel_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static inline struct intel_text
intel_text_of(const char *text)
{
	return (struct intel_text){ text, strlen(text) };
}

/* `text` is an address or a network. */
static inline struct intel_indicator
intel_net(const char *text, enum threat level, const char *description)
{
	struct intel_indicator what = {
		.type = INTEL_NETWORK, .level = level, .description = intel_text_of(description)
	};

	assert_true(cidr_parse(text, &what.network));
	return what;
}

static inline struct intel_indicator
intel_name(const char *text, enum threat level, const char *description)
{
	return (struct intel_indicator){ .type = INTEL_NAME,
		.text = intel_text_of(text),
		.level = level,
		.description = intel_text_of(description) };
}

static inline struct intel_indicator
intel_digest(enum intel_digest kind, const char *text, enum threat level)
{
	return (struct intel_indicator){
		.type = INTEL_DIGEST, .digest = kind, .text = intel_text_of(text), .level = level
	};
}

static inline struct intel_indicator
intel_system(uint32_t asn, enum threat level)
{
	return (struct intel_indicator){ .type = INTEL_ASN, .asn = asn, .level = level };
}

/* The lists that there are, by number. */
enum { LIST_FIRST, LIST_SECOND, LIST_FOR_INFORMATION, LIST_RELAYS, LIST_GOOD_FILES, LISTS };

/* One list after the other: `list` is the number of each indicator's. */
static inline struct intel *
intel_of(const struct intel_indicator *what, const unsigned *list, size_t count)
{
	static const struct hash_key key = { { 3, 4 } };
	static const char *const names[LISTS] = { "first.txt", "second.txt", "third.txt",
		"relays.txt", "good.txt" };
	static const enum list_category categories[LISTS] = { LIST_MALICIOUS, LIST_MALICIOUS,
		LIST_MALICIOUS, LIST_TOR, LIST_KNOWN_GOOD };
	struct intel_room room = { 0 };
	struct intel_build *b;

	for (size_t i = 0; i < count; i++)
		assert_true(intel_room_add(&room, &what[i]));
	assert_int_equal(intel_build_new(&room, 1 << 20, &key, &b), 0);
	for (int l = 0; l < LISTS; l++)
		assert_int_equal(
			intel_build_list(b, names[l], categories[l], l == LIST_FOR_INFORMATION), l);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(intel_build_add(b, (int)list[i], &what[i]), 0);
	return intel_build_done(b);
}
