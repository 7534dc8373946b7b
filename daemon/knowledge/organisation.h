/*
 * organisation.h -- five organisations whose names others like to bear: what is theirs
 * (daemon/lists/organisation_*.def).
 */
#pragma once

#include <stdint.h>

enum organisation {
	ORGANISATION_NONE,
	ORGANISATION_APPLE,
	ORGANISATION_FACEBOOK,
	ORGANISATION_GOOGLE,
	ORGANISATION_MICROSOFT,
	ORGANISATION_TWITTER,
	ORGANISATION_COUNT,
};

/* The word for it, "google"; NULL for none. */
const char *organisation_word(enum organisation o);

/* ORGANISATION_NONE when it is nobody's of them. Texts are from anywhere; case does not matter. */
enum organisation organisation_of_word(const char *word);
enum organisation organisation_of_domain(const char *name); /* or one above it */
enum organisation organisation_of_asn(uint32_t asn);
enum organisation organisation_of_title(
	const char *title); /* as a certificate's subject has it, "Google LLC" */
