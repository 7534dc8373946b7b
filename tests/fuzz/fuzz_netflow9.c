/* fuzz_netflow9.c -- any bytes as NetFlow (v5, v9, IPFIX) of one exporter, templates and all. */
#include "daemon/input/netflow.h"
#include "tests/fuzz/flow_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static int
read_datagram(void *reader, struct cursor bytes, uint64_t now_ns, struct flow_pair *out)
{
	const struct addr from = addr_v4(10, 0, 0, 1);
	struct netflow_counters before = netflow_counters(reader);
	int told = netflow_packet(reader, &from, bytes, now_ns, out);
	struct netflow_counters after = netflow_counters(reader);

	assert(after.bad - before.bad == (told < 0));
	assert(told < 0 || after.records - before.records == (uint64_t)told);
	return told;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct netflow_plan plan = { 0 };
	struct netflow *n = netflow_new(&plan);

	assert(n != NULL);
	flow_fuzz(n, read_datagram, bytes, len);
	netflow_free(n);
	return 0;
}
