/* mqtt.h -- a client opened a session with an MQTT broker, or tried to. */
#pragma once

#include "daemon/transactions/transaction.h"

enum { MQTT_TEXT_MAX = 128 }; /* of each text, the NUL included; what is longer is cut */

struct obs_mqtt {
	const char *protocol_name;    /* "MQTT", before version 3.1.1 "MQIsdp" */
	const char *protocol_version; /* "3.1", "3.1.1", "5.0" */
	const char *client_id;        /* "" when the broker is to choose one */
	const char *connect_status;   /* the broker's answer in words; NULL: none was seen */
	const char *will_topic, *will_payload; /* NULL: no will */
};
