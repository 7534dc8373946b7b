/* country_name.h -- a country's English name as Kalipso's own tables have it, from its two letters, and back. */
#pragma once

/* returns "Netherlands" for "NL", "Cape Verde" for "CV", ...; ISO 3166-1's where Kalipso has none; NULL: no such country */
const char *country_name(const char *code);

/*
 * The two letters of a country, from the name that Kalipso, ISO 3166-1 or MaxMind has for it.
 *
 * returns  "NL" for "Netherlands", "RU" for "Russia"; NULL: no such country
 */
const char *country_code(const char *name);
