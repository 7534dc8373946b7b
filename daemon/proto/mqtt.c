/*
 * mqtt.c -- sessions, publications and subscriptions of MQTT (OASIS MQTT 3.1.1 and 5.0; 3.1 before).
 *
 * Of a session the client's packet and the broker's answer are read; then the topics of what either
 * side publishes and of what the client subscribes to. Passwords are not kept, nor is what is
 * published. MQTT in WebSockets is not looked for.
 *
 * Recognised by the packet that opens a session, on any port; sessions last for days, so one that was joined in
 * the middle is recognised by a publication that fills a segment. Of a packet PACKET_KEPT bytes are kept:
 * topics past them are left out.
 */
#include "daemon/transactions/mqtt.h"
#include "daemon/proto/framed.h"
#include "daemon/proto/proto.h"
#include "daemon/proto/wire_text.h"
#include "daemon/transactions/login.h"
#include "daemon/transactions/mqtt_topic.h"

#include <netinet/in.h>
#include <string.h>

enum {
	PACKET_KEPT = 512,
	CONNECT = 1,
	CONNACK = 2,
	PUBLISH = 3,
	SUBSCRIBE = 8,
	UNSUBSCRIBE = 10,
	DISCONNECT = 14,
	VERSION_31 = 3,
	VERSION_311 = 4,
	VERSION_5 = 5,
	FLAG_RESERVED = 0x01,
	FLAG_WILL = 0x04,
	FLAG_USER = 0x80,
	QOS_MASK = 0x06, /* of a publication's first byte */
	VARINT_BYTES = 4,
	CONNECT_MIN = 12, /* after its size */
};

struct state {
	struct framed framed[2];
	uint64_t began_ns;
	uint8_t version;
	bool is_pending; /* a session that awaits its answer */
	bool has_will, has_user;
	char client_id[MQTT_TEXT_MAX], will_topic[MQTT_TEXT_MAX], will_payload[MQTT_TEXT_MAX];
	char user[LOGIN_NAME_MAX];
	uint8_t bytes[2][PACKET_KEPT];
};

/* A number of 1 to 4 bytes, seven bits in each. `c` is short when it is cut or goes on */
static uint32_t
varint_read(struct cursor *c)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < VARINT_BYTES; i++) {
		uint8_t b = cursor_u8(c);
		value |= (uint32_t)(b & 0x7f) << 7 * i;
		if ((b & 0x80) == 0)
			return value;
	}
	c->short_read = true;
	return 0;
}

static uint64_t
size_of(struct cursor head)
{
	size_t there = cursor_left(&head);
	uint8_t type = cursor_u8(&head) >> 4;

	if (type == 0)
		return FRAMED_NONE;
	uint32_t rest = varint_read(&head);
	if (!head.short_read)
		return there - cursor_left(&head) + rest;
	return there > VARINT_BYTES ? FRAMED_NONE : 0;
}

/* A text after two bytes of its length. */
static struct cursor
text_read(struct cursor *c)
{
	return cursor_sub(c, cursor_be16(c));
}

/* Properties came with version 5. */
static void
properties_pass(struct cursor *c, uint8_t version)
{
	if (version >= VERSION_5)
		(void)cursor_take(c, varint_read(c));
}

/* The protocol's name and version. returns the version; 0: no such thing; short: cut */
static uint8_t
version_read(struct cursor *c)
{
	struct cursor name = text_read(c);
	uint8_t version = cursor_u8(c);

	if (cursor_left(&name) == 6 && memcmp(name.at, "MQIsdp", 6) == 0)
		return version == VERSION_31 ? version : 0;
	if (cursor_left(&name) == 4 && memcmp(name.at, "MQTT", 4) == 0)
		return version == VERSION_311 || version == VERSION_5 ? version : 0;
	return 0;
}

/* One publication and nothing else; names of topics have no wildcards. */
static bool
is_publication(struct cursor c)
{
	uint8_t first = cursor_u8(&c);
	uint32_t size = varint_read(&c);
	bool is_whole = size > 0 && size == cursor_left(&c);
	struct cursor topic = text_read(&c);

	if (first >> 4 != PUBLISH || (first & QOS_MASK) == QOS_MASK || !is_whole ||
		topic.short_read || cursor_left(&topic) == 0)
		return false;
	while (cursor_left(&topic) > 0) {
		uint8_t b = cursor_u8(&topic);
		if (b < ' ' || b == 0x7f || b == '#' || b == '+')
			return false;
	}
	return true;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	struct cursor c = first_bytes;

	(void)call;
	if (is_publication(first_bytes))
		return PROTO_YES;
	if (cursor_u8(&c) != CONNECT << 4)
		return PROTO_NO;
	uint32_t size = varint_read(&c);
	struct cursor begin = c;
	/* Refuse by what there is of the name. */
	if (cursor_u8(&begin) != 0)
		return PROTO_NO;
	uint8_t length = cursor_u8(&begin);
	if (!begin.short_read && length != 4 && length != 6)
		return PROTO_NO;
	uint8_t version = version_read(&c);
	uint8_t flags = cursor_u8(&c);
	if (c.short_read)
		return PROTO_PERHAPS;
	return version != 0 && size >= CONNECT_MIN && (flags & FLAG_RESERVED) == 0 ? PROTO_YES
										   : PROTO_NO;
}

static const char *
version_name(uint8_t version)
{
	switch (version) {
	case VERSION_31:
		return "3.1";
	case VERSION_311:
		return "3.1.1";
	default:
		return "5.0";
	}
}

/* MQTT 3.1.1 table 3.1; of version 5 what refuses a log-in (section 3.2.2.2). */
static const char *
status_name(uint8_t code)
{
	switch (code) {
	case 0:
		return "Connection Accepted";
	case 1:
	case 0x84:
		return "Connection Refused, unacceptable protocol version";
	case 2:
	case 0x85:
		return "Connection Refused, identifier rejected";
	case 3:
	case 0x88:
		return "Connection Refused, Server unavailable";
	case 4:
	case 0x86:
		return "Connection Refused, bad user name or password";
	case 5:
	case 0x87:
		return "Connection Refused, not authorized";
	case 0x8a:
		return "Connection Refused, banned";
	default:
		return "Connection Refused";
	}
}

/* Did the broker refuse for who the client says he is? */
static enum truth
is_let_in(uint8_t code)
{
	if (code == 0)
		return TRUTH_YES;
	return code == 4 || code == 5 ||
			       (code >= 0x86 && code <= 0x8c && code != 0x88 && code != 0x89 &&
				       code != 0x8b)
		       ? TRUTH_NO
		       : TRUTH_UNKNOWN;
}

static void
tell(const struct proto_call *call, struct state *s, const char *status, enum truth success)
{
	const struct obs_mqtt mqtt = {
		.protocol_name = s->version == VERSION_31 ? "MQIsdp" : "MQTT",
		.protocol_version = version_name(s->version),
		.client_id = s->client_id,
		.connect_status = status,
		.will_topic = s->has_will ? s->will_topic : NULL,
		.will_payload = s->has_will ? s->will_payload : NULL,
	};
	const struct obs_login login = {
		.protocol = "mqtt",
		.user = s->user,
		.success = success,
		.known_by = success == TRUTH_UNKNOWN ? NULL : LOGIN_BY_REPLY,
	};
	struct observation o = {
		.kind = OBS_MQTT,
		.ts_ns = call->ts_ns,
		.began_ns = s->began_ns,
		.interface = call->interface,
		.mqtt = &mqtt,
	};

	call->emit(call->context, &o);
	if (s->has_user) {
		o.kind = OBS_LOGIN;
		o.login = &login;
		call->emit(call->context, &o);
	}
	s->is_pending = false;
}

static void
end(struct proto_call *call)
{
	struct state *s = call->state;

	if (s->is_pending)
		tell(call, s, NULL, TRUTH_UNKNOWN);
}

static void
connect_read(struct proto_call *call, struct state *s, struct cursor c)
{
	uint8_t version = version_read(&c);
	uint8_t flags = cursor_u8(&c);

	(void)cursor_be16(&c); /* keep alive */
	if (version == 0 || c.short_read)
		return;
	end(call);
	s->version = version;
	s->began_ns = call->ts_ns;
	s->is_pending = true;
	s->has_will = (flags & FLAG_WILL) != 0;
	s->has_user = (flags & FLAG_USER) != 0;
	properties_pass(&c, version);
	(void)wire_text(s->client_id, sizeof(s->client_id), text_read(&c));
	if (s->has_will) {
		properties_pass(&c, version);
		(void)wire_text(s->will_topic, sizeof(s->will_topic), text_read(&c));
		(void)wire_text(s->will_payload, sizeof(s->will_payload), text_read(&c));
	}
	if (s->has_user)
		(void)wire_text(s->user, sizeof(s->user), text_read(&c));
}

static void
tell_topics(const struct proto_call *call, const char *action, const char *const *topics,
	size_t count, uint64_t size)
{
	const struct obs_mqtt_topic topic = {
		.action = action,
		.topics = { topics, count },
		.from_client = call->from_orig ? TRUTH_YES : TRUTH_NO,
		.size = size,
	};

	if (count > 0)
		call->emit(call->context, &(struct observation){ .kind = OBS_MQTT_TOPIC,
						  .ts_ns = call->ts_ns,
						  .interface = call->interface,
						  .mqtt_topic = &topic });
}

/* size  of the whole packet behind its head, of which `c` is what is kept */
static void
publish_read(const struct proto_call *call, const struct state *s, struct cursor c, uint8_t first,
	uint64_t size)
{
	char topic[MQTT_TEXT_MAX];
	const char *const topics[] = { topic };
	size_t there = cursor_left(&c);

	(void)wire_text(topic, sizeof(topic), text_read(&c));
	if ((first & QOS_MASK) != 0)
		(void)cursor_be16(&c); /* the packet's number */
	properties_pass(&c, s->version);
	if (!c.short_read)
		tell_topics(call, "publish", topics, 1, size - (there - cursor_left(&c)));
}

static void
subscribe_read(const struct proto_call *call, const struct state *s, struct cursor c, bool is_new)
{
	char texts[MQTT_TOPICS_MAX][MQTT_TEXT_MAX];
	const char *topics[MQTT_TOPICS_MAX];
	size_t count = 0;

	(void)cursor_be16(&c); /* the packet's number */
	properties_pass(&c, s->version);
	while (cursor_left(&c) > 0 && count < MQTT_TOPICS_MAX) {
		struct cursor text = text_read(&c);
		if (is_new)
			(void)cursor_u8(&c); /* options */
		if (c.short_read)
			break;
		(void)wire_text(texts[count], sizeof(texts[count]), text);
		topics[count] = texts[count];
		count++;
	}
	tell_topics(call, is_new ? "subscribe" : "unsubscribe", topics, count, TRANSACTION_UNSET);
}

static enum proto_verdict
packet_read(struct proto_call *call, struct state *s, struct cursor c, uint64_t size)
{
	uint8_t first = cursor_u8(&c);
	size_t there = cursor_left(&c);

	(void)varint_read(&c);
	size -= 1 + (there - cursor_left(&c));
	switch (first >> 4) {
	case CONNECT:
		if (call->from_orig)
			connect_read(call, s, c);
		break;
	case CONNACK:
		(void)cursor_u8(&c); /* flags */
		uint8_t code = cursor_u8(&c);
		if (!call->from_orig && s->is_pending && !c.short_read)
			tell(call, s, status_name(code), is_let_in(code));
		break;
	case PUBLISH:
		publish_read(call, s, c, first, size);
		break;
	case SUBSCRIBE:
	case UNSUBSCRIBE:
		subscribe_read(call, s, c, first >> 4 == SUBSCRIBE);
		break;
	case DISCONNECT:
		return PROTO_DONE;
	default:
		break;
	}
	return PROTO_MORE;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;
	unsigned side = call->from_orig ? 0 : 1;
	struct framed *f = &s->framed[side];
	enum framed_verdict v;
	struct cursor packet;

	while ((v = framed_next(f, s->bytes[side], PACKET_KEPT, size_of, &bytes, &packet)) ==
		FRAMED_MESSAGE)
		if (packet_read(call, s, packet, f->size) != PROTO_MORE)
			break;
	if (v == FRAMED_MORE)
		return PROTO_MORE;
	end(call);
	return PROTO_DONE;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct state *s = call->state;

	if (framed_gap(&s->framed[call->from_orig ? 0 : 1], missing))
		return PROTO_MORE;
	end(call);
	return PROTO_DONE;
}

/* Between messages there is no need for room for them. */
static size_t
keeps(const void *state)
{
	const struct state *s = state;

	if (framed_holds(&s->framed[0]) || framed_holds(&s->framed[1]))
		return sizeof(*s);
	return offsetof(struct state, bytes);
}

const struct protocol protocol_mqtt = {
	.name = "mqtt",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.state_zeroed = offsetof(struct state, bytes),
	.begins =
		PROTO_BEGINS({ CONNECT << 4, CONNECT << 4 }, { PUBLISH << 4, PUBLISH << 4 | 0x0f }),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.keeps = keeps,
	.end = end,
};
