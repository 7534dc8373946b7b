/*
 * syslog -- findings as RFC 5424 messages to /dev/log, a syslog server over UDP, or over TCP.
 *
 * At least once and in order (delivery.h). How sure "once it has it" is depends on the transport:
 *
 *	unix  sure, as long as the receiver does not die between reading a message and writing it
 *	tcp   a receiver that is killed may lose what it had read, or had not for longer than PEER_AGE_MS
 *	udp   what gets lost on the way is lost
 *
 * What may have arrived before is sent again with repeat="yes", and the same id.
 * Not over files: there a log server would get the past as news.
 */
#include "exporters/delivery.h"
#include "exporters/encode_syslog.h"
#include "exporters/exporter.h"

#include <unistd.h>

#define MIB (UINT64_C(1024) * 1024)

enum {
	LOCAL4 = 20,
	ENTERPRISE_OF_DOCUMENTATION = 32473, /* RFC 5612; until there is one of our own */
	MESSAGE_MOST = 32 * 1024,
	PATH_MOST = 107, /* sun_path */
};

struct config {
	bool enabled;
	uint32_t transport; /* enum peer_transport */
	const char *path;
	const char *host;
	uint32_t port;
	uint32_t facility;
	uint32_t enterprise;
	uint32_t message_max;
	uint64_t spool_max;
};

static const char *const transports[] = { "unix", "udp", "tcp", NULL };

static const struct config_item config_items[] = {
	CONFIG_BOOL(struct config, enabled, false, "Send findings to syslog, when live."),
	CONFIG_ENUM(struct config, transport, transports, PEER_UNIX,
		"How: a Unix datagram socket, UDP, or TCP with octet counting."),
	CONFIG_STRING(struct config, path, PATH_MOST, "/dev/log", "The socket, for unix."),
	CONFIG_STRING(struct config, host, 253, "127.0.0.1", "Address or name, for udp and tcp."),
	CONFIG_U32(struct config, port, 1, 65535, 514, "", "Port, for udp and tcp."),
	CONFIG_ENUM(
		struct config, facility, syslog_facilities, LOCAL4, "Facility of the messages."),
	CONFIG_U32(struct config, enterprise, 1, UINT32_MAX, ENTERPRISE_OF_DOCUMENTATION, "",
		"Private enterprise number in the name of the structured data."),
	CONFIG_U32(struct config, message_max, SYSLOG_MESSAGE_MIN, MESSAGE_MOST, 2048, "bytes",
		"Longest message; the sentence of a longer one is cut."),
	CONFIG_SIZE(struct config, spool_max, 1 * MIB, 1024 * MIB, 16 * MIB,
		"Findings that wait on disk while nobody takes them; then the oldest go."),
	CONFIG_END,
};

struct state {
	struct delivery *delivery;
	struct syslog_form form;
	char message[MESSAGE_MOST + 1];
};

static uint32_t
accepts(const void *config, const struct run_info *run)
{
	const struct config *c = config;

	return c->enabled && run->live ? RECORD_BIT(RECORD_EVIDENCE) | RECORD_BIT(RECORD_ALERT) : 0;
}

static int
syslog_open(struct outlet *o, const char *header)
{
	const struct config *c = o->config;
	struct state *s = o->state;
	const struct delivery_plan plan = {
		.name = "syslog",
		.spool_max = c->spool_max,
		.peer = { .outlet = "syslog",
			.transport = (enum peer_transport)c->transport,
			.path = c->path,
			.host = c->host,
			.port = (uint16_t)c->port },
		.mark_repeat = syslog_mark_repeat,
	};

	(void)header;
	s->form = (struct syslog_form){
		.facility = c->facility,
		.enterprise = c->enterprise,
		.most = c->message_max - SYSLOG_REPEAT_BYTES,
		.process = (unsigned long)getpid(),
	};
	return delivery_open(o, &plan, &s->delivery);
}

static void
syslog_write(struct outlet *o, const struct record *r, const char *line, size_t length)
{
	struct state *s = o->state;
	struct strbuf b;

	(void)line;
	(void)length;
	strbuf_init(&b, s->message, sizeof(s->message));
	syslog_encode(&s->form, o->run, r, &b);
	delivery_add(s->delivery, b.text, b.length);
}

static void
syslog_tick(struct outlet *o)
{
	const struct state *s = o->state;

	delivery_tick(s->delivery);
}

static int
syslog_close(struct outlet *o, const char *footer)
{
	const struct state *s = o->state;

	(void)footer;
	return delivery_close(s->delivery);
}

const struct exporter exporter_syslog = {
	.name = "syslog",
	.summary = "Findings as RFC 5424 messages.",
	.config_size = sizeof(struct config),
	.config = config_items,
	.state_size = sizeof(struct state),
	.accepts = accepts,
	.open = syslog_open,
	.write = syslog_write,
	.tick = syslog_tick,
	.close = syslog_close,
};
