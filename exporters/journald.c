/*
 * journald -- findings in the system's journal, each value a field of its own:
 *
 *	journalctl -t naiad NAIAD_LEVEL=high -o json
 *
 * The native protocol: one datagram an entry, "NAME=value" lines, and for a value that holds a line
 * end its length and bytes. MESSAGE is made safe for terminals; the other values are what they are,
 * and journalctl escapes them. An entry is a few hundred bytes, so the protocol's detour over a file
 * descriptor, for what no datagram holds, is not needed. Delivered through a spool as syslog is.
 *
 * Source: systemd, docs/JOURNAL_NATIVE_PROTOCOL.md.
 */
#include "exporters/delivery.h"
#include "exporters/encode_journal.h"
#include "exporters/exporter.h"

#define MIB (UINT64_C(1024) * 1024)

enum { PATH_MOST = 107 /* sun_path */ };

struct config {
	bool enabled;
	const char *path;
	uint64_t spool_max;
};

static const struct config_item config_items[] = {
	CONFIG_BOOL(
		struct config, enabled, false, "Send findings to the system's journal, when live."),
	CONFIG_STRING(struct config, path, PATH_MOST, "/run/systemd/journal/socket",
		"The journal's native socket."),
	CONFIG_SIZE(struct config, spool_max, 1 * MIB, 1024 * MIB, 4 * MIB,
		"Findings that wait on disk while nobody takes them; then the oldest go."),
	CONFIG_END,
};

struct state {
	struct delivery *delivery;
	char entry[JOURNAL_ENTRY_MAX];
};

static uint32_t
accepts(const void *config, const struct run_info *run)
{
	const struct config *c = config;

	return c->enabled && run->live ? RECORD_BIT(RECORD_EVIDENCE) | RECORD_BIT(RECORD_ALERT) : 0;
}

static int
journald_open(struct outlet *o, const char *header)
{
	const struct config *c = o->config;
	struct state *s = o->state;
	const struct delivery_plan plan = {
		.name = "journald",
		.spool_max = c->spool_max,
		.peer = { .outlet = "journald", .transport = PEER_UNIX, .path = c->path },
		.mark_repeat = journal_mark_repeat,
	};

	(void)header;
	return delivery_open(o, &plan, &s->delivery);
}

static void
journald_write(struct outlet *o, const struct record *r, const char *line, size_t length)
{
	struct state *s = o->state;
	struct strbuf b;

	(void)line;
	(void)length;
	strbuf_init(&b, s->entry, sizeof(s->entry));
	journal_encode(r, &b);
	delivery_add(s->delivery, b.text, b.length);
}

static void
journald_tick(struct outlet *o)
{
	const struct state *s = o->state;

	delivery_tick(s->delivery);
}

static int
journald_close(struct outlet *o, const char *footer)
{
	const struct state *s = o->state;

	(void)footer;
	return delivery_close(s->delivery);
}

const struct exporter exporter_journald = {
	.name = "journald",
	.summary = "Findings in the system's journal.",
	.config_size = sizeof(struct config),
	.config = config_items,
	.state_size = sizeof(struct state),
	.accepts = accepts,
	.open = journald_open,
	.write = journald_write,
	.tick = journald_tick,
	.close = journald_close,
};
