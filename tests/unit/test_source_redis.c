/* What each generation of Kalipso had in its Redis is read, and so is what nobody should have put there. */
#include "viewer/source/source_redis_part.h"

#include "tests/support/source_redis_rig.h"

#define END ((const char *)NULL)

static const struct source_window_id first = { "192.168.2.12", 1 };

static const struct source_profile *
profile(struct source_redis_rig *r, size_t i, size_t count)
{
	const struct source_profile *p = NULL;

	assert_int_equal(source_profiles(r->source, &r->memory, &p), count);
	assert_string_equal(source_trouble(r->source), "");
	return &p[i];
}

static const struct source_evidence *
evidence(struct source_redis_rig *r, const struct source_window_id *w, size_t count)
{
	const struct source_evidence *e = NULL;

	assert_int_equal(source_evidences(r->source, w, w != NULL, &r->memory, &e), count);
	return e;
}

static const struct source_row *
rows(struct source_redis_rig *r, enum source_table table, bool established, size_t count)
{
	const struct source_row *row = NULL;

	assert_int_equal(
		source_rows(r->source, &first, table, established, &r->memory, &row), count);
	return row;
}

static const struct source_entry *
entries(struct source_redis_rig *r, size_t from, size_t most, size_t count)
{
	const struct source_entry *e = NULL;

	assert_int_equal(source_entries(r->source, &first, from, most, &r->memory, &e), count);
	return e;
}

/* ---- 2020 ---- */

static void
the_layout_of_2020_has_its_tree_and_its_evidence(void **state)
{
	struct source_redis_rig *r = *state;

	rig_fill(r, TESTS_DIR "/redis/layouts/2020.tsv");
	rig_open(r);
	const struct source_profile *p = profile(r, 0, 2);
	assert_string_equal(p->host, "192.168.2.12");
	assert_true(p->is_own);
	assert_true(p->infected);
	assert_int_equal(p->window_count, 3);
	assert_true(p->windows[0].infected);
	assert_true(p->windows[1].infected);
	assert_false(p->windows[2].infected);
	assert_int_equal(p->windows[0].start_ns, UINT64_C(1602075600000000000));
	assert_int_equal(p->windows[0].evidence, 4);
	assert_int_equal(p->evidence, 5);
	assert_false(p[1].infected);
	assert_false(p[1].is_own);
	const struct source_evidence *e = evidence(r, &first, 4);
	for (size_t i = 0; i < 4; i++)
		if (strcmp(e[i].id, "dport:81:PortScanType2") == 0) {
			assert_string_equal(e[i].kind, "PortScanType2");
			assert_string_equal(e[i].port, "81");
			assert_string_equal(e[i].threat, "high");
			assert_true(e[i].confidence > 0.86 && e[i].confidence < 0.88);
			assert_string_equal(e[i].text,
				"New horizontal port scan detected to port 81. Not Estab TCP from IP: "
				"192.168.2.12. Tot pkts sent all IPs: 26");
		} else if (strncmp(e[i].id, "outTuple", 8) == 0) {
			assert_string_equal(e[i].about, "203.0.113.66");
		}
	(void)evidence(r, NULL, 6);
	const struct source_alert *a = NULL;
	assert_int_equal(source_alerts(r->source, &r->memory, &a), 2);
	assert_string_equal(a[0].window.host, "192.168.2.12");
	assert_false(source_can(r->source, SOURCE_HAS_ALERTS));
}

static void
the_layout_of_2020_has_its_tables_and_its_tuples(void **state)
{
	struct source_redis_rig *r = *state;
	const struct source_tuple *t = NULL;

	rig_fill(r, TESTS_DIR "/redis/layouts/2020.tsv");
	rig_open(r);
	const struct source_row *row = rows(r, SOURCE_PORTS_CONTACTED, false, 3);
	assert_string_equal(row[0].proto, "TCP");
	assert_string_equal(row[0].key, "23");
	assert_int_equal(row[0].flows, 15);
	assert_int_equal(row[0].packets, 45);
	assert_int_equal(row[0].bytes, 2700);
	assert_int_equal(row[0].part_count, 15);
	assert_string_equal(row[0].parts[0].key, "198.51.100.130");
	assert_int_equal(row[0].parts[0].packets, 3);
	assert_string_equal(row[2].proto, "UDP");
	row = rows(r, SOURCE_PORTS_AS_SERVER, false, 2); /* dstPortsServer, as 2020 wrote it */
	assert_string_equal(row[0].key, "23");
	assert_int_equal(row[0].packets, 12);
	assert_true(source_tuples(r->source, &first, true, &r->memory, &t) > 6);
	assert_string_equal(t[5].peer, "203.0.113.66");
	assert_string_equal(t[5].port, "48101");
	assert_string_equal(t[5].proto, "tcp");
	assert_memory_equal(t[5].letters, "11.R.R", 6);
	assert_true(t[5].last_s == 1602077160.5);
	assert_string_equal(t[5].address.names[0], "cnc.gafdemo.example");
	assert_true(t[5].address.reputation.known);
	assert_int_equal(source_tuples(r->source, &first, false, &r->memory, &t), 3);
}

static void
the_layout_of_2020_has_its_timeline_a_page_at_a_time(void **state)
{
	struct source_redis_rig *r = *state;

	rig_fill(r, TESTS_DIR "/redis/layouts/2020.tsv");
	rig_open(r);
	assert_int_equal(source_entry_count(r->source, &first), 6);
	const struct source_entry *e = entries(r, 0, 100, 6);
	assert_string_equal(e[4].service, "HTTP");
	assert_string_equal(e[4].peer, "203.0.113.99");
	assert_int_equal(e[4].sent, 812);
	assert_true(e[4].established);
	assert_string_equal(entries(r, 4, 1, 1)->peer, "203.0.113.99");
	(void)entries(r, 6, 5, 0);
	(void)entries(r, 0, 0, 0);
}

static void
without_a_list_of_profiles_the_names_of_timelines_are_the_tree(void **state)
{
	struct source_redis_rig *r = *state;

	rig_fill(r, TESTS_DIR "/redis/layouts/2020.tsv");
	rig_do(r, "DEL", "profiles", "twsprofile_192.168.2.12", "twsprofile_192.168.2.20", END);
	rig_do(r, "SET", "timeline", "x", END);
	rig_do(r, "SET", "profile_timewindow1_timeline", "x", END);
	rig_open(r);
	const struct source_profile *p = profile(r, 0, 2);
	assert_int_equal(p->window_count, 2);
	assert_int_equal(p->windows[1].id.number, 2);
	assert_true(p->infected);
}

/* ---- the talk ---- */

static void
the_layout_of_the_talk_has_lists_and_keeps_addresses_beside_the_data(void **state)
{
	static const char later[] = "profile_192.168.2.12_timewindow1_timeline";
	struct source_redis_rig *r = *state;

	rig_do(r, "SET", "hostIP", "192.168.2.12", END);
	rig_do(r, "HSET", "profile_192.168.2.12_timewindow1", "OutTuples",
		"{\"2001:db8::1:443:tcp\":[\"11.R\",[1,2]]}", END);
	rig_do(r, "HSET", "IPsInfo", "2001:db8::1",
		"{\"asn\":\"AS64498 Example BV\",\"geocountry\":\"Netherlands\"}", END);
	rig_do(r, "RPUSH", later,
		"{\"timestamp\":\"2020/10/07 13:00:20.500000\",\"dport_name\":\"HTTP\",\"preposition\":\"to\","
		"\"daddr\":\"203.0.113.99\",\"dport/proto\":\"80/TCP\",\"state\":\"established\"}",
		"{\"Method\":\"GET http://dl.example/a\"}",
		"{\"timestamp\":\"2020/10/07 13:00:10.500000\",\"dport_name\":\"DNS\",\"daddr\":\"192.168.2.1\"}",
		END);
	rig_open(r);
	assert_true(profile(r, 0, 1)->is_own);
	assert_int_equal(source_entry_count(r->source, &first), 2);
	const struct source_entry *e = entries(r, 0, 10, 2);
	assert_string_equal(e[0].service, "DNS"); /* it ended later and began before */
	assert_string_equal(e[1].pairs[0].value, "GET http://dl.example/a");
	assert_string_equal(entries(r, 1, 10, 1)->service, "HTTP");
	(void)entries(r, 7, 10, 0);
	const struct source_tuple *t = NULL;
	assert_int_equal(source_tuples(r->source, &first, true, &r->memory, &t), 1);
	assert_string_equal(t[0].peer, "2001:db8::1");
	assert_string_equal(t[0].address.country, "NL");
	assert_string_equal(t[0].address.org, "Example BV");
	assert_int_equal(t[0].address.asn, 64498);
}

/* ---- the last, and later ---- */

static void
what_slips_1_0_wrote_is_read_although_its_kalipso_could_not(void **state)
{
	struct source_redis_rig *r = *state;
	const struct source_tuple *t = NULL;

	rig_do(r, "SADD", "profiles", "profile_192.168.2.12", END);
	rig_do(r, "ZADD", "twsprofile_192.168.2.12", "1602075600.5", "timewindow1", "1",
		"timewindowx", END);
	rig_do(r, "HSET", "BlockedProfTW", "profile_192.168.2.12",
		"[\"timewindow1\",\"timewindow9\"]", END);
	rig_do(r, "HSET", "profile_192.168.2.12", "host_name", "camera", "MAC",
		"{\"MAC\":\"00:00:5e:00:53:01\",\"Vendor\":\"Example Cards\"}", END);
	rig_do(r, "HSET", "profile_192.168.2.12_timewindow1", "DstPortsClientTCPNot Established",
		"{\"23\":{\"totalflows\":1,\"totalpkt\":3,\"totalbytes\":9,\"dstips\":{\"198.51.100.1\":"
		"{\"pkts\":3}}}}",
		"Evidence",
		"{\"e1\":\"{\\\"attacker_direction\\\":\\\"dport\\\",\\\"attacker\\\":\\\"23\\\","
		"\\\"evidence_type\\\":\\\"HorizontalPortscan\\\",\\\"description\\\":\\\"a scan\\\","
		"\\\"threat_level\\\":0.6,\\\"proto\\\":\\\"tcp\\\",\\\"uid\\\":[\\\"C1\\\"],"
		"\\\"stime\\\":1602075700.25}\"}",
		END);
	rig_do(r, "HSET", "profile_192.168.2.12_timewindow1", "OutTuples",
		"{\"203.0.113.66-48101-tcp\":[\"11.R\",[1602077160.5,1602076860.5]],\"nonsense\":[]}",
		END);
	rig_do(r, "SELECT", "1", END);
	rig_do(r, "HSET", "IPsInfo", "203.0.113.66",
		"{\"asn\":{\"number\":\"AS64498\",\"org\":\"Example BV\"},\"geocountry\":\"Russia\","
		"\"SNI\":[{\"server_name\":\"cdn.example\",\"dport\":443}],\"reverse_dns\":\"h66.example\"}",
		END);
	rig_do(r, "SELECT", "0", END);
	rig_open(r);
	const struct source_profile *p = profile(r, 0, 1);
	assert_string_equal(p->name, "camera");
	assert_string_equal(p->vendor, "Example Cards");
	assert_int_equal(p->window_count, 1);
	assert_int_equal(p->alerts, 1);
	assert_int_equal(p->windows[0].start_ns, UINT64_C(1602075600500000000));
	assert_int_equal(rows(r, SOURCE_PORTS_CONTACTED, false, 1)->parts[0].packets, 3);
	const struct source_evidence *e = evidence(r, &first, 1);
	assert_string_equal(e->id, "e1");
	assert_string_equal(e->kind, "HorizontalPortscan");
	assert_string_equal(e->port, "23/TCP");
	assert_string_equal(e->threat, "medium");
	assert_string_equal(e->uids[0], "C1");
	assert_int_equal(e->ts_ns, UINT64_C(1602075700250000000));
	assert_int_equal(source_tuples(r->source, &first, true, &r->memory, &t), 1);
	assert_int_equal(t->address.asn, 64498);
	assert_string_equal(t->address.org, "Example BV");
	assert_string_equal(t->address.country, "RU");
	assert_string_equal(t->address.reverse, "h66.example");
	assert_string_equal(t->address.server_names[0], "cdn.example:443");
}

static void
what_slips_1_1_spread_over_other_keys_is_found(void **state)
{
	struct source_redis_rig *r = *state;
	const struct source_tuple *t = NULL;
	const struct source_alert *a = NULL;

	rig_do(r, "ZADD", "profiles", "1", "profile_192.168.2.12", END);
	rig_do(r, "ZADD", "twsprofile_192.168.2.12", "1602075600", "timewindow1", END);
	rig_do(r, "HSET", "profile_192.168.2.12_timewindow1", "alerts", "{\"a1\":[\"e1\",\"e2\"]}",
		END);
	rig_do(r, "HSET", "profile_192.168.2.12_timewindow1_evidence", "e1",
		"{\"evidence_type\":\"X\",\"description\":\"one\",\"threat_level\":\"HIGH\",\"id\":\"e1\","
		"\"attacker\":{\"value\":\"203.0.113.1\"},\"dst_port\":80}",
		"e2", "{\"description\":\"two\",\"timestamp\":\"2020/10/07 13:00:20\"}", END);
	rig_do(r, "SADD", "whitelisted_evidence", "e2", END);
	rig_do(r, "HSET", "profile_192.168.2.12_timewindow1:OutTuples:symbols",
		"203.0.113.1-80-tcp", "11.a", END);
	rig_do(r, "HSET", "profile_192.168.2.12_timewindow1", "DstPortsServerTCPEstablished",
		"{\"23\":{\"totalbytes\":1},\"80\":{\"totalbytes\":9}}", END);
	rig_do(r, "SELECT", "1", END);
	rig_do(r, "HSET", "IPsInfo:asn", "203.0.113.1",
		"{\"asn\":{\"number\":\"AS64500\",\"org\":\"Other\"}}", END);
	rig_do(r, "HSET", "IPsInfo:geocountry", "203.0.113.1", "Private", END);
	rig_do(r, "SELECT", "0", END);
	rig_open(r);
	const struct source_profile *p = profile(r, 0, 1);
	assert_true(p->infected);
	assert_int_equal(p->evidence, 2);
	assert_int_equal(source_alerts(r->source, &r->memory, &a), 1);
	assert_string_equal(a->id, "a1");
	assert_int_equal(a->evidence_count, 2);
	const struct source_evidence *e = evidence(r, &first, 2);
	assert_string_equal(e[0].text, "one");
	assert_true(e[0].counted);
	assert_string_equal(e[0].threat, "high");
	assert_string_equal(e[0].about, "203.0.113.1");
	assert_string_equal(e[0].port, "80");
	assert_string_equal(e[0].silenced_by, "");
	assert_string_equal(e[1].silenced_by, "whitelist");
	assert_int_equal(source_tuples(r->source, &first, true, &r->memory, &t), 1);
	assert_string_equal(t->letters, "11.a");
	assert_int_equal(t->address.asn, 64500);
	assert_true(t->address.is_private);
	assert_string_equal(rows(r, SOURCE_PORTS_AS_SERVER, true, 2)->key, "80");
	assert_string_equal(t->address.country, ""); /* nor the first letters of what is none */
}

/* ---- ours ---- */

static void
an_entry_of_the_stream_counts_once_and_for_its_own_run_only(void **state)
{
	static const char eve[] =
		"{\"timestamp\":\"2020-10-07T13:00:20.500000+0000\",\"dest_ip\":\"203.0.113.1\",\"dest_port\":23,"
		"\"proto\":\"TCP\",\"alert\":{\"signature\":\"Scan\",\"metadata\":{\"unit\":[\"hosts\"]}},\"naiad\":{"
		"\"kind\":\"evidence\",\"id\":\"e1\",\"profile\":\"192.168.2.12\",\"role\":\"attacker\","
		"\"window\":{\"number\":1}}}";
	struct source_redis_rig *r = *state;

	rig_do(r, "SET", "naiad:run", "r2", END);
	rig_do(r, "XADD", "naiad:evidence", "1-1", "run", "r1", "host", first.host, "eve", eve,
		END);
	redisReply *reply = NULL;
	for (int i = 0; i < 2; i++) {
		reply = redisCommand(r->own,
			"XADD naiad:evidence * kind SCAN run r2 host %s eve %s", first.host, eve);
		freeReplyObject(reply);
	}
	rig_open(r);
	assert_true(source_can(r->source, SOURCE_HAS_ALERTS));
	const struct source_evidence *e = evidence(r, &first, 1);
	assert_string_equal(e->port, "23/TCP");
	assert_string_equal(e->about, "203.0.113.1");
	assert_string_equal(e->unit, "hosts");
	const struct source_window_id second = { "192.168.2.12", 2 };
	(void)evidence(r, &second, 0);
	const struct source_window_id other = { "192.168.2.1", 1 };
	(void)evidence(r, &other, 0);
}

static void
what_ours_knows_of_windows_and_addresses_is_read_beside(void **state)
{
	struct source_redis_rig *r = *state;

	rig_do(r, "SET", "naiad:run", "r", END);
	rig_do(r, "HSET", "naiad:windows", "192.168.2.12 2", "{\"alerts\":1,\"evidence\":3}",
		"192.168.2.12 -1",
		"{\"start_ns\":5,\"end_ns\":9,\"closed\":true,\"evidence\":2,\"alerts\":0,\"sum\":1.25,"
		"\"flows\":3,\"packets\":4,\"bytes\":6}",
		"192.168.2.12 x", "{}", "192.168.2.12", "{}", END);
	rig_do(r, "SELECT", "1", END);
	rig_do(r, "HSET", "naiad:addresses", first.host,
		"{\"country\":\"NL\",\"asn\":64498,\"org\":\"Example\",\"vendor\":\"Cards\",\"names\":["
		"{\"name\":\"a.example\",\"dns\":true},{\"name\":\"b.example\",\"believed\":true}],"
		"\"reputation\":{\"url\":0.5}}",
		END);
	rig_do(r, "SELECT", "0", END);
	rig_open(r);
	const struct source_profile *p = profile(r, 0, 1);
	assert_string_equal(p->name, "b.example");
	assert_string_equal(p->vendor, "Cards");
	assert_string_equal(p->country, "NL");
	assert_int_equal(p->evidence, 5);
	assert_true(p->infected);
	assert_int_equal(p->window_count, 2);
	const struct source_window *w = &p->windows[0];
	assert_int_equal(w->id.number, -1);
	assert_int_equal(w->start_ns, 5);
	assert_int_equal(w->end_ns, 9);
	assert_true(w->closed);
	assert_false(w->infected);
	assert_true(w->threat == 1.25);
	assert_int_equal(w->flows, 3);
	assert_int_equal(w->packets, 4);
	assert_int_equal(w->bytes, 6);
	assert_true(w[1].infected);
	struct source_address a;
	assert_true(source_address(r->source, first.host, &r->memory, &a));
	assert_string_equal(a.reverse, "b.example");
	assert_int_equal(a.name_count, 1);
	assert_true(a.reputation.known && a.reputation.url == 0.5);
	assert_false(source_address(r->source, "10.0.0.1", &r->memory, &a));
}

/* ---- what nobody should have put there ---- */

/* Every question. returns how many profiles there are */
static size_t
ask_all(struct source_redis_rig *r)
{
	const struct source_profile *p = NULL;
	const struct source_entry *n = NULL;
	const struct source_evidence *e = NULL;
	const struct source_alert *a = NULL;
	const struct source_tuple *t = NULL;
	const struct source_row *row = NULL;
	struct source_address address;

	(void)source_entry_count(r->source, &first);
	(void)source_entries(r->source, &first, 0, 10, &r->memory, &n);
	(void)source_evidences(r->source, NULL, false, &r->memory, &e);
	(void)source_evidences(r->source, &first, true, &r->memory, &e);
	(void)source_alerts(r->source, &r->memory, &a);
	(void)source_tuples(r->source, &first, true, &r->memory, &t);
	for (int i = 0; i < SOURCE_TABLE_COUNT; i++)
		(void)source_rows(r->source, &first, (enum source_table)i, true, &r->memory, &row);
	(void)source_address(r->source, "192.168.2.12", &r->memory, &address);
	return source_profiles(r->source, &r->memory, &p);
}

static void
keys_of_other_types_and_values_that_are_no_json_are_as_if_they_were_not_there(void **state)
{
	static const char *const keys[] = { "profiles", "twsprofile_192.168.2.12", "BlockedProfTW",
		"hostIP", "profile_192.168.2.12_timewindow1",
		"profile_192.168.2.12_timewindow1_timeline", "profile_192.168.2.12", "IPsInfo",
		"DNSresolution", "naiad:windows", "naiad:addresses", "naiad:evidence",
		"profile_192.168.2.12_timewindow1_evidence", "whitelisted_evidence" };
	static const char *const types[][2] = { { "SET", NULL }, { "SADD", NULL },
		{ "RPUSH", NULL }, { "ZADD", "1" }, { "HSET", "192.168.2.12" } };
	static const char *const values[] = { "{", "[1,2", "null", "[[[[[]]]]]", "{\"a\":[{}]}",
		"\x1b[2J\xff", "profile_192.168.2.12", "profile_\n_timewindow1_timeline" };
	struct source_redis_rig *r = *state;
	size_t seen = 0;

	for (size_t round = 0; round < 40; round++) {
		rig_do(r, "FLUSHALL", END);
		if (round % 2 != 0)
			rig_do(r, "SET", "naiad:run", "r", END);
		for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
			const char *const *type = types[(round / 2 + k * (round / 10)) % 5];
			const char *value = values[(round + k) % 8];
			if (type[1] != NULL)
				rig_do(r, type[0], keys[k], type[1], value, END);
			else
				rig_do(r, type[0], keys[k], value, END);
		}
		rig_open(r);
		seen += ask_all(r);
		assert_string_equal(source_trouble(r->source), "");
		source_close(r->source);
		r->source = NULL;
	}
	assert_true(seen > 0);
}

static void
hostile_text_comes_as_it_is_and_names_no_other_key(void **state)
{
	struct source_redis_rig *r = *state;

	rig_do(r, "SADD", "profiles", "profile_\x1b[31m*", "profile_", "other", END);
	rig_do(r, "ZADD", "twsprofile_\x1b[31m*", "inf", "timewindow1", END);
	freeReplyObject(redisCommand(r->own, "SADD profiles %b", "profile_a\0b", (size_t)11));
	rig_open(r);
	const struct source_profile *p = profile(r, 0, 1);
	assert_string_equal(p->host, "\x1b[31m*");
	assert_int_equal(p->windows[0].start_ns, 0);
}

/* ---- coming and going ---- */

static void
a_server_that_goes_and_comes_back_is_told_and_found(void **state)
{
	struct source_redis_rig *r = *state;
	const struct source_profile *p = NULL;

	rig_fill(r, TESTS_DIR "/redis/layouts/2020.tsv");
	rig_open(r);
	(void)profile(r, 0, 2);
	rig_stop(r);
	assert_int_equal(source_profiles(r->source, &r->memory, &p), 0);
	assert_non_null(strstr(source_trouble(r->source), r->path));
	assert_int_equal(source_entry_count(r->source, &first), 0); /* without a wait for it */
	assert_string_not_equal(source_trouble(r->source), "");
	(void)source_stamp(r->source);
	(void)source_stamp(r->source); /* nor does it forget that, looked at again at once */
	assert_string_not_equal(source_trouble(r->source), "");
	rig_start(r);
	rig_fill(r, TESTS_DIR "/redis/layouts/2020.tsv");
	for (int i = 0; i < 1500 && source_profiles(r->source, &r->memory, &p) == 0; i++)
		(void)usleep(20000);
	(void)profile(r, 0, 2);
}

static void
it_has_changed_when_something_was_written_and_not_before(void **state)
{
	struct source_redis_rig *r = *state;
	struct source_redis *own = rig_open(r)->state;

	uint64_t stamp = source_stamp(r->source);
	rig_do(r, "SET", "a", "b", END);
	own->looked_ms += 3600000;
	assert_int_equal(source_stamp(r->source), stamp); /* it was looked a moment ago */
	own->looked_ms = 0;
	assert_int_not_equal(source_stamp(r->source), stamp);
	stamp = source_stamp(r->source);
	own->looked_ms = 0;
	assert_int_equal(source_stamp(r->source), stamp);
	/* Who may not ask that has to look each time. */
	rig_do(r, "ACL", "SETUSER", "default", "-info", END);
	own->looked_ms = 0;
	assert_int_not_equal(source_stamp(r->source), stamp);
	assert_string_equal(source_trouble(r->source), "");
	rig_do(r, "ACL", "SETUSER", "default", "+info", END);
}

static void
who_looks_at_the_stamp_gets_the_tree_of_the_last_look(void **state)
{
	struct source_redis_rig *r = *state;
	struct source_redis *own = NULL;

	rig_fill(r, TESTS_DIR "/redis/layouts/2020.tsv");
	own = rig_open(r)->state;
	(void)source_stamp(r->source);
	const struct source_profile *before = profile(r, 0, 2);
	rig_do(r, "SREM", "profiles", "profile_192.168.2.20", END);
	(void)profile(r, 0, 2);
	own->looked_ms = 0;
	(void)source_stamp(r->source);
	const struct source_profile *after = profile(r, 0, 1);
	assert_string_equal(after->windows[2].id.host, "192.168.2.12");
	assert_int_equal(after->window_count, 3);
	assert_string_equal(before[1].host, "192.168.2.20"); /* it is the asker's */
}

static void
who_looks_at_the_stamp_gets_a_list_of_the_last_look(void **state)
{
	static const char ssh[] = "{\"timestamp\":\"2020/10/07 13:00:20\",\"dport_name\":\"SSH\"}";
	static const char said[] = "{\"Method\":\"GET /\"}";
	static const char dns[] = "{\"timestamp\":\"2020/10/07 13:00:10\",\"dport_name\":\"DNS\"}";
	const struct source_window_id second = { first.host, first.number + 1 };
	struct source_redis_rig *r = *state;
	struct source_redis *own = NULL;

	rig_do(r, "RPUSH", "profile_192.168.2.12_timewindow1_timeline", ssh, said, END);
	rig_do(r, "RPUSH", "profile_192.168.2.12_timewindow2_timeline", ssh, dns, ssh, END);
	own = rig_open(r)->state;
	(void)source_stamp(r->source);
	assert_int_equal(source_entry_count(r->source, &first), 1);
	rig_do(r, "RPUSH", "profile_192.168.2.12_timewindow1_timeline", dns, END);
	const struct source_entry *before = entries(r, 0, 9, 1);
	assert_int_equal(source_entry_count(r->source, &second), 3); /* of another window */
	own->looked_ms = 0;
	(void)source_stamp(r->source);
	assert_string_equal(entries(r, 0, 1, 1)->service, "DNS");
	assert_string_equal(before->service, "SSH"); /* it is the asker's */
	assert_string_equal(before->pairs[0].value, "GET /");
}

static void
a_password_opens_and_a_wrong_one_is_told_without_it(void **state)
{
	struct source_redis_rig *r = *state;
	char error[SOURCE_ERROR_MAX] = "";
	char url[256];

	rig_do(r, "ACL", "SETUSER", "viewer", "on", ">s3:c/t", "~*", "+@all", END);
	rig_do(r, "CONFIG", "SET", "requirepass", "other", END);
	(void)snprintf(url, sizeof(url), "redis+unix://viewer:s3%%3ac%%2Ft@%s?db=3", r->path);
	r->source = source_open(url, NULL, error);
	assert_non_null(r->source);
	(void)snprintf(url, sizeof(url), "redis+unix://viewer:hidden@%s", r->path);
	assert_null(source_open(url, NULL, error));
	assert_non_null(strstr(error, "WRONGPASS"));
	assert_null(strstr(error, "hidden"));
	assert_null(source_open(r->url, NULL, error));
	assert_non_null(strstr(error, "NOAUTH"));
	rig_do(r, "CONFIG", "SET", "requirepass", "", END);
	rig_do(r, "ACL", "SETUSER", "default", "nopass", END);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, rig_begin, rig_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(the_layout_of_2020_has_its_tree_and_its_evidence),
		IN_PLACE(the_layout_of_2020_has_its_tables_and_its_tuples),
		IN_PLACE(the_layout_of_2020_has_its_timeline_a_page_at_a_time),
		IN_PLACE(without_a_list_of_profiles_the_names_of_timelines_are_the_tree),
		IN_PLACE(the_layout_of_the_talk_has_lists_and_keeps_addresses_beside_the_data),
		IN_PLACE(what_slips_1_0_wrote_is_read_although_its_kalipso_could_not),
		IN_PLACE(what_slips_1_1_spread_over_other_keys_is_found),
		IN_PLACE(what_ours_knows_of_windows_and_addresses_is_read_beside),
		IN_PLACE(an_entry_of_the_stream_counts_once_and_for_its_own_run_only),
		IN_PLACE(
			keys_of_other_types_and_values_that_are_no_json_are_as_if_they_were_not_there),
		IN_PLACE(hostile_text_comes_as_it_is_and_names_no_other_key),
		IN_PLACE(a_server_that_goes_and_comes_back_is_told_and_found),
		IN_PLACE(it_has_changed_when_something_was_written_and_not_before),
		IN_PLACE(who_looks_at_the_stamp_gets_the_tree_of_the_last_look),
		IN_PLACE(who_looks_at_the_stamp_gets_a_list_of_the_last_look),
		IN_PLACE(a_password_opens_and_a_wrong_one_is_told_without_it),
	};

	/* NOLINTNEXTLINE(cert-env33-c): a command of our own */
	if (system("command -v redis-server >/dev/null") != 0) {
		(void)puts("skipped: redis-server is not installed");
		return 77;
	}
	return cmocka_run_group_tests(tests, rig_setup, rig_teardown);
}
