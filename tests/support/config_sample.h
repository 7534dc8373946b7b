/* config_sample.h -- a section with a row of every type, and a report that keeps what it is told. */
#pragma once

#include "daemon/base/strbuf.h"
#include "daemon/config/config_rows.h"
#include "daemon/settings/config_item.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SAMPLE_S UINT64_C(1000000000)

struct sample_net {
	struct cidr value;
};

struct sample_server {
	const char *host;
	uint32_t port;
	struct {
		bool verify;
	} tls;
	struct config_list tags; /* of struct sample_tag */
};

struct sample_tag {
	const char *value;
};

struct sample {
	bool verbose;
	uint32_t min_targets;
	double ratio;
	uint64_t memory;
	const char *label;
	const char *note;
	uint32_t direction;
	struct addr gateway;
	struct addr relay;
	struct cidr inside;
	struct cidr outside;
	struct config_list home_network; /* of struct sample_net */
	struct config_list servers;      /* of struct sample_server */
	struct {
		uint64_t width;
		uint32_t open_max;
		struct {
			uint32_t depth;
		} inner;
	} windows;
};

enum {
	SAMPLE_NETS_MAX = 4,
	SAMPLE_SERVERS_MAX = 3,
	SAMPLE_TARGETS_MAX = 1024,
	SAMPLE_LABEL_MAX = 8
};

static inline const struct config_item *
sample_rows(void)
{
	static const char *const directions[] = { "out", "all", "inward", NULL };
	static const struct config_item net_rows[] = {
		CONFIG_CIDR(struct sample_net, value, NULL, "A network."),
		CONFIG_END,
	};
	static const struct config_item tag_rows[] = {
		CONFIG_STRING(struct sample_tag, value, 16, NULL, "A word."),
		CONFIG_END,
	};
	static const struct config_item tls_rows[] = {
		{ .name = "verify",
			.type = CONFIG_TYPE_BOOL,
			.offset = 0,
			.dflt = true,
			.unit = "",
			.help = "Whether the certificate is checked." },
		CONFIG_END,
	};
	static const struct config_item server_rows[] = {
		CONFIG_STRING(struct sample_server, host, 64, NULL, "Name of the server."),
		CONFIG_U32(struct sample_server, port, 1, 65535, 514, "", "Port of the server."),
		CONFIG_SECTION(struct sample_server, tls, tls_rows, "How it is encrypted."),
		CONFIG_LIST(struct sample_server, tags, struct sample_tag, tag_rows, 8,
			"What else is said of it."),
		CONFIG_END,
	};
	static const struct config_item inner_rows[] = {
		{ .name = "depth",
			.type = CONFIG_TYPE_U32,
			.offset = 0,
			.min = 0,
			.max = UINT32_MAX,
			.dflt = 7,
			.unit = "",
			.help = "How deep it goes." },
		CONFIG_END,
	};
	/* Offsets from the start of the whole, as settings.c has them: the section's own is zero. */
	static const struct config_item windows_rows[] = {
		{ .name = "width",
			.type = CONFIG_TYPE_DURATION,
			.offset = CONFIG_MEMBER(struct sample, windows.width, uint64_t),
			.min = SAMPLE_S,
			.max = 86400 * SAMPLE_S,
			.dflt = 3600 * SAMPLE_S,
			.unit = "",
			.help = "Width of a window." },
		{ .name = "open_max",
			.type = CONFIG_TYPE_U32,
			.offset = CONFIG_MEMBER(struct sample, windows.open_max, uint32_t),
			.min = 1,
			.max = 16,
			.dflt = 3,
			.unit = "windows",
			.help = "Windows that are open at a time." },
		{ .name = "inner",
			.type = CONFIG_TYPE_SECTION,
			.offset = offsetof(struct sample, windows.inner),
			.rows = inner_rows,
			.unit = "",
			.help = "A section in a section." },
		CONFIG_END,
	};
	static const struct config_item rows[] = {
		CONFIG_BOOL(struct sample, verbose, false, "Say more."),
		CONFIG_U32(struct sample, min_targets, 2, SAMPLE_TARGETS_MAX, 30, "hosts",
			"Distinct targets that make a scan."),
		CONFIG_DOUBLE(struct sample, ratio, 0.0, 1.0, 0.05, "", "A part of the whole."),
		CONFIG_SIZE(struct sample, memory, 1024, UINT64_C(1) << 34, UINT64_C(64) << 20,
			"Memory that may be taken."),
		CONFIG_STRING(struct sample, label, SAMPLE_LABEL_MAX, "naiad", "Name of this one."),
		CONFIG_STRING(struct sample, note, 1024, NULL, "Whatever there is to say."),
		CONFIG_ENUM(struct sample, direction, directions, 1, "Which way."),
		CONFIG_ADDR(struct sample, gateway, "192.0.2.1", "Address of the gateway."),
		CONFIG_ADDR(struct sample, relay, NULL, "Address of the relay."),
		CONFIG_CIDR(struct sample, inside, "10.0.0.0/8", "The inner network."),
		CONFIG_CIDR(struct sample, outside, NULL, "The outer network."),
		CONFIG_LIST(struct sample, home_network, struct sample_net, net_rows,
			SAMPLE_NETS_MAX, "Networks that are home."),
		CONFIG_LIST(struct sample, servers, struct sample_server, server_rows,
			SAMPLE_SERVERS_MAX, "Servers to send to."),
		{ .name = "windows",
			.type = CONFIG_TYPE_SECTION,
			.offset = 0,
			.rows = windows_rows,
			.unit = "",
			.help = "Windows of time." },
		CONFIG_END,
	};

	return rows;
}

static inline const struct config_item *
sample_row(const char *name)
{
	for (const struct config_item *row = sample_rows(); row->type != CONFIG_TYPE_END; row++)
		if (strcmp(row->name, name) == 0)
			return row;
	return NULL;
}

/* Lines that were reported, each ended by '\n'. */
struct sample_report {
	struct config_report report;
	struct strbuf lines;
	char memory[16384];
};

static inline void
sample_report_line(void *context, const char *text)
{
	struct sample_report *r = context;

	strbuf_text(&r->lines, text);
	strbuf_char(&r->lines, '\n');
}

static inline struct config_report *
sample_report_init(struct sample_report *r)
{
	strbuf_init(&r->lines, r->memory, sizeof(r->memory));
	r->report = (struct config_report){ .line = sample_report_line, .context = r };
	return &r->report;
}
