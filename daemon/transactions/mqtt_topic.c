/* mqtt_topic.c -- the fields of a message over MQTT. */
#include "daemon/transactions/mqtt_topic.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct obs_mqtt_topic, action, "action"),
	FIELD_ROW_TEXTS(struct obs_mqtt_topic, topics, "topics", "vector[string]"),
	FIELD_ROW_TRUTH(struct obs_mqtt_topic, from_client, "from_client"),
	FIELD_ROW_COUNT(struct obs_mqtt_topic, size, "payload_len"),
	FIELD_END,
};

const struct transaction_kind transaction_mqtt_topic = {
	.kind = OBS_MQTT_TOPIC,
	.log = NULL,
	.has_ends = true,
	.size = sizeof(struct obs_mqtt_topic),
	.fields = fields,
};
