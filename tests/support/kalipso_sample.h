/* kalipso_sample.h -- a window as kalipso.md shows one: flows, timeline, a finding, an alert, addresses. */
#pragma once

#include "daemon/transactions/http.h"
#include "tests/support/kalipso_rig.h"
#include "tests/support/timeline_sample.h"

static const char sample_hash[] = "profile_192.168.2.12_timewindow1";
static const char sample_timeline[] = "profile_192.168.2.12_timewindow1_timeline";

/* What was fetched from 203.0.113.99. `name` is asked for and answered with, wherever there is room for it. */
static inline void
kalipso_sample_line(struct kalipso_rig *r, int64_t number, const char *name)
{
	const struct obs_http http = { .method = "GET",
		.host = name,
		.uri = name,
		.status_code = 200,
		.status_msg = name,
		.user_agent = name };
	struct observation said = { .kind = OBS_HTTP };
	struct timeline_sample s;

	said.said = &http;
	timeline_sample_init(&s);
	s.flow.orig = r->host;
	s.flow.resp = addr_v4(203, 0, 113, 99);
	s.flow.resp_port = 80;
	s.flow.service = "http";
	s.flow.start_ns = kalipso_rig_window(number).start_ns + 20 * NS_PER_S;
	s.flow.last_ns = s.flow.start_ns + NS_PER_S;
	s.record.host = r->host;
	s.record.window = kalipso_rig_window(number);
	s.record.said = &said;
	s.record.names[0] = name;
	s.record.name_count = 1;
	kalipso_rig_take(r, RECORD_TIMELINE, &s.record);
}

static inline void
kalipso_sample_finding(struct kalipso_rig *r, int64_t number, const char *text)
{
	struct record_evidence e = sample_evidence();

	e.host = r->host;
	e.window = kalipso_rig_window(number);
	e.text = text;
	kalipso_rig_take(r, RECORD_EVIDENCE, &e);
}

static inline void
kalipso_sample_alert(struct kalipso_rig *r, int64_t number)
{
	const struct record_alert a = { .id = "8f14e45f-ceea-867a-9c1d-3f1b2c4d5e6e",
		.host = r->host,
		.window = kalipso_rig_window(number),
		.reason = "scanned",
		.strongest = &sample_scan };

	kalipso_rig_take(r, RECORD_ALERT, &a);
}

/* An address that the DNS, and it itself, called by a name. */
static inline void
kalipso_sample_address(struct kalipso_rig *r, struct addr addr, const char *name)
{
	const struct record_address a = { .addr = addr,
		.country = "NL",
		.asn = 64498,
		.org = name,
		.names = { { .text = name,
				   .source = "dns",
				   .told_by = addr_v4(192, 168, 2, 1),
				   .seen_ns = kalipso_rig_window(1).start_ns,
				   .is_believed = true },
			{ .text = name, .source = "dhcp", .is_believed = true } },
		.name_count = 2 };

	kalipso_rig_take(r, RECORD_ADDRESS, &a);
}

/* Window 1 of the host, with all of it; `name` wherever the wire names anything. */
static inline void
kalipso_sample(struct kalipso_rig *r, const char *name)
{
	kalipso_sample_address(r, r->host, name);
	kalipso_sample_address(r, addr_v4(203, 0, 113, 99), name);
	kalipso_rig_flow(r, addr_v4(203, 0, 113, 99), 80, IPPROTO_TCP, ROLE_CLIENT, true);
	kalipso_rig_flow(r, addr_v4(203, 0, 113, 200), 23, IPPROTO_TCP, ROLE_SERVER, false);
	kalipso_sample_line(r, 1, name);
	kalipso_sample_finding(r, 1, name);
	kalipso_sample_alert(r, 1);
	kalipso_rig_tell(r, 1);
}

/* Write everything that is due. */
static inline void
kalipso_sample_write(struct kalipso_rig *r, const struct dialect *d)
{
	const struct mirror_address *a;

	d->begin(&r->target);
	while ((a = mirror_next_address(r->target.mirror, 0)) != NULL)
		d->address(&r->target, a);
	kalipso_rig_write(r, d);
	assert_int_equal(r->command.left_out, 0);
}

/* All values of the commands that were told, which are JSON or are not; of our own keys no Kalipso reads them. */
static inline void
kalipso_sample_harmless(struct kalipso_rig *r)
{
	for (size_t i = 0; i < r->command_count; i++) {
		const struct kalipso_command *c = &r->commands[i];
		bool is_ours = strncmp(c->argv[1], "naiad:", strlen("naiad:")) == 0;

		for (size_t k = 2; k < c->argc && !is_ours; k++) {
			const char *value = c->argv[k];
			json_t *root = json_loads(value, JSON_REJECT_DUPLICATES, NULL);

			if (root != NULL)
				kalipso_rig_harmless(root);
			else
				assert_null(strpbrk(value, "{}\x1b\n\r\t\x7f"));
			json_decref(root);
		}
	}
}
