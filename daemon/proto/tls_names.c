/*
 * tls_names.c -- numbers of TLS and their names.
 *
 * Sources: IANA, "TLS Supported Groups" and "TLS Alerts" (as of 2025); docs.zeek.org, base/protocols/ssl.
 */
#include "daemon/proto/tls_names.h"

#include "daemon/base/strbuf.h"
#include "daemon/proto/tls_ciphers.h"
#include "daemon/proto/tls_hello.h"

#include <stddef.h>

struct name {
	uint16_t number;
	const char *text;
};

static const struct name versions[] = {
	{ TLS_VERSION_SSL2, "SSLv2" },
	{ TLS_VERSION_SSL3, "SSLv3" },
	{ TLS_VERSION_10, "TLSv10" },
	{ TLS_VERSION_11, "TLSv11" },
	{ TLS_VERSION_12, "TLSv12" },
	{ TLS_VERSION_13, "TLSv13" },
	{ TLS_VERSION_DTLS10, "DTLSv10" },
	{ TLS_VERSION_DTLS12, "DTLSv12" },
	{ TLS_VERSION_DTLS13, "DTLSv13" },
};

static const struct name groups[] = {
	{ 1, "sect163k1" },
	{ 2, "sect163r1" },
	{ 3, "sect163r2" },
	{ 4, "sect193r1" },
	{ 5, "sect193r2" },
	{ 6, "sect233k1" },
	{ 7, "sect233r1" },
	{ 8, "sect239k1" },
	{ 9, "sect283k1" },
	{ 10, "sect283r1" },
	{ 11, "sect409k1" },
	{ 12, "sect409r1" },
	{ 13, "sect571k1" },
	{ 14, "sect571r1" },
	{ 15, "secp160k1" },
	{ 16, "secp160r1" },
	{ 17, "secp160r2" },
	{ 18, "secp192k1" },
	{ 19, "secp192r1" },
	{ 20, "secp224k1" },
	{ 21, "secp224r1" },
	{ 22, "secp256k1" },
	{ 23, "secp256r1" },
	{ 24, "secp384r1" },
	{ 25, "secp521r1" },
	{ 26, "brainpoolP256r1" },
	{ 27, "brainpoolP384r1" },
	{ 28, "brainpoolP512r1" },
	{ 29, "x25519" },
	{ 30, "x448" },
	{ 31, "brainpoolP256r1tls13" },
	{ 32, "brainpoolP384r1tls13" },
	{ 33, "brainpoolP512r1tls13" },
	{ 34, "GC256A" },
	{ 35, "GC256B" },
	{ 36, "GC256C" },
	{ 37, "GC256D" },
	{ 38, "GC512A" },
	{ 39, "GC512B" },
	{ 40, "GC512C" },
	{ 41, "curveSM2" },
	{ 256, "ffdhe2048" },
	{ 257, "ffdhe3072" },
	{ 258, "ffdhe4096" },
	{ 259, "ffdhe6144" },
	{ 260, "ffdhe8192" },
	{ 512, "MLKEM512" },
	{ 513, "MLKEM768" },
	{ 514, "MLKEM1024" },
	{ 4587, "SecP256r1MLKEM768" },
	{ 4588, "X25519MLKEM768" },
	{ 4589, "SecP384r1MLKEM1024" },
	{ 25497, "X25519Kyber768Draft00" },
	{ 25498, "SecP256r1Kyber768Draft00" },
	{ 65281, "arbitrary_explicit_prime_curves" },
	{ 65282, "arbitrary_explicit_char2_curves" },
};

static const struct name alerts[] = {
	{ 0, "close_notify" },
	{ 1, "end_of_early_data" },
	{ 10, "unexpected_message" },
	{ 20, "bad_record_mac" },
	{ 21, "decryption_failed" },
	{ 22, "record_overflow" },
	{ 30, "decompression_failure" },
	{ 40, "handshake_failure" },
	{ 41, "no_certificate" },
	{ 42, "bad_certificate" },
	{ 43, "unsupported_certificate" },
	{ 44, "certificate_revoked" },
	{ 45, "certificate_expired" },
	{ 46, "certificate_unknown" },
	{ 47, "illegal_parameter" },
	{ 48, "unknown_ca" },
	{ 49, "access_denied" },
	{ 50, "decode_error" },
	{ 51, "decrypt_error" },
	{ 60, "export_restriction" },
	{ 70, "protocol_version" },
	{ 71, "insufficient_security" },
	{ 80, "internal_error" },
	{ 86, "inappropriate_fallback" },
	{ 90, "user_canceled" },
	{ 100, "no_renegotiation" },
	{ 109, "missing_extension" },
	{ 110, "unsupported_extension" },
	{ 111, "certificate_unobtainable" },
	{ 112, "unrecognized_name" },
	{ 113, "bad_certificate_status_response" },
	{ 114, "bad_certificate_hash_value" },
	{ 115, "unknown_psk_identity" },
	{ 116, "certificate_required" },
	{ 120, "no_application_protocol" },
	{ 121, "ech_required" },
};

enum { DRAFT = 0x7f, TRIAL = 0x7e, TRIAL_FACEBOOK = 0xfb };

static const char *
number_write(const char *word, uint16_t number, char memory[TLS_NAME_MAX])
{
	struct strbuf out;

	strbuf_init(&out, memory, TLS_NAME_MAX);
	strbuf_text(&out, word);
	strbuf_u64(&out, number);
	return memory;
}

static const char *
name_find(const struct name *names, size_t count, uint16_t number, char memory[TLS_NAME_MAX])
{
	for (size_t i = 0; i < count; i++)
		if (names[i].number == number)
			return names[i].text;
	return number_write("unknown-", number, memory);
}

bool
tls_version_hides(uint16_t version)
{
	unsigned high = version >> 8;

	return version == TLS_VERSION_13 || version == TLS_VERSION_DTLS13 || high == DRAFT ||
	       high == TRIAL || high == TRIAL_FACEBOOK;
}

const char *
tls_version_text(uint16_t version, char memory[TLS_NAME_MAX])
{
	if (version >> 8 == DRAFT)
		return number_write("TLSv13-draft", version & 0xff, memory);
	return name_find(versions, sizeof(versions) / sizeof(versions[0]), version, memory);
}

const char *
tls_cipher_text(uint16_t cipher, char memory[TLS_NAME_MAX])
{
	const char *name = tls_cipher_name(cipher);

	return name != NULL ? name : number_write("unknown-", cipher, memory);
}

const char *
tls_group_text(uint16_t group, char memory[TLS_NAME_MAX])
{
	return name_find(groups, sizeof(groups) / sizeof(groups[0]), group, memory);
}

const char *
tls_alert_text(uint8_t alert, char memory[TLS_NAME_MAX])
{
	return name_find(alerts, sizeof(alerts) / sizeof(alerts[0]), alert, memory);
}
