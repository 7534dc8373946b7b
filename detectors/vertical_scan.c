/*
 * vertical_scan -- one host tries many ports of one other host.
 *
 * What makes a scan here is the number of distinct ports of one protocol on one address, inside one
 * window, where no conversation was established. Addresses that DNS has named within a day do not
 * count, as in horizontal_scan. A finding comes at `min_ports` and then with each tenfold.
 *
 * Attempts that the end of the capture cut short count in full, other than in horizontal_scan: a
 * client may well wait for ten servers at a time, but not for ten ports of one server. So it is not
 * the missing answers that accuse, and a scan that takes the last millisecond of a capture is seen.
 *
 * Bounds: MAX_TARGETS addresses a window, and MAX_PORT_BYTES for all their ports: the first
 * FEW_PORTS lie in the target's entry, then follows a sorted array that doubles, and from
 * ARRAY_PORTS_MAX on a bitmap of 8 KiB. Past a bound, or without memory, counts stop growing.
 *
 * Answers of devices to searches for services do not count. Not seen: a scan inside private networks that
 * pretends to be such answers; it reaches UDP ports from 1024 on only.
 *
 * Not told apart: a traceroute over UDP tries about ten ports of a host that does not answer.
 *
 * Source: detections §1.2 and §2.1; A17 (one definition of the packets that count).
 */
#include "detectors/detector.h"

#include <stdio.h>
#include <string.h>

enum {
	MAX_TARGETS = 1024,
	MAX_PORT_BYTES = 256 * 1024,
	FEW_PORTS = 8,
	ARRAY_PORTS_MAX = 512,
	BITMAP_BYTES = 65536 / 8,
};

struct config {
	uint32_t min_ports;
	uint32_t convict_ports;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_ports, 5, 65535, 10, "ports",
		"Distinct ports of one host, none of them established, that make a scan."),
	CONFIG_U32(struct config, convict_ports, 10, 65535, 100, "ports",
		"Distinct ports of one host from which a scan is an alert by itself."),
	CONFIG_END,
};

static const struct evidence_kind scan = {
	.name = "VERTICAL_PORT_SCAN",
	.signature_id = 5200006,
	.technique = "T1046",
	.unit = "ports",
	.title = "Vertical port scan",
	.may_convict = true,
};

struct target_key {
	struct addr addr;
	uint8_t ip_proto;
	uint8_t pad[7];
};

struct target {
	struct target_key key;
	uint32_t ports;      /* distinct ones */
	uint32_t array_size; /* entries at `array` */
	uint16_t few[FEW_PORTS];
	uint16_t *array; /* sorted; NULL while they fit `few` */
	uint8_t *bitmap; /* holds all of them once it is there */
	bool convicted;
	uint64_t packets; /* both ways */
	uint64_t next_report;
	struct proof *proof; /* from the second port on, as most have one */
};

static const struct arena_map_shape target_shape = {
	.item_size = sizeof(struct target),
	.key_size = sizeof(struct target_key),
	.capacity = MAX_TARGETS,
};

struct state {
	struct arena_map targets;
	uint32_t port_bytes; /* taken for arrays and bitmaps */
};

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_flow *f = o->flow;

	return o->role == ROLE_CLIENT && !f->established &&
	       (f->ip_proto == IPPROTO_TCP || f->ip_proto == IPPROTO_UDP) && f->resp_port != 0 &&
	       !is_answer_to_search(f) && addr_is_scannable(&f->orig) &&
	       addr_is_scannable(&f->resp) && !site_is_resolved(site, &f->resp, o->ts_ns);
}

static void *
port_bytes_get(struct detect *d, uint32_t bytes)
{
	struct state *s = d->window_state;
	void *block = NULL;

	if (bytes <= MAX_PORT_BYTES - s->port_bytes)
		block = arena_alloc(d->memory, bytes);
	if (block != NULL)
		s->port_bytes += bytes;
	return block;
}

static uint16_t *
sorted_ports(struct target *t)
{
	return t->array == NULL ? t->few : t->array;
}

/* Where `port` is in the sorted ports, or where it belongs. */
static uint32_t
place_of(struct target *t, uint16_t port)
{
	const uint16_t *ports = sorted_ports(t);
	uint32_t low = 0;
	uint32_t high = t->ports;

	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (ports[middle] < port)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
bitmap_add(uint8_t *bitmap, uint16_t port)
{
	uint8_t bit = (uint8_t)(1U << port % 8);
	bool known = (bitmap[port / 8] & bit) != 0;

	bitmap[port / 8] |= bit;
	return !known;
}

/* Move the ports to where there is room for one more. returns false when there is none */
static bool
make_room(struct detect *d, struct target *t)
{
	uint32_t size = t->array == NULL ? FEW_PORTS : t->array_size;

	if (t->ports < size)
		return true;
	if (size == ARRAY_PORTS_MAX) {
		t->bitmap = port_bytes_get(d, BITMAP_BYTES);
		for (uint32_t i = 0; t->bitmap != NULL && i < t->ports; i++)
			(void)bitmap_add(t->bitmap, t->array[i]);
		return t->bitmap != NULL;
	}
	uint16_t *array = port_bytes_get(d, size * 2 * (uint32_t)sizeof(*array));
	if (array == NULL)
		return false;
	memcpy(array, sorted_ports(t), t->ports * sizeof(*array));
	t->array = array;
	t->array_size = size * 2;
	return true;
}

static void
array_insert(struct target *t, uint32_t place, uint16_t port)
{
	uint16_t *ports = sorted_ports(t);

	memmove(&ports[place + 1], &ports[place], (t->ports - place) * sizeof(*ports));
	ports[place] = port;
}

/* Count the port unless it is known or there is no room. */
static void
port_add(struct detect *d, struct target *t, uint16_t port)
{
	uint32_t place = 0;

	if (t->bitmap == NULL) {
		place = place_of(t, port);
		if (place < t->ports && sorted_ports(t)[place] == port)
			return;
		if (!make_room(d, t))
			return;
	}
	if (t->bitmap == NULL)
		array_insert(t, place, port);
	else if (!bitmap_add(t->bitmap, port))
		return;
	t->ports++;
}

/* As for a horizontal scan: one packet a port is certain of ten ports. */
static double
confidence_of(uint64_t packets)
{
	if (packets > 10)
		return 1.0;
	return packets == 0 ? 0.3 : (double)packets / 10.0;
}

static void
report(struct detect *d, const struct target *t)
{
	const struct config *cfg = d->config;
	const char *protocol = t->key.ip_proto == IPPROTO_TCP ? "tcp" : "udp";
	char object[ADDR_TEXT_MAX];

	detect_mark(d, MARK_PORT_SCANNER);
	evidence_raise(d,
		&(struct finding){
			.kind = &scan,
			.threat = THREAT_HIGH,
			.confidence = confidence_of(t->packets),
			.role = EVIDENCE_ATTACKER,
			.decisive = t->convicted,
			.about = &t->key.addr,
			.ip_proto = t->key.ip_proto,
			.observed = t->ports,
			.threshold = cfg->min_ports,
			.object = addr_format(&t->key.addr, object),
			.uids = t->proof == NULL ? NULL : t->proof->uids,
			.uid_count = t->proof == NULL ? 0 : proof_count(t->proof),
		},
		"scanned %u %s ports of %s with %llu packets, none established", t->ports, protocol,
		object, (unsigned long long)t->packets);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct obs_flow *f = o->flow;
	struct state *s = d->window_state;
	struct target_key key = { .addr = f->resp, .ip_proto = f->ip_proto };

	struct target *t = arena_map_get(&s->targets, &target_shape, d->memory, d->hash_key, &key);
	if (t == NULL)
		return;
	t->packets += f->orig_total.packets + f->resp_total.packets;
	port_add(d, t, f->resp_port);
	if (t->proof == NULL && t->ports > 1)
		t->proof = arena_alloc(d->memory, sizeof(*t->proof));
	if (t->proof != NULL)
		proof_add(t->proof, &f->uid);

	bool due = report_due(&t->next_report, cfg->min_ports, t->ports);
	/* The count that convicts need not be one at which a report falls due. */
	bool convicts = t->ports >= cfg->convict_ports && t->ports >= cfg->min_ports;
	if (!due && (!convicts || t->convicted))
		return;
	t->convicted = convicts;
	report(d, t);
}

const struct detector detector_vertical_scan = {
	.name = "vertical_scan",
	.summary = "One host tries many ports of one other host.",
	.subscribes = OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &scan, NULL },
	.wants = wants,
	.observe = observe,
};
