/* fuzz_sflow.c -- any bytes as sFlow of one agent, and as the frames in it. */
#include "daemon/input/sflow.h"
#include "tests/fuzz/flow_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static int
read_datagram(void *reader, struct cursor bytes, uint64_t now_ns, struct flow_pair *out)
{
	const struct addr from = addr_v4(10, 0, 0, 1);
	struct sflow_counters before = sflow_counters(reader);
	int told = sflow_packet(reader, &from, bytes, now_ns, out);
	struct sflow_counters after = sflow_counters(reader);

	assert(after.bad - before.bad == (told < 0));
	assert(told < 0 || after.samples - before.samples == (uint64_t)told);
	return told;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct sflow_plan plan = { 0 };
	struct sflow *s = sflow_new(&plan);

	assert(s != NULL);
	flow_fuzz(s, read_datagram, bytes, len);
	sflow_free(s);
	return 0;
}
