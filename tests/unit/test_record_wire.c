#include "daemon/record/record_wire.h"
#include "daemon/transactions/dns.h"

#include "tests/support/record_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct packed {
	uint8_t bytes[RECORD_WIRE_MAX];
	size_t length;
};

static struct packed
pack(const struct record *r)
{
	struct packed p = { 0 };
	struct blob out = { .bytes = p.bytes, .size = sizeof(p.bytes) };

	record_pack(&out, r);
	assert_false(out.overflow);
	p.length = out.length;
	return p;
}

static void
unpack(const struct packed *p, struct record_unpacked *ret_unpacked)
{
	struct cursor in = cursor_over(p->bytes, p->length);

	assert_true(record_unpack(&in, ret_unpacked));
	assert_int_equal(cursor_left(&in), 0);
}

static void
same_kind(const struct evidence_kind *a, const struct evidence_kind *b)
{
	assert_string_equal(a->name, b->name);
	assert_int_equal(a->signature_id, b->signature_id);
	assert_string_equal(a->technique, b->technique);
	assert_string_equal(a->unit, b->unit);
	assert_string_equal(a->title, b->title);
	assert_int_equal(a->may_convict, b->may_convict);
}

static void
evidence_comes_back_field_by_field(void **state)
{
	struct record_evidence e = sample_evidence();
	struct record_unpacked u;

	(void)state;
	e.has_about = true;
	e.about = addr_v4(203, 0, 113, 9);
	e.about_country = "NL";
	e.about_asn = 64496;
	e.source = "a.csv";
	e.decisive = true;
	e.role = EVIDENCE_VICTIM;
	e.suppressed = 7;
	e.silenced_by = (struct record_silence){ "our scanner", "no-alert" };
	strcpy(e.twin, "45c48cce-2e2d-8fbd-aa1a-fc51c7c6ad26");
	struct packed p = pack(
		&(struct record){ .kind = RECORD_EVIDENCE, .ts_ns = SAMPLE_NS, .evidence = &e });
	unpack(&p, &u);
	const struct record_evidence *got = u.record.evidence;

	assert_int_equal(u.record.kind, RECORD_EVIDENCE);
	assert_int_equal(u.record.ts_ns, SAMPLE_NS);
	assert_string_equal(got->id, e.id);
	assert_string_equal(got->twin, e.twin);
	same_kind(got->kind, e.kind);
	assert_string_equal(got->detector, e.detector);
	assert_int_equal(got->threat, e.threat);
	assert_true(got->confidence == e.confidence && got->sum == e.sum);
	assert_int_equal(got->role, e.role);
	assert_true(got->decisive && got->counted && got->has_about);
	assert_true(addr_equal(&got->host, &e.host) && addr_equal(&got->about, &e.about));
	assert_string_equal(got->about_country, "NL");
	assert_int_equal(got->about_asn, 64496);
	assert_null(got->about_org);
	assert_string_equal(got->source, "a.csv");
	assert_int_equal(got->port, e.port);
	assert_int_equal(got->ip_proto, e.ip_proto);
	assert_int_equal(got->observed, e.observed);
	assert_int_equal(got->threshold, e.threshold);
	assert_string_equal(got->object, e.object);
	assert_string_equal(got->text, e.text);
	assert_int_equal(got->uid_count, 2);
	assert_memory_equal(got->uids, e.uids, 2 * sizeof(*e.uids));
	assert_memory_equal(&got->window, &e.window, sizeof(e.window));
	assert_int_equal(got->suppressed, 7);
	assert_string_equal(got->silenced_by.rule, "our scanner");
	assert_string_equal(got->silenced_by.effect, "no-alert");
	e.silenced_by.rule = NULL;
	p = pack(&(struct record){ .kind = RECORD_EVIDENCE, .ts_ns = SAMPLE_NS, .evidence = &e });
	unpack(&p, &u);
	assert_null(u.record.evidence->silenced_by.rule);
}

static void
an_alert_comes_back_with_all_its_ids(void **state)
{
	static char ids[RECORD_ALERT_EVIDENCE_MAX][UUID_TEXT_MAX];
	struct record_alert a = sample_alert();
	struct record_unpacked u;

	(void)state;
	for (size_t i = 0; i < RECORD_ALERT_EVIDENCE_MAX; i++)
		memset(ids[i], 'a' + (int)i % 26, UUID_TEXT_MAX - 1);
	a.evidence = (const char(*)[UUID_TEXT_MAX])ids;
	a.evidence_count = RECORD_ALERT_EVIDENCE_MAX;
	a.evidence_total = 100;
	a.decisive = true;
	a.window.number = -3;
	struct packed p =
		pack(&(struct record){ .kind = RECORD_ALERT, .ts_ns = SAMPLE_NS, .alert = &a });
	unpack(&p, &u);
	const struct record_alert *got = u.record.alert;

	assert_string_equal(got->id, a.id);
	assert_true(addr_equal(&got->host, &a.host));
	assert_memory_equal(&got->window, &a.window, sizeof(a.window));
	assert_true(got->sum == a.sum && got->threshold == a.threshold && got->decisive);
	assert_string_equal(got->reason, a.reason);
	same_kind(got->strongest, a.strongest);
	assert_int_equal(got->highest, a.highest);
	assert_int_equal(got->evidence_count, RECORD_ALERT_EVIDENCE_MAX);
	assert_int_equal(got->evidence_total, 100);
	assert_memory_equal(got->evidence, ids, sizeof(ids));
}

static void
a_conversation_comes_back_field_by_field(void **state)
{
	struct obs_flow f = sample_flow();
	struct record_unpacked u;

	(void)state;
	f.inner_vlan = 8;
	f.interface = 3;
	f.observed_on = 0x80000008;
	f.flipped = true;
	f.label = "From-Botnet-V1";
	f.ignored_by = "cameras";
	f.orig_delta = (struct flow_side){ 1, 2, 3, 4 };
	f.resp_delta = (struct flow_side){ 5, 6, 7, 8 };
	struct packed p =
		pack(&(struct record){ .kind = RECORD_FLOW, .ts_ns = SAMPLE_NS, .flow = &f });
	unpack(&p, &u);
	struct obs_flow got = *u.record.flow;

	assert_string_equal(got.history, f.history);
	assert_string_equal(got.service, f.service);
	assert_string_equal(got.label, f.label);
	assert_string_equal(got.ignored_by, "cameras");
	assert_int_equal(got.id, f.id);
	assert_string_equal(got.uid.text, f.uid.text);
	assert_true(addr_equal(&got.orig, &f.orig) && addr_equal(&got.resp, &f.resp));
	assert_int_equal(got.orig_port, f.orig_port);
	assert_int_equal(got.resp_port, f.resp_port);
	assert_int_equal(got.ip_proto, f.ip_proto);
	assert_true(got.has_macs && got.established && got.flipped);
	assert_memory_equal(&got.orig_mac, &f.orig_mac, sizeof(f.orig_mac));
	assert_memory_equal(&got.resp_mac, &f.resp_mac, sizeof(f.resp_mac));
	assert_int_equal(got.vlan, f.vlan);
	assert_int_equal(got.inner_vlan, f.inner_vlan);
	assert_int_equal(got.interface, f.interface);
	assert_int_equal(got.observed_on, f.observed_on);
	assert_int_equal(got.start_ns, f.start_ns);
	assert_int_equal(got.last_ns, f.last_ns);
	assert_int_equal(got.previous_ns, f.previous_ns);
	assert_memory_equal(&got.orig_total, &f.orig_total, sizeof(f.orig_total));
	assert_memory_equal(&got.resp_total, &f.resp_total, sizeof(f.resp_total));
	assert_memory_equal(&got.orig_delta, &f.orig_delta, sizeof(f.orig_delta));
	assert_memory_equal(&got.resp_delta, &f.resp_delta, sizeof(f.resp_delta));
	assert_int_equal(got.state, f.state);
	assert_int_equal(got.ended, f.ended);
}

static void
same_outside(const struct obs_outside *got, const struct obs_outside *o)
{
	assert_non_null(got);
	assert_int_equal(got->kind, o->kind);
	assert_int_equal(got->depth, o->depth);
	assert_int_equal(got->ip_proto, o->ip_proto);
	assert_int_equal(got->id, o->id);
	assert_true(addr_equal(&got->src, &o->src) && addr_equal(&got->dst, &o->dst));
	for (unsigned i = 0; i < 2; i++)
		assert_string_equal(got->uids[i].text, o->uids[i].text);
}

static void
what_carried_a_conversation_comes_back_with_it(void **state)
{
	struct obs_outside outside = sample_outside();
	struct obs_flow f = sample_flow();
	struct record_unpacked u;

	(void)state;
	struct packed p = pack(&(struct record){ .kind = RECORD_FLOW, .flow = &f });
	unpack(&p, &u);
	assert_null(u.record.flow->outside);
	f.outside = &outside;
	p = pack(&(struct record){ .kind = RECORD_FLOW, .flow = &f });
	unpack(&p, &u);
	same_outside(u.record.flow->outside, &outside);
	assert_string_equal(u.record.flow->service, f.service);
}

static void
tunnels_come_back_with_their_conversation(void **state)
{
	struct obs_outside outside = sample_outside();
	struct obs_flow f = sample_flow();
	struct obs_tunnel t = { .kind = TUNNEL_VXLAN, .closed = true, .id = 77, .flow = &f };
	struct record_unpacked u;

	(void)state;
	f.outside = &outside;
	struct packed p = pack(&(struct record){ .kind = RECORD_TUNNEL, .tunnel = &t });
	unpack(&p, &u);
	assert_int_equal(u.record.tunnel->kind, TUNNEL_VXLAN);
	assert_true(u.record.tunnel->closed);
	assert_int_equal(u.record.tunnel->id, 77);
	assert_string_equal(u.record.tunnel->flow->uid.text, f.uid.text);
	assert_int_equal(u.record.tunnel->flow->last_ns, f.last_ns);
	same_outside(u.record.tunnel->flow->outside, &outside);
}

static void
jumps_of_the_clock_come_back(void **state)
{
	struct record_clock_jump jump = { .from_ns = 1, .to_ns = UINT64_MAX };
	struct record_unpacked u;

	(void)state;
	struct packed p = pack(&(struct record){ .kind = RECORD_CLOCK_JUMP, .clock_jump = &jump });
	unpack(&p, &u);
	assert_int_equal(u.record.clock_jump->from_ns, 1);
	assert_int_equal(u.record.clock_jump->to_ns, UINT64_MAX);
}

static void
gaps_of_an_interface_come_back(void **state)
{
	struct record_capture_gap gap = {
		.interface = "eth0", .from_ns = 5, .to_ns = 7, .reason = "down"
	};
	struct record_unpacked u;

	(void)state;
	struct packed p = pack(&(struct record){ .kind = RECORD_CAPTURE_GAP, .capture_gap = &gap });
	unpack(&p, &u);
	assert_string_equal(u.record.capture_gap->interface, "eth0");
	assert_int_equal(u.record.capture_gap->from_ns, 5);
	assert_int_equal(u.record.capture_gap->to_ns, 7);
	assert_string_equal(u.record.capture_gap->reason, "down");
}

static void
when_something_was_lost_comes_back(void **state)
{
	struct record_loss_span span = {
		.reason = "dropped", .interface = "eth0", .from_ns = 5, .to_ns = 7, .count = 12400
	};
	struct record_unpacked u;

	(void)state;
	struct packed p = pack(&(struct record){ .kind = RECORD_LOSS_SPAN, .loss_span = &span });
	unpack(&p, &u);
	assert_string_equal(u.record.loss_span->reason, "dropped");
	assert_string_equal(u.record.loss_span->interface, "eth0");
	assert_int_equal(u.record.loss_span->from_ns, 5);
	assert_int_equal(u.record.loss_span->to_ns, 7);
	assert_int_equal(u.record.loss_span->count, 12400);
}

static void
oddities_come_back(void **state)
{
	struct record_weird w = sample_weird();
	struct record_unpacked u;

	(void)state;
	struct packed p = pack(&(struct record){ .kind = RECORD_WEIRD, .weird = &w });
	unpack(&p, &u);
	const struct record_weird *got = u.record.weird;
	assert_int_equal(got->weird.kind, w.weird.kind);
	assert_true(addr_equal(&got->weird.src, &w.weird.src));
	assert_true(addr_equal(&got->weird.dst, &w.weird.dst));
	assert_int_equal(got->weird.src_port, 4000);
	assert_int_equal(got->weird.dst_port, 53);
	assert_int_equal(got->weird.ip_proto, IPPROTO_UDP);
	assert_int_equal(got->weird.id, 4711);
	assert_string_equal(got->weird.uid.text, w.weird.uid.text);
	assert_int_equal(got->interface, 1);
	assert_int_equal(got->swallowed, 7);
	p.bytes[1 + 8] = WEIRD_COUNT; /* behind kind and time */
	struct cursor in = cursor_over(p.bytes, p.length);
	assert_false(record_unpack(&in, &u));
}

static void
a_transaction_comes_back_with_its_conversation(void **state)
{
	struct obs_talk talk = { .id = 4711,
		.uid = { "Cabc" },
		.orig = addr_v4(10, 0, 0, 1),
		.resp = addr_v4(10, 0, 0, 2),
		.orig_port = 4000,
		.resp_port = 53,
		.ip_proto = IPPROTO_UDP };
	const char *texts[] = { "b.example", "10.0.0.3" };
	struct obs_dns dns = { .query = "a.example", .texts = { texts, 2 } };
	struct observation o = { .kind = OBS_DNS,
		.ts_ns = 9,
		.began_ns = 8,
		.interface = 3,
		.talk = &talk,
		.dns = &dns };
	struct record_unpacked u;

	(void)state;
	struct packed p = pack(&(struct record){ .kind = RECORD_TRANSACTION, .transaction = &o });
	unpack(&p, &u);
	const struct observation *got = u.record.transaction;
	assert_int_equal(got->kind, OBS_DNS);
	assert_int_equal(got->ts_ns, 9);
	assert_int_equal(got->began_ns, 8);
	assert_int_equal(got->interface, 3);
	assert_string_equal(got->dns->query, "a.example");
	assert_int_equal(got->dns->texts.count, 2);
	assert_string_equal(got->dns->texts.at[1], "10.0.0.3");
	assert_int_equal(got->talk->id, 4711);
	assert_string_equal(got->talk->uid.text, "Cabc");
	assert_true(addr_equal(&got->talk->orig, &talk.orig));
	assert_true(addr_equal(&got->talk->resp, &talk.resp));
	assert_int_equal(got->talk->orig_port, 4000);
	assert_int_equal(got->talk->resp_port, 53);
	assert_int_equal(got->talk->ip_proto, IPPROTO_UDP);
	p.bytes[1 + 8] = OBS_WEIRD; /* behind kind and time: no transaction */
	struct cursor in = cursor_over(p.bytes, p.length);
	assert_false(record_unpack(&in, &u));
}

static void
an_entry_of_a_timeline_comes_back(void **state)
{
	struct obs_flow f = sample_flow();
	struct obs_dns dns = { .query = "a.example" };
	struct observation said = { .kind = OBS_DNS, .ts_ns = 9, .dns = &dns };
	struct record_timeline t = { .host = f.resp,
		.role = ROLE_SERVER,
		.window = { 3, 4, 5 },
		.flow = &f,
		.said = &said,
		.names = { "one.example", "two.example" },
		.name_count = 2 };
	struct record_unpacked u;

	(void)state;
	struct packed p = pack(&(struct record){ .kind = RECORD_TIMELINE, .timeline = &t });
	unpack(&p, &u);
	const struct record_timeline *got = u.record.timeline;
	assert_true(addr_equal(&got->host, &f.resp));
	assert_int_equal(got->role, ROLE_SERVER);
	assert_int_equal(got->window.number, 3);
	assert_int_equal(got->window.end_ns, 5);
	assert_int_equal(got->flow->orig_port, f.orig_port);
	assert_string_equal(got->said->dns->query, "a.example");
	assert_int_equal(got->said->ts_ns, 9);
	assert_int_equal(got->name_count, 2);
	assert_string_equal(got->names[0], "one.example");
	assert_string_equal(got->names[1], "two.example");

	t.said = NULL;
	t.name_count = 0;
	p = pack(&(struct record){ .kind = RECORD_TIMELINE, .timeline = &t });
	unpack(&p, &u);
	assert_null(u.record.timeline->said);
	assert_int_equal(u.record.timeline->name_count, 0);
}

static void
an_address_comes_back_with_its_names(void **state)
{
	struct record_address a = { .addr = addr_v4(203, 0, 113, 9),
		.is_private = true,
		.country = "NL",
		.asn = 64496,
		.names = { { "a.example", "dns", addr_v4(10, 0, 0, 53), 7, true },
			{ "b.example", "tls", addr_v4(10, 0, 0, 1), 6, false } },
		.name_count = 2 };
	struct record_unpacked u;

	(void)state;
	struct packed p = pack(&(struct record){ .kind = RECORD_ADDRESS, .address = &a });
	unpack(&p, &u);
	const struct record_address *got = u.record.address;
	assert_true(addr_equal(&got->addr, &a.addr));
	assert_true(got->is_private);
	assert_string_equal(got->country, "NL");
	assert_int_equal(got->asn, 64496);
	assert_null(got->org);
	assert_int_equal(got->name_count, 2);
	assert_string_equal(got->names[0].text, "a.example");
	assert_string_equal(got->names[1].source, "tls");
	assert_true(addr_equal(&got->names[0].told_by, &a.names[0].told_by));
	assert_int_equal(got->names[0].seen_ns, 7);
	assert_true(got->names[0].is_believed && !got->names[1].is_believed);
}

static void
a_window_comes_in_pieces_between_other_records(void **state)
{
	struct arena memory;
	struct hash_key key = { { 1, 2 } };
	struct tuples tuples;
	struct record_window w = { .host = addr_v4(10, 0, 0, 1), .tuples = &tuples, .late = 3 };
	const struct record r = { .kind = RECORD_WINDOW_SO_FAR, .ts_ns = 5, .window = &w };
	struct window_packing packing;
	struct window_unpacking windows;
	uint8_t bytes[RECORD_WIRE_PIECE_MIN];
	struct record got = { .kind = RECORD_KIND_COUNT };
	enum window_unpacked result = WINDOW_PART;
	unsigned pieces = 0;

	(void)state;
	arena_init(&memory, 1 << 20, NULL);
	tuples_init(&tuples, &memory, &key);
	for (uint16_t i = 0; i < 50; i++)
		tuples_add(&tuples, &(struct tuple_flow){ .peer = addr_v4(1, 1, 1, 1),
					    .resp_port = i,
					    .count = true,
					    .start_ns = 1 });
	window_unpacking_init(&windows, 1 << 20);
	packing = window_packing_of(&w);
	while (result == WINDOW_PART) {
		struct blob out = blob_over(bytes, sizeof(bytes));

		(void)record_pack_window(&out, &r, &packing);
		struct cursor in = cursor_over(bytes, out.length);
		assert_true(record_is_window(&in));
		result = record_unpack_window(&in, &windows, &got);
		assert_int_equal(cursor_left(&in), 0);
		pieces++;
	}
	assert_int_equal(result, WINDOW_WHOLE);
	assert_true(pieces > 3);
	assert_int_equal(got.kind, RECORD_WINDOW_SO_FAR);
	assert_int_equal(got.ts_ns, 5);
	assert_int_equal(got.window->late, 3);
	assert_int_equal(got.window->tuples->count, 50);
	struct packed p = pack(&(struct record){
		.kind = RECORD_CLOCK_JUMP, .clock_jump = &(struct record_clock_jump){ 1, 2 } });
	struct cursor other = cursor_over(p.bytes, p.length);
	assert_false(record_is_window(&other));
	window_unpacking_done(&windows);
	arena_done(&memory);
}

static void
arp_keeps_all_of_its_cards_and_addresses(void **state)
{
	const struct obs_arp a = { .operation = 2,
		.eth_src = { { 1, 2, 3, 4, 5, 6 } },
		.eth_dst = { { 2, 2, 3, 4, 5, 6 } },
		.sender_mac = { { 3, 2, 3, 4, 5, 6 } },
		.target_mac = { { 4, 2, 3, 4, 5, 6 } },
		.sender = addr_v4(10, 0, 0, 1),
		.target = addr_v4(10, 0, 0, 2) };
	struct record_unpacked u;

	(void)state;
	struct packed p = pack(&(struct record){ .kind = RECORD_ARP, .arp = &a });
	unpack(&p, &u);
	const struct obs_arp *got = u.record.arp;
	assert_int_equal(got->operation, 2);
	assert_true(mac_equal(&got->eth_src, &a.eth_src));
	assert_true(mac_equal(&got->eth_dst, &a.eth_dst));
	assert_true(mac_equal(&got->sender_mac, &a.sender_mac));
	assert_true(mac_equal(&got->target_mac, &a.target_mac));
	assert_true(addr_equal(&got->sender, &a.sender));
	assert_true(addr_equal(&got->target, &a.target));
}

static void
devices_keep_their_addresses_and_names(void **state)
{
	const struct record_device d = { .mac = { { 1, 2, 3, 4, 5, 6 } },
		.vendor = "Somebody Inc.",
		.is_router = true,
		.first_ns = 1,
		.last_ns = 2,
		.forgotten = 3,
		.addresses = { { addr_v4(10, 0, 0, 1), 4 }, { addr_v4(10, 0, 0, 2), 5 } },
		.address_count = 2,
		.names = { { "pc", "dhcp", addr_v4(10, 0, 0, 3), 6 } },
		.name_count = 1 };
	const struct addr other = addr_v4(10, 0, 0, 2);
	const struct addr teller = addr_v4(10, 0, 0, 3);
	struct record_unpacked u;

	(void)state;
	struct packed p = pack(&(struct record){ .kind = RECORD_DEVICE, .device = &d });
	unpack(&p, &u);
	const struct record_device *got = u.record.device;
	assert_true(mac_equal(&got->mac, &d.mac));
	assert_string_equal(got->vendor, "Somebody Inc.");
	assert_true(got->is_router);
	assert_int_equal(got->first_ns, 1);
	assert_int_equal(got->last_ns, 2);
	assert_int_equal(got->forgotten, 3);
	assert_int_equal(got->address_count, 2);
	assert_true(addr_equal(&got->addresses[1].addr, &other));
	assert_int_equal(got->addresses[1].seen_ns, 5);
	assert_int_equal(got->name_count, 1);
	assert_string_equal(got->names[0].text, "pc");
	assert_string_equal(got->names[0].source, "dhcp");
	assert_true(addr_equal(&got->names[0].told_by, &teller));
	assert_int_equal(got->names[0].seen_ns, 6);
}

static struct record_totals
totals_of(const struct record_loss *lost, size_t count)
{
	return (struct record_totals){ .packets = 1,
		.bytes = 2,
		.flows = 3,
		.hosts = 4,
		.windows = 5,
		.evidence = 6,
		.alerts = 7,
		.first_ns = 8,
		.last_ns = 9,
		.lost = lost,
		.lost_count = count };
}

static void
totals_come_back_with_their_losses(void **state)
{
	static const struct record_loss lost[] = { { "ip_short", 3 }, { "flows_evicted", 0 } };
	static const struct record_loss weird[] = { { "fragment_tiny", 5 } };
	struct record_totals t = totals_of(lost, 2);
	struct record_unpacked u;

	(void)state;
	t.weird = weird;
	t.weird_count = 1;
	struct packed p = pack(&(struct record){ .kind = RECORD_TOTALS, .totals = &t });
	unpack(&p, &u);
	const struct record_totals *got = u.record.totals;

	assert_memory_equal(got, &t, offsetof(struct record_totals, lost));
	assert_int_equal(got->lost_count, 2);
	assert_string_equal(got->lost[0].reason, "ip_short");
	assert_int_equal(got->lost[0].count, 3);
	assert_string_equal(got->lost[1].reason, "flows_evicted");
	assert_int_equal(got->weird_count, 1);
	assert_string_equal(got->weird[0].reason, "fragment_tiny");
	assert_int_equal(got->weird[0].count, 5);
}

static void
as_many_losses_as_fit_and_no_more_are_read(void **state)
{
	struct record_loss lost[RECORD_WIRE_LOSSES_MAX + 1] = { { 0 } };
	struct record_totals t = totals_of(lost, RECORD_WIRE_LOSSES_MAX);
	struct record_unpacked u;

	(void)state;
	for (size_t i = 0; i <= RECORD_WIRE_LOSSES_MAX; i++)
		lost[i] = (struct record_loss){ "x", i };
	struct packed p = pack(&(struct record){ .kind = RECORD_TOTALS, .totals = &t });
	unpack(&p, &u);
	assert_int_equal(u.record.totals->lost[RECORD_WIRE_LOSSES_MAX - 1].count,
		RECORD_WIRE_LOSSES_MAX - 1);

	/* The count is the four bytes behind kind, time and nine numbers. */
	p.bytes[1 + 10 * 8]++;
	struct cursor in = cursor_over(p.bytes, p.length);
	assert_false(record_unpack(&in, &u));
}

/* One of each kind, the longest alert among them. */
static struct packed
sample(unsigned which)
{
	struct record_evidence e = sample_evidence();
	struct record_alert a = sample_alert();
	struct obs_outside outside = sample_outside();
	struct obs_flow f = sample_flow();
	struct obs_tunnel tunnel = { .kind = TUNNEL_GRE, .flow = &f };
	static const struct record_loss lost[] = { { "ip_short", 3 } };
	struct record_totals t = totals_of(lost, 1);
	struct record r = { .ts_ns = SAMPLE_NS };

	switch (which) {
	case 0:
		r.kind = RECORD_EVIDENCE;
		r.evidence = &e;
		break;
	case 1:
		r.kind = RECORD_ALERT;
		r.alert = &a;
		break;
	case 2:
		r.kind = RECORD_FLOW;
		r.flow = &f;
		break;
	case 3:
		f.outside = &outside;
		r.kind = RECORD_TUNNEL;
		r.tunnel = &tunnel;
		break;
	default:
		r.kind = RECORD_TOTALS;
		r.totals = &t;
		break;
	}
	return pack(&r);
}

static void
a_record_that_is_cut_is_refused(void **state)
{
	struct record_unpacked u;

	(void)state;
	for (unsigned which = 0; which < 5; which++) {
		struct packed p = sample(which);

		for (size_t length = 0; length < p.length; length++) {
			/* In a block of its own, so that a read past its end is seen. */
			uint8_t *exact = malloc(length > 0 ? length : 1);
			assert_non_null(exact);
			memcpy(exact, p.bytes, length);
			struct cursor in = cursor_over(exact, length);
			assert_false(record_unpack(&in, &u));
			free(exact);
		}
	}
}

static void
a_byte_that_changed_is_refused_or_is_another_record(void **state)
{
	struct record_unpacked u;

	(void)state;
	for (unsigned which = 0; which < 5; which++) {
		struct packed p = sample(which);

		for (size_t at = 0; at < p.length; at++)
			for (unsigned bit = 0; bit < 8; bit++) {
				p.bytes[at] ^= (uint8_t)(1u << bit);
				struct cursor in = cursor_over(p.bytes, p.length);
				if (record_unpack(&in, &u))
					assert_int_not_equal(u.record.kind, RECORD_WINDOW);
				p.bytes[at] ^= (uint8_t)(1u << bit);
			}
	}
}

static void
a_record_without_room_overflows(void **state)
{
	uint8_t bytes[64];
	struct blob out = { .bytes = bytes, .size = sizeof(bytes) };
	struct obs_flow f = sample_flow();

	(void)state;
	record_pack(&out, &(struct record){ .kind = RECORD_FLOW, .flow = &f });
	assert_true(out.overflow);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evidence_comes_back_field_by_field),
		cmocka_unit_test(an_alert_comes_back_with_all_its_ids),
		cmocka_unit_test(a_conversation_comes_back_field_by_field),
		cmocka_unit_test(what_carried_a_conversation_comes_back_with_it),
		cmocka_unit_test(tunnels_come_back_with_their_conversation),
		cmocka_unit_test(jumps_of_the_clock_come_back),
		cmocka_unit_test(gaps_of_an_interface_come_back),
		cmocka_unit_test(when_something_was_lost_comes_back),
		cmocka_unit_test(oddities_come_back),
		cmocka_unit_test(a_transaction_comes_back_with_its_conversation),
		cmocka_unit_test(an_entry_of_a_timeline_comes_back),
		cmocka_unit_test(an_address_comes_back_with_its_names),
		cmocka_unit_test(a_window_comes_in_pieces_between_other_records),
		cmocka_unit_test(arp_keeps_all_of_its_cards_and_addresses),
		cmocka_unit_test(devices_keep_their_addresses_and_names),
		cmocka_unit_test(totals_come_back_with_their_losses),
		cmocka_unit_test(as_many_losses_as_fit_and_no_more_are_read),
		cmocka_unit_test(a_record_that_is_cut_is_refused),
		cmocka_unit_test(a_byte_that_changed_is_refused_or_is_another_record),
		cmocka_unit_test(a_record_without_room_overflows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
