#include "daemon/proto/mysql_query.h"

enum {
	ATTRIBUTES_MAX = 32, /* whoever sends more has his query left out */
	UNSIGNED = 0x8000,   /* of an attribute's type */
};

uint64_t
mysql_integer(struct cursor *c)
{
	uint8_t first = cursor_u8(c);
	uint64_t low;

	switch (first) {
	case 0xfc:
		return cursor_le16(c);
	case 0xfd:
		low = cursor_le16(c);
		return low | (uint64_t)cursor_u8(c) << 16;
	case 0xfe:
		return cursor_le64(c);
	case 0xfb: /* NULL */
	case 0xff: /* an error */
		c->short_read = true;
		return 0;
	default:
		return first;
	}
}

/* Move past the value of an attribute of this type. Numbers of types are MySQL's (field_types.h). */
static void
value_pass(struct cursor *c, uint16_t type)
{
	switch (type & ~UNSIGNED) {
	case 1: /* TINY */
		(void)cursor_take(c, 1);
		break;
	case 2:  /* SHORT */
	case 13: /* YEAR */
		(void)cursor_take(c, 2);
		break;
	case 3: /* LONG */
	case 4: /* FLOAT */
	case 9: /* INT24 */
		(void)cursor_take(c, 4);
		break;
	case 5: /* DOUBLE */
	case 8: /* LONGLONG */
		(void)cursor_take(c, 8);
		break;
	case 6: /* NULL */
		break;
	case 7:  /* TIMESTAMP */
	case 10: /* DATE */
	case 11: /* TIME */
	case 12: /* DATETIME */
		(void)cursor_take(c, cursor_u8(c));
		break;
	default: /* texts, decimals, blobs */
		(void)cursor_take(c, mysql_integer(c));
		break;
	}
}

void
mysql_attributes_pass(struct cursor *c)
{
	uint16_t types[ATTRIBUTES_MAX];
	uint64_t count = mysql_integer(c);

	(void)mysql_integer(c); /* sets of them: always one */
	if (count == 0)
		return;
	const uint8_t *nulls = count <= ATTRIBUTES_MAX ? cursor_take(c, (count + 7) / 8) : NULL;
	bool has_types = cursor_u8(c) == 1;
	if (nulls == NULL || !has_types) {
		c->short_read = true;
		return;
	}
	for (uint64_t i = 0; i < count; i++) {
		types[i] = cursor_le16(c);
		(void)cursor_take(c, mysql_integer(c)); /* its name */
	}
	for (uint64_t i = 0; i < count; i++)
		if ((nulls[i / 8] >> i % 8 & 1) == 0)
			value_pass(c, types[i]);
}
