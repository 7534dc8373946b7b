/* dn.h -- a distinguished name as certificates' subjects are written: "CN=www.example.com,O=Example\, Inc." (RFC 2253). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * The first value of an attribute.
 *
 * dn         from the wire: any text; blanks may stand behind its commas
 * attribute  "CN"; case matters
 * ret_value  with what was escaped by a backslash as it was; cut where `size` ends; "" when there is none
 * returns    is there one?
 */
bool dn_value(const char *dn, const char *attribute, char *ret_value, size_t size);
