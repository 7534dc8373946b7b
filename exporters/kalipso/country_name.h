/* country_name.h -- a country's English name as Kalipso's own tables have it, from its two letters. */
#pragma once

/* returns "Netherlands" for "NL", ...: ISO 3166-1 short names where Kalipso knows them so; NULL: no such country */
const char *country_name(const char *code);
