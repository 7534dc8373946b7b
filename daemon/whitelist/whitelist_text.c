#include "daemon/whitelist/whitelist_text.h"

#include "daemon/base/ascii.h"
#include "daemon/base/domain.h"
#include "daemon/base/time_text.h"
#include "daemon/intel/intel_names.h"
#include "daemon/site/site_names.h"

#include <netinet/in.h>
#include <string.h>

enum { DAYS_TO_1970 = 719468, DAYS_OF_400_YEARS = 146097, YEAR_MAX = 2500 };

/* Decimal digits, at most `most`; moves `*text` behind them. */
static bool
number_take(const char **text, uint64_t most, uint64_t *ret_number)
{
	const char *at = *text;
	uint64_t number = 0;

	for (; ascii_is_digit(*at) && number <= most; at++)
		number = number * 10 + (uint64_t)(*at - '0');
	if (at == *text || number > most)
		return false;
	*text = at;
	*ret_number = number;
	return true;
}

bool
whitelist_port_parse(const char *text, uint16_t *ret_port, uint8_t *ret_ip_proto)
{
	static const struct {
		const char *text;
		uint8_t ip_proto;
	} protocols[] = {
		{ "", 0 },
		{ "/tcp", IPPROTO_TCP },
		{ "/udp", IPPROTO_UDP },
		{ "/sctp", IPPROTO_SCTP },
	};
	uint64_t port = 0;

	if (!number_take(&text, UINT16_MAX, &port) || port == 0)
		return false;
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
		if (strcmp(text, protocols[i].text) != 0)
			continue;
		*ret_port = (uint16_t)port;
		*ret_ip_proto = protocols[i].ip_proto;
		return true;
	}
	return false;
}

bool
whitelist_asn_parse(const char *text, uint32_t *ret_asn)
{
	uint64_t number = 0;

	if ((text[0] == 'A' || text[0] == 'a') && (text[1] == 'S' || text[1] == 's'))
		text += 2;
	if (!number_take(&text, UINT32_MAX, &number) || number == 0 || *text != '\0')
		return false;
	*ret_asn = (uint32_t)number;
	return true;
}

/* Digits alone, `count` of them. */
static bool
digits_take(const char **text, unsigned count, uint64_t *ret_number)
{
	uint64_t number = 0;

	for (unsigned i = 0; i < count; i++, (*text)++) {
		if (!ascii_is_digit(**text))
			return false;
		number = number * 10 + (uint64_t)(**text - '0');
	}
	*ret_number = number;
	return true;
}

static bool
byte_take(const char **text, char wanted)
{
	if (**text != wanted)
		return false;
	(*text)++;
	return true;
}

static bool
is_date(uint64_t year, uint64_t month, uint64_t day)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return year >= 1970 && year <= YEAR_MAX && month >= 1 && month <= 12 && day >= 1 &&
	       day <= days[month - 1] + (month == 2 && is_leap ? 1U : 0U);
}

/* Since 1970-01-01; years begin in March, so that the leap day is the last. */
static uint64_t
days_of(uint64_t year, uint64_t month, uint64_t day)
{
	uint64_t y = month > 2 ? year : year - 1;
	uint64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return y / 400 * DAYS_OF_400_YEARS + y % 400 * 365 + y % 400 / 4 - y % 400 / 100 + of_year -
	       DAYS_TO_1970;
}

bool
whitelist_time_parse(const char *text, uint64_t *ret_ns)
{
	uint64_t year = 0;
	uint64_t month = 0;
	uint64_t day = 0;
	uint64_t hour = 0;
	uint64_t minute = 0;
	uint64_t second = 0;

	if (!digits_take(&text, 4, &year) || !byte_take(&text, '-') ||
		!digits_take(&text, 2, &month) || !byte_take(&text, '-') ||
		!digits_take(&text, 2, &day) || !is_date(year, month, day))
		return false;
	if (*text != '\0' && (!byte_take(&text, 'T') || !digits_take(&text, 2, &hour) ||
				     !byte_take(&text, ':') || !digits_take(&text, 2, &minute) ||
				     !byte_take(&text, ':') || !digits_take(&text, 2, &second) ||
				     !byte_take(&text, 'Z')))
		return false;
	if (*text != '\0' || hour > 23 || minute > 59 || second > 59)
		return false;
	*ret_ns =
		(((days_of(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * NS_PER_S;
	return true;
}

static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || ascii_is_digit(c) || c == '-' ||
	       c == '_' || c == '.';
}

bool
whitelist_name_parse(const char *text, struct whitelist_name *ret_name)
{
	static const struct hash_key no_key;
	struct intel_endings endings;
	struct whitelist_name name = { .is_exact = text[0] == '=' };

	name.text = domain_view(text + (name.is_exact ? 1 : 0));
	if (name.text.length > SITE_NAME_MAX - 2)
		return false;
	for (size_t i = 0; i < name.text.length; i++)
		if (!is_name_byte(name.text.at[i]))
			return false;
	if (!intel_name_endings(&no_key, name.text.at, name.text.length, &endings) ||
		!endings.is_whole)
		return false;
	*ret_name = name;
	return true;
}
