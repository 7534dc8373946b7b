/* eve -- eve.json: every finding and, unless told not to, every conversation. */
#include "exporters/exporter.h"
#include "exporters/line_outlet.h"

struct config {
	bool enabled;
	bool flows;
	bool transactions;
	const char *path;
	struct line_file_limits disk;
};

static const struct config_item config_items[] = {
	CONFIG_BOOL(struct config, enabled, true, "Write EVE-compatible JSON lines."),
	CONFIG_BOOL(struct config, flows, true,
		"Write conversations, and which are tunnels, as well as findings."),
	CONFIG_BOOL(struct config, transactions, true,
		"Write what hosts say to each other: queries, requests, log-ins."),
	CONFIG_STRING(struct config, path, 4096, "eve.json",
		"Where, below the output directory unless it is absolute."),
	CONFIG_SECTION(
		struct config, disk, line_file_limit_rows, "What it may take of the disk, live."),
	CONFIG_END,
};

static const char *
encoding(const void *config)
{
	(void)config;
	return "eve";
}

static const char *
file(const void *config)
{
	const struct config *c = config;

	return c->path;
}

static uint32_t
accepts(const void *config, const struct run_info *run)
{
	const struct config *c = config;
	uint32_t findings = RECORD_BIT(RECORD_EVIDENCE) | RECORD_BIT(RECORD_ALERT) |
			    RECORD_BIT(RECORD_CLOCK_JUMP) | RECORD_BIT(RECORD_CAPTURE_GAP) |
			    RECORD_BIT(RECORD_WEIRD);

	(void)run;
	if (!c->enabled)
		return 0;
	if (c->flows)
		findings |= RECORD_BIT(RECORD_FLOW) | RECORD_BIT(RECORD_TUNNEL);
	return c->transactions ? findings | RECORD_BIT(RECORD_TRANSACTION) : findings;
}

static int
eve_open(struct outlet *o, const char *header)
{
	const struct config *c = o->config;

	return line_outlet_open(o, c->path, header, &c->disk);
}

const struct exporter exporter_eve = {
	.name = "eve",
	.summary = "EVE-compatible JSON lines in a file.",
	.encoding = encoding,
	.file = file,
	.config_size = sizeof(struct config),
	.config = config_items,
	.state_size = sizeof(struct line_outlet),
	.accepts = accepts,
	.open = eve_open,
	.write = line_outlet_write,
	.tick = line_outlet_tick,
	.show = line_outlet_show,
	.reopen = line_outlet_reopen,
	.close = line_outlet_close,
};
