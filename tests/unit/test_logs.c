/* test_logs.c -- one outlet, a file for each kind of record. */
#include "daemon/config/config_rows.h"
#include "daemon/transactions/dns.h"
#include "exporters/exporter.h"
#include "tests/support/record_sample.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

extern const struct exporter exporter_logs;

enum { FORM_NONE, FORM_TSV, FORM_JSON };

enum {
	ALL = RECORD_BIT(RECORD_FLOW) | RECORD_BIT(RECORD_TUNNEL) | RECORD_BIT(RECORD_WEIRD) |
	      RECORD_BIT(RECORD_ARP) | RECORD_BIT(RECORD_TRANSACTION)
};

struct place {
	struct scratch *scratch;
	struct run_info run;
	struct outlet outlet;
	uint64_t config[8];
};

static int
setup(void **state)
{
	static struct place p;
	uint32_t form = FORM_TSV;

	memset(&p, 0, sizeof(p));
	p.scratch = scratch_new();
	p.run.output_dir = p.scratch->directory;
	p.run.sensor = "gw1";
	p.outlet = (struct outlet){ .run = &p.run, .config = p.config };
	p.outlet.state = calloc(1, exporter_logs.state_size);
	assert_true(exporter_logs.config_size <= sizeof(p.config));
	config_rows_default(exporter_logs.config, p.config);
	memcpy(p.config, &form, sizeof(form));
	*state = &p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	free(p->outlet.state);
	scratch_free(p->scratch);
	return 0;
}

static void
write_flow(struct place *p, enum flow_end_reason why)
{
	struct obs_flow f = sample_flow();

	f.ended = why;
	exporter_logs.write(&p->outlet,
		&(struct record){ .kind = RECORD_FLOW, .ts_ns = SAMPLE_NS, .flow = &f }, NULL, 0);
}

static void
write_tunnel(struct place *p, uint64_t ts_ns)
{
	struct obs_flow f = sample_flow();
	struct obs_tunnel t = { .kind = TUNNEL_VXLAN, .flow = &f };

	exporter_logs.write(&p->outlet,
		&(struct record){ .kind = RECORD_TUNNEL, .ts_ns = ts_ns, .tunnel = &t }, NULL, 0);
}

static void
write_weird(struct place *p, uint64_t ts_ns)
{
	struct record_weird w = sample_weird();

	exporter_logs.write(&p->outlet,
		&(struct record){ .kind = RECORD_WEIRD, .ts_ns = ts_ns, .weird = &w }, NULL, 0);
}

static void
write_query(struct place *p, const char *query, uint64_t ts_ns)
{
	struct obs_dns dns = { .query = query };
	struct obs_talk talk = { .uid = { "Cabc" } };
	struct observation o = { .kind = OBS_DNS, .ts_ns = ts_ns, .talk = &talk, .dns = &dns };

	exporter_logs.write(&p->outlet,
		&(struct record){ .kind = RECORD_TRANSACTION, .ts_ns = ts_ns, .transaction = &o },
		NULL, 0);
}

static void
write_arp(struct place *p)
{
	const struct obs_arp arp = { .operation = 2 };

	exporter_logs.write(&p->outlet,
		&(struct record){ .kind = RECORD_ARP, .ts_ns = SAMPLE_NS, .arp = &arp }, NULL, 0);
}

static void
by_default_there_are_none(void **state)
{
	struct place *p = *state;
	uint32_t form = FORM_NONE;

	assert_int_equal(exporter_logs.accepts(p->config, &p->run), ALL);
	memcpy(p->config, &form, sizeof(form));
	assert_int_equal(exporter_logs.accepts(p->config, &p->run), 0);
	config_rows_default(exporter_logs.config, p->config);
	assert_int_equal(exporter_logs.accepts(p->config, &p->run), 0);
}

static void
each_kind_has_its_file_with_its_header_and_footer(void **state)
{
	struct place *p = *state;

	assert_int_equal(exporter_logs.open(&p->outlet, ""), 0);
	write_flow(p, FLOW_END_CLOSED);
	write_tunnel(p, SAMPLE_NS + 7 * NS_PER_S);
	write_tunnel(p, SAMPLE_NS + 7 * NS_PER_S);
	write_weird(p, SAMPLE_NS + 9 * NS_PER_S);
	write_arp(p);
	assert_int_equal(p->outlet.written, 5);
	assert_int_equal(exporter_logs.close(&p->outlet, ""), 0);
	assert_int_equal(p->outlet.written, 5);

	const char *conn = scratch_read(p->scratch, "zeek/conn.log");
	assert_non_null(strstr(conn, "#path\tconn\n"));
	assert_non_null(strstr(conn, "\tShADadFf\t"));
	assert_null(strstr(conn, "Tunnel::"));
	assert_non_null(strstr(conn, "\n#close\t2026-11-24-02-00-00\n"));
	const char *tunnel = scratch_read(p->scratch, "zeek/tunnel.log");
	assert_int_equal(strncmp(tunnel, "#separator \\x09\n", 16), 0);
	assert_non_null(strstr(tunnel, "\tTunnel::VXLAN\tTunnel::DISCOVER\n"));
	assert_null(strstr(tunnel, "ShADadFf"));
	assert_non_null(strstr(tunnel, "\n#close\t2026-11-24-02-00-07\n"));
	const char *arp = scratch_read(p->scratch, "zeek/arp.log");
	assert_non_null(strstr(arp, "#path\tarp\n"));
	assert_non_null(strstr(arp, "\treply\t"));
	const char *weird = scratch_read(p->scratch, "zeek/weird.log");
	assert_non_null(strstr(weird, "#path\tweird\n"));
	assert_non_null(strstr(weird, "\tfragment_different\t"));
	assert_non_null(strstr(weird, "\n#close\t2026-11-24-02-00-09\n"));
}

static void
those_that_there_are_are_shown(void **state)
{
	struct place *p = *state;

	assert_int_equal(exporter_logs.open(&p->outlet, ""), 0);
	write_flow(p, FLOW_END_CLOSED);
	write_arp(p);
	exporter_logs.show(&p->outlet);
	assert_non_null(strstr(scratch_read(p->scratch, "zeek/conn.log"), "\tShADadFf\t"));
	assert_non_null(strstr(scratch_read(p->scratch, "zeek/arp.log"), "\treply\t"));
	assert_int_equal(exporter_logs.close(&p->outlet, ""), 0);
}

static void
as_json_there_are_objects_and_nothing_else(void **state)
{
	struct place *p = *state;
	uint32_t form = FORM_JSON;

	memcpy(p->config, &form, sizeof(form));
	assert_int_equal(exporter_logs.open(&p->outlet, ""), 0);
	write_flow(p, FLOW_END_CLOSED);
	write_tunnel(p, SAMPLE_NS);
	assert_int_equal(exporter_logs.close(&p->outlet, ""), 0);
	assert_int_equal(scratch_read(p->scratch, "zeek/conn.log")[0], '{');
	assert_int_equal(scratch_read(p->scratch, "zeek/tunnel.log")[0], '{');
}

/* Most networks speak few protocols: there are no empty logs. */
static void
a_transaction_makes_its_log(void **state)
{
	struct place *p = *state;

	assert_int_equal(exporter_logs.open(&p->outlet, ""), 0);
	assert_null(scratch_read(p->scratch, "zeek/dns.log"));
	write_query(p, "a.example", SAMPLE_NS);
	write_query(p, "b.example", SAMPLE_NS + 5 * NS_PER_S);
	assert_int_equal(p->outlet.written, 2);
	assert_int_equal(exporter_logs.close(&p->outlet, ""), 0);
	assert_int_equal(p->outlet.written, 2);

	const char *dns = scratch_read(p->scratch, "zeek/dns.log");
	assert_non_null(strstr(dns, "#path\tdns\n"));
	assert_non_null(strstr(dns, "\ta.example"));
	assert_non_null(strstr(dns, "\tb.example"));
	assert_non_null(strstr(dns, "\n#close\t2026-11-24-02-00-05\n"));
}

static void
a_transaction_as_json_is_an_object(void **state)
{
	struct place *p = *state;
	uint32_t form = FORM_JSON;

	memcpy(p->config, &form, sizeof(form));
	assert_int_equal(exporter_logs.open(&p->outlet, ""), 0);
	write_query(p, "a.example", SAMPLE_NS);
	assert_int_equal(exporter_logs.close(&p->outlet, ""), 0);
	const char *dns = scratch_read(p->scratch, "zeek/dns.log");
	assert_int_equal(dns[0], '{');
	assert_non_null(strstr(dns, "\"query\":\"a.example\""));
	assert_null(strstr(dns, "#close"));
}

static void
a_transaction_whose_log_cannot_be_made_is_dropped_and_counted(void **state)
{
	struct place *p = *state;

	assert_int_equal(exporter_logs.open(&p->outlet, ""), 0);
	char path[128];
	(void)snprintf(path, sizeof(path), "%s/zeek/dns.log", p->scratch->directory);
	assert_int_equal(mkdir(path, 0700), 0); /* in its place */
	write_query(p, "a.example", SAMPLE_NS);
	write_query(p, "a.example", SAMPLE_NS);
	assert_int_equal(p->outlet.written, 0);
	assert_int_equal(p->outlet.dropped[OUTLET_DROP_FAILED], 2);
	assert_int_equal(exporter_logs.close(&p->outlet, ""), 0);
}

static void
what_has_no_line_is_not_counted(void **state)
{
	struct place *p = *state;

	assert_int_equal(exporter_logs.open(&p->outlet, ""), 0);
	write_flow(p, FLOW_END_NONE); /* it goes on */
	assert_int_equal(p->outlet.written, 0);
	assert_int_equal(exporter_logs.close(&p->outlet, ""), 0);
	assert_int_equal(p->outlet.written + p->outlet.dropped[OUTLET_DROP_TOO_LONG], 0);
}

static void
a_line_that_is_too_long_is_dropped_and_counted(void **state)
{
	struct place *p = *state;
	static char service[20000];
	struct obs_flow f = sample_flow();

	memset(service, 'x', sizeof(service) - 1);
	f.service = service;
	assert_int_equal(exporter_logs.open(&p->outlet, ""), 0);
	exporter_logs.write(
		&p->outlet, &(struct record){ .kind = RECORD_FLOW, .flow = &f }, NULL, 0);
	assert_int_equal(p->outlet.written, 0);
	assert_int_equal(p->outlet.dropped[OUTLET_DROP_TOO_LONG], 1);
	assert_int_equal(exporter_logs.close(&p->outlet, ""), 0);
}

/* As a log rotator does. */
static void
move_away(const struct place *p, const char *log)
{
	char from[128];
	char to[128];

	(void)snprintf(from, sizeof(from), "%s/zeek/%s.log", p->scratch->directory, log);
	(void)snprintf(to, sizeof(to), "%s/zeek/%s.1", p->scratch->directory, log);
	assert_int_equal(rename(from, to), 0);
}

/* Live: lines go out within a second, and after a rotation into new files. */
static void
all_files_are_flushed_and_reopened(void **state)
{
	struct place *p = *state;

	p->run.live = true;
	assert_int_equal(exporter_logs.open(&p->outlet, ""), 0);
	write_flow(p, FLOW_END_CLOSED);
	write_tunnel(p, SAMPLE_NS);
	exporter_logs.tick(&p->outlet);
	assert_true(p->outlet.queued_records >= 2);
	assert_true(p->outlet.queued_bytes > 100);
	p->outlet.now.monotonic_ns = 2 * NS_PER_S;
	p->outlet.now.wall_ns = SAMPLE_NS;
	exporter_logs.tick(&p->outlet);
	assert_int_equal(p->outlet.queued_records, 0);
	assert_non_null(strstr(scratch_read(p->scratch, "zeek/conn.log"), "ShADadFf"));
	assert_non_null(strstr(scratch_read(p->scratch, "zeek/tunnel.log"), "DISCOVER"));

	move_away(p, "conn");
	move_away(p, "tunnel");
	exporter_logs.reopen(&p->outlet);
	write_flow(p, FLOW_END_CLOSED);
	write_tunnel(p, SAMPLE_NS);
	assert_int_equal(exporter_logs.close(&p->outlet, ""), 0);
	assert_non_null(strstr(scratch_read(p->scratch, "zeek/conn.log"), "ShADadFf"));
	assert_non_null(strstr(scratch_read(p->scratch, "zeek/tunnel.log"), "DISCOVER"));
	assert_int_equal(p->outlet.last_success_ns, SAMPLE_NS);
}

static void
a_file_that_cannot_be_opened_ends_the_start(void **state)
{
	struct place *p = *state;

	p->run.output_dir = "/proc/none";
	assert_true(exporter_logs.open(&p->outlet, "") < 0);
	(void)exporter_logs.close(&p->outlet, "");
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(by_default_there_are_none),
		IN_PLACE(each_kind_has_its_file_with_its_header_and_footer),
		IN_PLACE(those_that_there_are_are_shown),
		IN_PLACE(as_json_there_are_objects_and_nothing_else),
		IN_PLACE(a_transaction_makes_its_log),
		IN_PLACE(a_transaction_as_json_is_an_object),
		IN_PLACE(a_transaction_whose_log_cannot_be_made_is_dropped_and_counted),
		IN_PLACE(what_has_no_line_is_not_counted),
		IN_PLACE(a_line_that_is_too_long_is_dropped_and_counted),
		IN_PLACE(all_files_are_flushed_and_reopened),
		IN_PLACE(a_file_that_cannot_be_opened_ends_the_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
