#include "daemon/loop/crypto.h"

#include <openssl/crypto.h>
#include <stddef.h>

bool
crypto_ready(void)
{
	return OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, NULL) == 1 &&
	       OSSL_LIB_CTX_get0_global_default() != NULL;
}
