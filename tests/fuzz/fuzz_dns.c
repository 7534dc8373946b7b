/* fuzz_dns.c -- any bytes as one DNS message. What comes out is a text and within its bounds; nothing is allocated. */
#include "daemon/proto/proto.h"
#include "daemon/transactions/dns.h"
#include "tests/support/failing_alloc.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct protocol protocol_dns;

static void
check(void *context, const struct observation *o)
{
	(void)context;
	assert(o->dns->answer_count <= DNS_ANSWERS_MAX);
	size_t length = strnlen(o->dns->query, DNS_NAME_MAX);
	assert(length < DNS_NAME_MAX);
	for (size_t i = 0; i < length; i++)
		assert(o->dns->query[i] > ' ' && o->dns->query[i] < 0x7f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct proto_call call = { .ts_ns = 1, .emit = check };

	failing_alloc_begin(1);
	(void)protocol_dns.looks_like(&call, cursor_over(data, size));
	(void)protocol_dns.parse(&call, cursor_over(data, size));
	assert(failing_alloc_end() == 0);
	return 0;
}
