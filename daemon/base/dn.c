#include "daemon/base/dn.h"

#include <string.h>

/* Copy up to the comma that ends a value. returns where that is, or the end */
static const char *
copy_value(const char *at, char *room, size_t size)
{
	size_t length = 0;

	for (; *at != '\0' && *at != ','; at++) {
		if (*at == '\\' && at[1] != '\0')
			at++;
		if (length + 1 < size)
			room[length++] = *at;
	}
	room[length] = '\0';
	return at;
}

bool
dn_value(const char *dn, const char *attribute, char *ret_value, size_t size)
{
	size_t length = strlen(attribute);

	ret_value[0] = '\0';
	while (*dn != '\0') {
		dn += strspn(dn, " ");
		if (strncmp(dn, attribute, length) == 0 && dn[length] == '=') {
			(void)copy_value(dn + length + 1, ret_value, size);
			return true;
		}
		dn = copy_value(dn, ret_value, size);
		ret_value[0] = '\0';
		if (*dn == ',')
			dn++;
	}
	return false;
}
