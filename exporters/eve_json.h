/* eve_json.h -- values as EVE's schema wants them: times, interfaces, protocols. */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/json.h"
#include "daemon/engine/interface_names.h"
#include "daemon/transactions/transaction.h"

#include <stdint.h>

/* An ISO 8601 time with "+0000", the only form that the schema takes. */
void eve_key_time(struct json *j, const char *key, uint64_t ns);
/* "proto": "TCP", "UDP", "ICMP" ..., or the number in three digits, as Suricata writes it. */
void eve_key_proto(struct json *j, uint8_t ip_proto);
/* An interface's name; "" if it has none, or there are no names. */
const char *eve_interface_name(const struct interface_names *names, unsigned interface);
/* "in_iface", if the interface has a name. */
void eve_key_interface(struct json *j, const struct interface_names *names, unsigned interface);
/* "ip_v": 4 or 6 */
void eve_key_ip_version(struct json *j, const struct addr *a);

/* A text, unless it is NULL. */
void eve_key_text(struct json *j, const char *key, const char *text);
/* An array of texts, unless there are none. */
void eve_key_texts(struct json *j, const char *key, const struct text_list *list);
