/*
 * fuzz_quic_frames.c -- any bytes as the frames of an Initial packet.
 *
 * What is sealed no fuzzer opens: here frames come as they are. In one packet, and the same frames again
 * from the second on, must not differ; what is put together must be there bit by bit, and may be read as a
 * hello. Nothing is allocated.
 */
#include "daemon/proto/quic_frames.h"
#include "daemon/proto/tls_hello.h"
#include "tests/support/failing_alloc.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct quic_gather once = { 0 };
	struct tls_client_hello hello;
	struct cursor body;
	bool is_closed = false;

	failing_alloc_begin(1);
	quic_frames_read(cursor_over(data, size), &once, &is_closed);
	struct quic_gather twice = once;
	quic_frames_read(cursor_over(data, size), &twice, &is_closed);
	assert(memcmp(&once, &twice, sizeof(once)) == 0);
	for (size_t i = 0; i < once.whole; i++)
		assert((once.there[i / 8] >> i % 8 & 1) != 0);
	if (quic_gather_message(&once, &body) >= 0) {
		assert(body.at >= once.bytes && body.at + body.left <= once.bytes + once.whole);
		(void)tls_client_hello_read(body, 'q', true, &hello);
	}
	assert(failing_alloc_end() == 0);
	return 0;
}
