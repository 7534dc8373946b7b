/* tls_names.h -- names of TLS's versions, groups and alerts: Zeek's for versions, IANA's for the others. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { TLS_NAME_MAX = 64 };

/* Is its handshake encrypted behind the hellos: TLS or DTLS 1.3, or a draft or trial of it? */
bool tls_version_hides(uint16_t version);

/*
 * The name of a number, written to `memory` when it has none of its own ("unknown-1234").
 *
 * returns  a constant, or `memory`
 */
const char *tls_version_text(uint16_t version, char memory[TLS_NAME_MAX]);
const char *tls_cipher_text(uint16_t cipher, char memory[TLS_NAME_MAX]);
const char *tls_group_text(uint16_t group, char memory[TLS_NAME_MAX]);
const char *tls_alert_text(uint8_t alert, char memory[TLS_NAME_MAX]);
