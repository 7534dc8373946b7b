#include "daemon/proto/software_version.h"

#include "daemon/base/ascii.h"
#include "daemon/transactions/transaction.h"

#include <string.h>

enum { DIGITS_MAX = 9 }; /* of a number */

static bool
is_separator(char c)
{
	return c == '/' || c == '_' || c == '-' || c == ' ';
}

/* Copy `length` bytes, or as many as fit. */
static void
text_copy(char ret_text[SOFTWARE_NAME_MAX], const char *text, size_t length)
{
	if (length > SOFTWARE_NAME_MAX - 1)
		length = SOFTWARE_NAME_MAX - 1;
	memcpy(ret_text, text, length);
	ret_text[length] = '\0';
}

/*
 * Where the numbers begin: behind a separator, which a 'v' may follow; else the first digit.
 *
 * ret_name  length of the name before them
 * returns   NULL when there are none
 */
static const char *
numbers_find(const char *text, size_t *ret_name)
{
	for (const char *at = text; *at != '\0'; at++) {
		size_t skip = at[1] == 'v' || at[1] == 'V' ? 2 : 1;
		if (is_separator(*at) && ascii_is_digit(at[skip])) {
			*ret_name = (size_t)(at - text);
			return at + skip;
		}
	}
	*ret_name = strcspn(text, "0123456789");
	return text[*ret_name] == '\0' ? NULL : text + *ret_name;
}

/* returns behind the number at `at`; false when it has too many digits */
static bool
number_read(const char **at, uint64_t *ret_number)
{
	uint64_t number = 0;
	unsigned digits = 0;

	for (; ascii_is_digit(**at); (*at)++, digits++)
		if (digits < DIGITS_MAX)
			number = number * 10 + (uint64_t)(**at - '0');
	if (digits > DIGITS_MAX)
		return false;
	*ret_number = number;
	return true;
}

/* What follows the numbers at once, up to a blank; or else the first word in brackets. */
static void
addition_read(const char *at, char ret_text[SOFTWARE_NAME_MAX])
{
	static const char ends[] = " \t();,";

	while (*at == '.' || *at == '-' || *at == '_')
		at++;
	if (at[0] == ' ' && at[1] == '(')
		at += 2;
	text_copy(ret_text, at, strcspn(at, ends));
}

void
software_version_read(const char *text, struct software_version *ret)
{
	size_t name;
	const char *at = numbers_find(text, &name);

	*ret = (struct software_version){ .numbers = { TRANSACTION_UNSET, TRANSACTION_UNSET,
						  TRANSACTION_UNSET, TRANSACTION_UNSET } };
	if (at == NULL)
		name = strcspn(text, " ");
	text_copy(ret->name, text, name);
	if (at == NULL)
		return;
	for (size_t i = 0; i < SOFTWARE_NUMBERS; i++) {
		if (!number_read(&at, &ret->numbers[i]))
			return;
		if (at[0] != '.' || !ascii_is_digit(at[1]) || i == SOFTWARE_NUMBERS - 1)
			break;
		at++;
	}
	addition_read(at, ret->addl);
}
