/*
 * devices -- devices.json: the devices of the place, a JSON line each.
 *
 * Over files each device has one line, at the end of the run. Live it has a line when it is new, and another
 * some seconds after it got a new address or name: the last line of a card is what is known of it.
 */
#include "exporters/exporter.h"
#include "exporters/line_outlet.h"

struct config {
	bool enabled;
	const char *path;
	struct line_file_limits disk;
};

static const struct config_item config_items[] = {
	CONFIG_BOOL(struct config, enabled, true,
		"Write the devices of the place: network card, vendor, addresses, names."),
	CONFIG_STRING(struct config, path, 4096, "devices.json",
		"Where, below the output directory unless it is absolute."),
	CONFIG_SECTION(
		struct config, disk, line_file_limit_rows, "What it may take of the disk, live."),
	CONFIG_END,
};

static const char *
encoding(const void *config)
{
	(void)config;
	return "device";
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

	(void)run;
	return c->enabled ? RECORD_BIT(RECORD_DEVICE) : 0;
}

static int
devices_open(struct outlet *o, const char *header)
{
	const struct config *c = o->config;

	return line_outlet_open(o, c->path, header, &c->disk);
}

const struct exporter exporter_devices = {
	.name = "devices",
	.summary = "Devices as JSON lines in a file.",
	.encoding = encoding,
	.file = file,
	.config_size = sizeof(struct config),
	.config = config_items,
	.state_size = sizeof(struct line_outlet),
	.accepts = accepts,
	.open = devices_open,
	.write = line_outlet_write,
	.tick = line_outlet_tick,
	.show = line_outlet_show,
	.reopen = line_outlet_reopen,
	.close = line_outlet_close,
};
