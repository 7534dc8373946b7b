/* table.c -- the dialects. Edit dialects.def, not this file. */
#include "exporters/kalipso/dialect.h"

#define DIALECT(name) extern const struct dialect dialect_##name;
#include "dialects_list.h"
#undef DIALECT

#define DIALECT(name) &dialect_##name,
const struct dialect *const dialects[] = {
#include "dialects_list.h"
};
#undef DIALECT
