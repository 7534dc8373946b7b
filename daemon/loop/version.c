#include "daemon/loop/version.h"

#include <openssl/crypto.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <zlib.h>
#include <zstd.h>

const char *
version_text(void)
{
	static char text[512];

	(void)snprintf(text, sizeof(text), "naiad %s\n%s\n%s\nzlib %s\nzstd %s\n", NAIAD_VERSION,
		pcap_lib_version(), OpenSSL_version(OPENSSL_VERSION), zlibVersion(),
		ZSTD_versionString());
	return text;
}
