/* mqtt.c -- the fields of an MQTT connection. */
#include "daemon/transactions/mqtt.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct obs_mqtt, protocol_name, "proto_name"),
	FIELD_ROW_TEXT(struct obs_mqtt, protocol_version, "proto_version"),
	FIELD_ROW_TEXT(struct obs_mqtt, client_id, "client_id"),
	FIELD_ROW_TEXT(struct obs_mqtt, connect_status, "connect_status"),
	FIELD_ROW_TEXT(struct obs_mqtt, will_topic, "will_topic"),
	FIELD_ROW_TEXT(struct obs_mqtt, will_payload, "will_payload"),
	FIELD_END,
};

const struct transaction_kind transaction_mqtt = {
	.kind = OBS_MQTT,
	.log = "mqtt_connect",
	.has_ends = true,
	.size = sizeof(struct obs_mqtt),
	.fields = fields,
};
