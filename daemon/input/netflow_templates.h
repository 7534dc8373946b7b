/*
 * netflow_templates.h -- what the records of a set of data hold: a bounded table that exporters fill.
 *
 * An exporter repeats its templates every few minutes, as UDP asks for; one that was not heard for an hour
 * is forgotten, and so is the one heard least recently when the table is full.
 */
#pragma once

#include "daemon/base/table.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

enum {
	NETFLOW_TEMPLATES_MAX = 1024,
	NETFLOW_FIELDS_MAX = 64,
	NETFLOW_LENGTH_VARIES = 0xffff, /* IPFIX: the length stands before the value */
};

struct netflow_field {
	uint16_t length;
	uint8_t element; /* enum netflow_element; NETFLOW_NONE is stepped over */
	bool is_reverse; /* of the other direction (RFC 5103) */
};

struct netflow_template_key {
	uint32_t exporter; /* flow_exporter_index() */
	uint16_t id;
	uint16_t pad; /* zero */
};

struct netflow_template {
	struct netflow_template_key key;
	TAILQ_ENTRY(netflow_template) link;
	uint64_t heard_ns;
	bool has_options;   /* its records tell of the exporter, not of flows */
	uint16_t count;     /* fields, 1 .. NETFLOW_FIELDS_MAX */
	uint32_t min_bytes; /* of a record; at least 1 */
	struct netflow_field fields[NETFLOW_FIELDS_MAX];
};

TAILQ_HEAD(netflow_template_list, netflow_template);

struct netflow_templates {
	struct table table;
	struct netflow_template_list heard; /* the one heard least recently first */
	uint64_t evicted;
};

/* returns 0, or -ENOMEM */
int netflow_templates_init(struct netflow_templates *t, const struct hash_key *hash_key);
void netflow_templates_done(struct netflow_templates *t);

/*
 * Remember a template, in place of another of its exporter with its id.
 *
 * template  .key, .has_options, .count, .fields and .min_bytes are set
 */
void netflow_templates_put(
	struct netflow_templates *t, const struct netflow_template *template, uint64_t now_ns);

/* returns NULL when there is none, or it is too old */
const struct netflow_template *netflow_templates_find(
	struct netflow_templates *t, uint32_t exporter, uint16_t id, uint64_t now_ns);

/* The exporter takes one back. */
void netflow_templates_withdraw(struct netflow_templates *t, uint32_t exporter, uint16_t id);

enum netflow_templates_which {
	NETFLOW_TEMPLATES_FLOWS,
	NETFLOW_TEMPLATES_OPTIONS,
	NETFLOW_TEMPLATES_ALL,
};

/* It takes back all of a kind, or has started anew. */
void netflow_templates_withdraw_all(
	struct netflow_templates *t, uint32_t exporter, enum netflow_templates_which which);
