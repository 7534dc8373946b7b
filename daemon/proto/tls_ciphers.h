/* tls_ciphers.h -- the names of TLS's cipher suites, as IANA has them. */
#pragma once

#include <stdint.h>

/* "TLS_RSA_WITH_AES_128_CBC_SHA"; NULL if the number is none of IANA's */
const char *tls_cipher_name(uint16_t number);
