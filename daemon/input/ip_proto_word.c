#include "daemon/input/ip_proto_word.h"

#include "daemon/base/number_text.h"

#include <string.h>
#include <strings.h>

/* IANA's names, and what Suricata, Argus and nfdump write instead; the most frequent first. */
static const struct {
	const char *word;
	uint8_t number;
} words[] = {
	{ "tcp", 6 },
	{ "udp", 17 },
	{ "icmp", 1 },
	{ "ipv6-icmp", 58 },
	{ "icmp6", 58 },
	{ "icmpv6", 58 },
	{ "igmp", 2 },
	{ "ipip", 4 },
	{ "ipencap", 4 },
	{ "ipnip", 4 },
	{ "ipv4", 4 },
	{ "igp", 9 },
	{ "rsvp", 46 },
	{ "gre", 47 },
	{ "esp", 50 },
	{ "ah", 51 },
	{ "ipv6", 41 },
	{ "ipv6-nonxt", 59 },
	{ "eigrp", 88 },
	{ "ospf", 89 },
	{ "etherip", 97 },
	{ "pim", 103 },
	{ "vrrp", 112 },
	{ "l2tp", 115 },
	{ "sctp", 132 },
	{ "udplite", 136 },
	/* What Argus finds in UDP, it names as if it were beside it. */
	{ "rtp", 17 },
	{ "rtcp", 17 },
	{ "udt", 17 },
};

bool
ip_proto_word(const char *text, size_t length, uint8_t *ret_ip_proto)
{
	uint64_t number;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i].word) == length &&
			strncasecmp(words[i].word, text, length) == 0) {
			*ret_ip_proto = words[i].number;
			return true;
		}
	if (number_text_count(text, length, &number) < 0 || number > UINT8_MAX)
		return false;
	*ret_ip_proto = (uint8_t)number;
	return true;
}
