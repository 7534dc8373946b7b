/* logs -- zeek/conn.log, for everything that reads Zeek's logs. */
#include "exporters/exporter.h"
#include "exporters/line_outlet.h"

enum zeek {
	ZEEK_NONE,
	ZEEK_TSV,
	ZEEK_JSON,
};

struct config {
	uint32_t zeek; /* enum zeek */
	struct line_file_limits disk;
};

static const char *const zeek_forms[] = { "none", "tsv", "json", NULL };

static const struct config_item config_items[] = {
	CONFIG_ENUM(struct config, zeek, zeek_forms, ZEEK_NONE,
		"Write zeek/conn.log, tab-separated or as JSON lines."),
	CONFIG_SECTION(
		struct config, disk, line_file_limit_rows, "What it may take of the disk, live."),
	CONFIG_END,
};

static const char *
encoding(const void *config)
{
	const struct config *c = config;

	return c->zeek == ZEEK_JSON ? "zeek_conn_json" : "zeek_conn_tsv";
}

static uint32_t
accepts(const void *config, const struct run_info *run)
{
	const struct config *c = config;

	(void)run;
	return c->zeek == ZEEK_NONE ? 0 : RECORD_BIT(RECORD_FLOW);
}

static int
logs_open(struct outlet *o, const char *header)
{
	const struct config *c = o->config;

	return line_outlet_open(o, "zeek/conn.log", header, &c->disk);
}

const struct exporter exporter_logs = {
	.name = "logs",
	.summary = "Logs in the form of other programs.",
	.encoding = encoding,
	.config_size = sizeof(struct config),
	.config = config_items,
	.state_size = sizeof(struct line_outlet),
	.accepts = accepts,
	.open = logs_open,
	.write = line_outlet_write,
	.tick = line_outlet_tick,
	.reopen = line_outlet_reopen,
	.close = line_outlet_close,
};
