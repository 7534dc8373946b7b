/* fuzz_dns.c -- any bytes as one DNS message. */
#include "daemon/proto/proto.h"

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
	assert(strlen(o->dns->query) < DNS_NAME_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct proto_call call = { .ts_ns = 1, .emit = check };

	(void)protocol_dns.looks_like(&call, cursor_over(data, size));
	(void)protocol_dns.parse(&call, cursor_over(data, size));
	return 0;
}
