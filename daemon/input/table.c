/* table.c -- the formats of other programs' logs. Edit input_formats.def, not this file. */
#include "daemon/input/input_format.h"

#define INPUT_FORMAT(name) extern const struct input_format input_##name;
#include "input_formats_list.h"
#undef INPUT_FORMAT

#define INPUT_FORMAT(name) &input_##name,
const struct input_format *const input_formats[] = {
#include "input_formats_list.h"
	NULL,
};
#undef INPUT_FORMAT
