#include "daemon/proto/dns_words.h"

#include "daemon/base/strbuf.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct word {
	uint16_t number;
	const char *text;
};

static const char *const first_types[] = { NULL, "A", "NS", "MD", "MF", "CNAME", "SOA", "MB", "MG",
	"MR", "NULL", "WKS", "PTR", "HINFO", "MINFO", "MX", "TXT", "RP", "AFSDB", "X25", "ISDN",
	"RT", "NSAP", "NSAP-PTR", "SIG", "KEY", "PX", "GPOS", "AAAA", "LOC", "NXT", "EID", "NIMLOC",
	"SRV", "ATMA", "NAPTR", "KX", "CERT", "A6", "DNAME", "SINK", "OPT", "APL", "DS", "SSHFP",
	"IPSECKEY", "RRSIG", "NSEC", "DNSKEY", "DHCID", "NSEC3", "NSEC3PARAM", "TLSA", "SMIMEA",
	NULL, "HIP", "NINFO", "RKEY", "TALINK", "CDS", "CDNSKEY", "OPENPGPKEY", "CSYNC", "ZONEMD",
	"SVCB", "HTTPS" };

static const struct word more_types[] = {
	{ 99, "SPF" },
	{ 100, "UINFO" },
	{ 101, "UID" },
	{ 102, "GID" },
	{ 103, "UNSPEC" },
	{ 104, "NID" },
	{ 105, "L32" },
	{ 106, "L64" },
	{ 107, "LP" },
	{ 108, "EUI48" },
	{ 109, "EUI64" },
	{ 249, "TKEY" },
	{ 250, "TSIG" },
	{ 251, "IXFR" },
	{ 252, "AXFR" },
	{ 253, "MAILB" },
	{ 254, "MAILA" },
	{ 255, "*" },
	{ 256, "URI" },
	{ 257, "CAA" },
	{ 258, "AVC" },
	{ 259, "DOA" },
	{ 260, "AMTRELAY" },
	{ 32768, "TA" },
	{ 32769, "DLV" },
	{ 0, NULL },
};

static const struct word classes[] = {
	{ 1, "C_INTERNET" },
	{ 2, "C_CSNET" },
	{ 3, "C_CHAOS" },
	{ 4, "C_HESIOD" },
	{ 254, "C_NONE" },
	{ 255, "C_ANY" },
	{ 0, NULL },
};

static const struct word rcodes[] = {
	{ 0, "NOERROR" },
	{ 1, "FORMERR" },
	{ 2, "SERVFAIL" },
	{ 3, "NXDOMAIN" },
	{ 4, "NOTIMP" },
	{ 5, "REFUSED" },
	{ 6, "YXDOMAIN" },
	{ 7, "YXRRSET" },
	{ 8, "NXRRSET" },
	{ 9, "NOTAUTH" },
	{ 10, "NOTZONE" },
	{ 16, "BADVERS" },
	{ 17, "BADKEY" },
	{ 18, "BADTIME" },
	{ 19, "BADMODE" },
	{ 20, "BADNAME" },
	{ 21, "BADALG" },
	{ 22, "BADTRUNC" },
	{ 23, "BADCOOKIE" },
	{ 0, NULL },
};

/* The word of a number in a list that ends in NULL; or the number itself after `prefix`. */
static const char *
find(const struct word *words, uint16_t number, const char *prefix, char *room)
{
	struct strbuf out;

	for (; words->text != NULL; words++)
		if (words->number == number)
			return words->text;
	strbuf_init(&out, room, DNS_WORD_MAX);
	strbuf_text(&out, prefix);
	strbuf_u64(&out, number);
	return room;
}

const char *
dns_type_word(uint16_t type, char *room)
{
	if (type < sizeof(first_types) / sizeof(first_types[0]) && first_types[type] != NULL)
		return first_types[type];
	return find(more_types, type, "query-", room);
}

const char *
dns_class_word(uint16_t class, char *room)
{
	return find(classes, class, "qclass-", room);
}

const char *
dns_rcode_word(uint16_t rcode, char *room)
{
	return find(rcodes, rcode, "rcode-", room);
}

/* The other way round: of a word in the list, or of `prefix` and digits. */
static bool
find_number(const struct word *words, const char *prefix, const char *word, uint16_t *ret)
{
	size_t length = strlen(prefix);
	char *end;

	for (; words->text != NULL; words++)
		if (strcmp(words->text, word) == 0) {
			*ret = words->number;
			return true;
		}
	if (strncmp(word, prefix, length) != 0 || word[length] < '0' || word[length] > '9')
		return false;
	unsigned long number = strtoul(word + length, &end, 10);
	*ret = (uint16_t)number;
	return *end == '\0' && number <= UINT16_MAX;
}

bool
dns_type_of_word(const char *word, uint16_t *ret_type)
{
	for (size_t i = 1; i < sizeof(first_types) / sizeof(first_types[0]); i++)
		if (first_types[i] != NULL && strcmp(first_types[i], word) == 0) {
			*ret_type = (uint16_t)i;
			return true;
		}
	return find_number(more_types, "query-", word, ret_type);
}

bool
dns_rcode_of_word(const char *word, uint16_t *ret_rcode)
{
	return find_number(rcodes, "rcode-", word, ret_rcode);
}
