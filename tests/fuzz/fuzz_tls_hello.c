/*
 * fuzz_tls_hello.c -- any bytes as hellos of TLS, DTLS and QUIC.
 *
 * Fingerprints are whole or not there, texts end where they must, nothing is allocated.
 */
#include "daemon/proto/tls_hello.h"
#include "tests/support/failing_alloc.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_alpn(const struct tls_alpn *a)
{
	assert(a->count <= TLS_ALPN_COUNT);
	for (size_t i = 0; i < a->count; i++)
		assert(strnlen(a->names[i], sizeof(a->names[i])) <= TLS_ALPN_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tls_client_hello client;
	struct tls_server_hello server;

	failing_alloc_begin(1);
	for (const char *transport = "tqd"; *transport != '\0'; transport++) {
		if (!tls_client_hello_read(cursor_over(data, size), *transport, true, &client))
			continue;
		check_alpn(&client.alpn);
		assert(strnlen(client.sni, sizeof(client.sni)) <= TLS_SNI_MAX);
		assert(strlen(client.ja3) == (client.is_cut ? 0 : DIGEST_MD5_TEXT - 1));
		assert(strlen(client.ja4) == (client.is_cut ? 0 : TLS_JA4_TEXT - 1));
	}
	if (tls_server_hello_read(cursor_over(data, size), true, &server)) {
		assert(strnlen(server.protocol, sizeof(server.protocol)) <= TLS_ALPN_MAX);
		assert(strlen(server.ja3s) == (server.is_cut ? 0 : DIGEST_MD5_TEXT - 1));
	}
	assert(failing_alloc_end() == 0);
	return 0;
}
