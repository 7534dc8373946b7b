#include "daemon/config/config_check.h"

#include "daemon/base/strbuf.h"
#include "daemon/config/config_rows.h"
#include "daemon/config/config_text.h"

#include <string.h>

static bool
name_is_sound(const char *name)
{
	size_t length = name == NULL ? 0 : strlen(name);

	return length > 0 && length <= CONFIG_NAME_MAX && name[0] >= 'a' && name[0] <= 'z' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == length;
}

static bool
help_is_sound(const char *help)
{
	size_t length = help == NULL ? 0 : strlen(help);

	return length > 1 && help[length - 1] == '.' && config_text_is_clean(help, length);
}

static bool
text_default_is_sound(const struct config_item *row)
{
	size_t length = row->dflt_text == NULL ? 0 : strlen(row->dflt_text);
	struct cidr net;
	struct addr addr;

	if (row->dflt_text == NULL)
		return true;
	if (row->type == CONFIG_TYPE_ADDR)
		return addr_parse(row->dflt_text, &addr);
	if (row->type == CONFIG_TYPE_CIDR)
		return cidr_parse(row->dflt_text, &net);
	return length >= row->min && length <= row->max &&
	       config_text_is_clean(row->dflt_text, length);
}

static bool
choices_are_sound(const struct config_item *row)
{
	uint64_t count = 0;

	if (row->choices == NULL)
		return false;
	for (; row->choices[count] != NULL; count++)
		if (!config_text_is_clean(row->choices[count], strlen(row->choices[count])))
			return false;
	return row->dflt < count;
}

static bool
value_is_sound(const struct config_item *row, struct strbuf *why)
{
	switch (row->type) {
	case CONFIG_TYPE_END:
		return false;
	case CONFIG_TYPE_BOOL:
		return row->dflt <= 1;
	case CONFIG_TYPE_U32:
		return row->min <= row->dflt && row->dflt <= row->max && row->max <= UINT32_MAX;
	case CONFIG_TYPE_DURATION:
	case CONFIG_TYPE_SIZE:
		return row->min <= row->dflt && row->dflt <= row->max;
	case CONFIG_TYPE_DOUBLE:
		return row->min_double <= row->dflt_double && row->dflt_double <= row->max_double;
	case CONFIG_TYPE_ENUM:
		return choices_are_sound(row);
	case CONFIG_TYPE_STRING:
	case CONFIG_TYPE_ADDR:
	case CONFIG_TYPE_CIDR:
		return text_default_is_sound(row);
	case CONFIG_TYPE_LIST:
		return row->max > 0 && row->item_size > 0 && config_rows_check(row->rows, why);
	case CONFIG_TYPE_SECTION:
		return config_rows_check(row->rows, why);
	}
	return false;
}

bool
config_rows_check(const struct config_item *rows, struct strbuf *why)
{
	size_t count = 0;

	for (const struct config_item *row = rows; row->type != CONFIG_TYPE_END; row++) {
		bool sound = name_is_sound(row->name) && help_is_sound(row->help) &&
			     config_rows_find(rows, row->name, strlen(row->name)) == row &&
			     ++count <= CONFIG_ROWS_MAX;

		if (!sound || !value_is_sound(row, why)) {
			if (why->length == 0)
				strbuf_text(why, row->name == NULL ? "(no name)" : row->name);
			return false;
		}
	}
	return true;
}
