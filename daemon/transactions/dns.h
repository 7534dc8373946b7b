/* dns.h -- a DNS answer. */
#pragma once

#include "daemon/transactions/transaction.h"

enum { DNS_NAME_MAX = 256, DNS_ANSWERS_MAX = 24 };

struct dns_answer {
	struct addr addr;
	uint32_t ttl_s;
};

/* The A and AAAA records of one answer. */
struct obs_dns {
	struct addr client, server;
	const char *query; /* lower case, dots between labels, bytes outside [!-~] as \DDD */
	uint16_t query_type;
	uint8_t rcode;
	const struct dns_answer *answers;
	size_t answer_count;
};
