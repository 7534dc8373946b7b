#include "daemon/loop/build_info.h"

#include "daemon/loop/version.h"

#include <openssl/evp.h>
#include <string.h>

enum { DIGEST_BYTES = 32 };

const struct metric build_info_rows[] = {
	METRIC_ROW_INFO("build_info", "Which naiad runs, and the SHA-256 of its settings."),
	METRIC_END,
};

bool
build_info_label(struct strbuf *out, const char *settings_text)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned length = 0;
	char memory[2 * DIGEST_BYTES + 1];
	struct strbuf hex;

	if (EVP_Digest(settings_text, strlen(settings_text), digest, &length, EVP_sha256(), NULL) !=
		1)
		return false;
	strbuf_init(&hex, memory, sizeof(memory));
	for (unsigned i = 0; i < DIGEST_BYTES; i++)
		strbuf_printf(&hex, "%02x", digest[i]);
	return metric_label_append(out, "version", NAIAD_VERSION) &&
	       metric_label_append(out, "revision", NAIAD_REVISION) &&
	       metric_label_append(out, "config_sha256", hex.text);
}
