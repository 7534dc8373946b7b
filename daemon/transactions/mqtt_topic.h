/* mqtt_topic.h -- something was published over MQTT, or somebody (un)subscribed. */
#pragma once

#include "daemon/transactions/transaction.h"

enum { MQTT_TOPICS_MAX = 16 }; /* of one message; those past it are left out */

struct obs_mqtt_topic {
	const char *action;      /* "publish", "subscribe", "unsubscribe" */
	struct text_list topics; /* each of at most MQTT_TEXT_MAX bytes */
	enum truth from_client;  /* no: the broker sends it to a subscriber */
	uint64_t size;           /* bytes of what is published; TRANSACTION_UNSET otherwise */
};
