#include "exporters/store/store_window.h"

#include "daemon/observation.h"
#include "daemon/tuples/features.h"
#include "tests/support/record_sample.h"
#include "tests/support/store_rig.h"

enum { MEMORY = 16 * 1024 * 1024, MINUTE = 60 };

/* A store, and a window that is told to it. */
struct rig {
	struct store_rig *store;
	struct arena memory;
	struct hash_key key;
	struct tuples tuples;
	struct record_window window;
};

static int
setup(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	r->store = store_rig_new();
	assert_int_equal(store_rig_open(r->store), 0);
	arena_init(&r->memory, MEMORY, NULL);
	tuples_init(&r->tuples, &r->memory, &r->key);
	r->window = (struct record_window){
		.host = addr_v4(192, 168, 1, 10),
		.window = sample_window(),
		.tuples = &r->tuples,
		.evidence = 7,
		.suppressed = 2,
		.sum = 1.25,
		.late = 9,
	};
	*state = r;
	return 0;
}

static int
teardown(void **state)
{
	struct rig *r = *state;

	store_rig_free(r->store);
	arena_done(&r->memory);
	free(r);
	return 0;
}

static void
add(struct rig *r, uint8_t peer, uint16_t port, uint8_t ip_proto, bool established,
	enum obs_role role)
{
	tuples_add(&r->tuples, &(struct tuple_flow){
				       .peer = addr_v4(203, 0, 113, peer),
				       .orig_port = (uint16_t)(40000 + peer % 3),
				       .resp_port = port,
				       .ip_proto = ip_proto,
				       .role = (uint8_t)role,
				       .established = established,
				       .packets = 3u + peer,
				       .bytes = 700,
				       .orig_packets = 2,
				       .count = true,
				       .start_ns = SAMPLE_NS + peer,
				       .duration_ns = NS_PER_S / 2,
				       .payload_bytes_total = 700,
				       .ip_bytes_total = 900,
			       });
}

static bool
write_at(struct rig *r, enum record_kind kind, uint64_t ns)
{
	struct record record = { .kind = kind, .ts_ns = ns, .window = &r->window };

	assert_true(store_begin(&r->store->store));
	bool written = store_window_write(&r->store->windows, &record);
	assert_int_equal(r->store->store.statements.error, SQLITE_OK);
	return written;
}

static void
a_window_stands_with_its_host_and_its_run(void **state)
{
	struct rig *r = *state;

	assert_true(write_at(r, RECORD_WINDOW, SAMPLE_NS));
	assert_store(r->store,
		"SELECT p.address, w.run, w.number, w.start_ns, w.end_ns, w.told_ns, w.closed, w.evidence,"
		" w.suppressed, w.sum, w.truncated, w.late FROM windows w JOIN profiles p ON p.id = w.profile",
		"192.168.1.10|1|3|1795485600000000000|1795489200000000000|1795485600123456789|1|7|2|1.25|0|9");
}

static void
a_window_that_was_named_before_is_the_same_row(void **state)
{
	struct rig *r = *state;
	struct record_window_ref other = sample_window();

	other.number = -4;
	assert_true(store_begin(&r->store->store));
	struct store_window *named =
		store_window_of(&r->store->windows, &r->window.host, &r->window.window);
	assert_non_null(named);
	int64_t id = named->id;
	assert_int_not_equal(store_window_of(&r->store->windows, &r->window.host, &other)->id, id);
	assert_store(r->store,
		"SELECT DISTINCT told_ns, closed, evidence, suppressed, sum, truncated, late FROM windows",
		"0|0|0|0|0.0|0|0");
	store_windows_forget(&r->store->windows);
	assert_int_equal(
		store_window_of(&r->store->windows, &r->window.host, &r->window.window)->id, id);
	assert_true(write_at(r, RECORD_WINDOW, SAMPLE_NS));
	assert_store(r->store, "SELECT count(*), sum(closed), sum(number) FROM windows", "2|1|-1");
}

static void
hosts_do_not_share_windows(void **state)
{
	struct rig *r = *state;

	assert_true(write_at(r, RECORD_WINDOW, SAMPLE_NS));
	r->window.host = addr_v4(192, 168, 1, 11);
	assert_true(write_at(r, RECORD_WINDOW, SAMPLE_NS));
	assert_store(r->store, "SELECT count(*), count(DISTINCT profile) FROM windows", "2|2");
}

static void
tuples_stand_in_order_with_letters_and_sums(void **state)
{
	struct rig *r = *state;

	add(r, 9, 443, IPPROTO_TCP, true, ROLE_CLIENT);
	add(r, 5, 53, IPPROTO_UDP, false, ROLE_SERVER);
	add(r, 9, 443, IPPROTO_TCP, true, ROLE_CLIENT);
	add(r, 9, 443, IPPROTO_TCP, false, ROLE_CLIENT);
	assert_true(write_at(r, RECORD_WINDOW, SAMPLE_NS));
	assert_store(r->store,
		"SELECT window, n, role, peer, port, ip_proto, letters, letter_count, letters_kept,"
		" est_flows, est_packets, est_bytes, est_orig_packets,"
		" not_flows, not_packets, not_bytes, not_orig_packets FROM tuples ORDER BY n",
		"1|0|0|203.0.113.9|443|6|55.e.|3|3|2|24|1400|4|1|12|700|2\n"
		"1|1|1|203.0.113.5|53|17|5|1|1|0|0|0|0|1|8|700|2");
	assert_store(r->store,
		"SELECT n, role, port, ip_proto, established, flows, packets, bytes FROM source_ports",
		"0|0|40000|6|1|2|24|1400\n1|1|40002|17|0|1|8|700\n2|0|40000|6|0|1|12|700");
}

static void
letters_that_find_no_room_are_counted(void **state)
{
	struct rig *r = *state;

	for (int i = 0; i < 70000; i++)
		add(r, 9, 443, IPPROTO_TCP, true, ROLE_CLIENT);
	assert_false(r->tuples.truncated);
	assert_true(write_at(r, RECORD_WINDOW, SAMPLE_NS));
	assert_store(r->store,
		"SELECT letter_count, letters_kept < 70000, letters_kept > 30000, length(letters) > 65500 FROM tuples",
		"70000|1|1|1");
}

static void
one_that_is_open_is_written_once_a_minute_and_when_it_closes(void **state)
{
	struct rig *r = *state;
	const uint64_t minute = MINUTE * (uint64_t)NS_PER_S;
	const uint64_t tuple = NS_PER_MS;

	assert_true(write_at(r, RECORD_WINDOW_SO_FAR, SAMPLE_NS));
	assert_false(write_at(r, RECORD_WINDOW_SO_FAR, SAMPLE_NS + 1));
	add(r, 9, 443, IPPROTO_TCP, true, ROLE_CLIENT); /* the first is worth a row at once */
	assert_true(write_at(r, RECORD_WINDOW_SO_FAR, SAMPLE_NS + 2));
	assert_store(r->store, "SELECT count(*) FROM tuples", "1");
	add(r, 8, 443, IPPROTO_TCP, true, ROLE_CLIENT);
	assert_false(write_at(r, RECORD_WINDOW_SO_FAR, SAMPLE_NS + 2 + minute + 2 * tuple - 1));
	store_windows_forget(&r->store->windows);
	assert_false(write_at(r, RECORD_WINDOW_SO_FAR, SAMPLE_NS + 2 + minute + 2 * tuple - 1));
	assert_store(r->store, "SELECT count(*), (SELECT closed FROM windows) FROM tuples", "1|0");
	assert_true(write_at(r, RECORD_WINDOW_SO_FAR, SAMPLE_NS + 2 + minute + 2 * tuple));
	assert_store(r->store, "SELECT count(*), (SELECT closed FROM windows) FROM tuples", "2|0");
	add(r, 9, 443, IPPROTO_TCP, true, ROLE_CLIENT);
	assert_true(write_at(r, RECORD_WINDOW, SAMPLE_NS + 2 + minute + 2 * tuple + 1));
	assert_store(
		r->store, "SELECT closed, (SELECT sum(est_flows) FROM tuples) FROM windows", "1|3");
}

/* So that one call is short, however many there are. */
static void
one_that_is_open_and_large_is_written_in_parts(void **state)
{
	struct rig *r = *state;

	for (int port = 1; port <= STORE_WINDOW_ROWS + 1; port++)
		add(r, 9, (uint16_t)port, IPPROTO_TCP, true, ROLE_CLIENT);
	assert_true(write_at(r, RECORD_WINDOW_SO_FAR, SAMPLE_NS));
	assert_store(r->store, "SELECT count(*), max(n) FROM tuples", "4096|4095");
	assert_true(write_at(r, RECORD_WINDOW_SO_FAR, SAMPLE_NS + 1));
	assert_store(r->store, "SELECT count(*), max(n) FROM tuples", "4097|4096");
	assert_store(r->store, "SELECT count(*) FROM source_ports", "1");
	assert_false(write_at(r, RECORD_WINDOW_SO_FAR, SAMPLE_NS + 2));
	add(r, 9, 1, IPPROTO_TCP, true, ROLE_CLIENT);
	assert_true(write_at(r, RECORD_WINDOW_SO_FAR, SAMPLE_NS + 66 * (uint64_t)NS_PER_S));
	assert_store(r->store, "SELECT est_flows FROM tuples WHERE n = 0", "2");
	assert_true(write_at(r, RECORD_WINDOW_SO_FAR, SAMPLE_NS + 66 * (uint64_t)NS_PER_S + 1));
	assert_true(write_at(r, RECORD_WINDOW, SAMPLE_NS + 66 * (uint64_t)NS_PER_S + 2));
	assert_store(r->store, "SELECT count(*), sum(est_flows) FROM tuples", "4097|4098");
}

static void
a_full_store_takes_windows_without_tuples_and_counts_these(void **state)
{
	struct rig *r = *state;

	r->store->windows.is_brief = true;
	add(r, 9, 443, IPPROTO_TCP, true, ROLE_CLIENT);
	add(r, 8, 443, IPPROTO_TCP, true, ROLE_CLIENT);
	assert_true(write_at(r, RECORD_WINDOW_SO_FAR, SAMPLE_NS));
	assert_false(write_at(r, RECORD_WINDOW_SO_FAR, SAMPLE_NS + 1));
	assert_store(r->store, "SELECT count(*) FROM losses", "0");
	assert_true(write_at(r, RECORD_WINDOW, SAMPLE_NS + 2));
	assert_store(r->store, "SELECT closed, (SELECT count(*) FROM tuples) FROM windows", "1|0");
	assert_store(r->store, "SELECT reason, count FROM losses", "store_tuples|2");
}

/* What another program works out of the tuples, in the words of the view. */
static void
derive(struct rig *r, enum feature_index index, uint8_t role, uint8_t ip_proto, bool established,
	struct strbuf *out)
{
	const struct feature_name which = { index, role, ip_proto, established };
	const struct feature *features = NULL;
	char text[FEATURE_NAME_MAX];
	char peer[ADDR_TEXT_MAX];
	size_t count = features_derive(&r->tuples, &which, &r->memory, &features);

	for (size_t i = 0; i < count; i++) {
		const struct feature *f = &features[i];
		strbuf_text(out, out->length > 0 ? "\n" : "");
		strbuf_text(out, feature_name_format(&which, text));
		strbuf_char(out, '|');
		if (index == FEATURE_PEERS)
			strbuf_text(out, addr_format(&f->peer, peer));
		else
			strbuf_u64(out, f->port);
		strbuf_printf(out, "|%llu|%llu|%llu", (unsigned long long)f->flows,
			(unsigned long long)f->packets, (unsigned long long)f->bytes);
	}
}

static void
features_are_what_features_h_derives(void **state)
{
	static const uint8_t protos[] = { 1, 2, 6, 17, 47, 58 };
	struct rig *r = *state;
	char text[16 * 1024];
	struct strbuf expected;

	for (unsigned i = 0; i < 96; i++)
		add(r, (uint8_t)(200 - i % 7), (uint16_t)(80 + i % 5), protos[i % 6], i % 4 > 1,
			i % 3 > 1 ? ROLE_SERVER : ROLE_CLIENT);
	assert_true(write_at(r, RECORD_WINDOW, SAMPLE_NS));
	r->window.host = addr_v4(192, 168, 1, 77); /* another window, which is not asked for */
	assert_true(write_at(r, RECORD_WINDOW, SAMPLE_NS));
	strbuf_init(&expected, text, sizeof(text));
	for (int index = FEATURE_PEERS; index <= FEATURE_SOURCE_PORTS; index++)
		for (uint8_t role = 0; role < 2; role++)
			for (size_t p = 0; p < sizeof(protos); p++)
				for (int established = 0; established < 2; established++)
					derive(r, (enum feature_index)index, role, protos[p],
						established != 0, &expected);
	assert_false(expected.truncated);
	assert_true(expected.length > 2000);
	assert_store(r->store,
		"SELECT name, key, flows, packets, bytes FROM features WHERE window = 1"
		" ORDER BY CASE WHEN name LIKE '%IPs%' THEN 0 WHEN name LIKE 'Dst%' THEN 1 ELSE 2 END,"
		" role, ip_proto, established, n",
		text);
}

static void
a_window_that_nothing_can_be_written_of_is_no_crash(void **state)
{
	struct rig *r = *state;

	assert_true(store_begin(&r->store->store));
	r->store->store.statements.error = SQLITE_FULL;
	assert_null(store_window_of(&r->store->windows, &r->window.host, &r->window.window));
	(void)store_give_up(&r->store->store);
	assert_true(write_at(r, RECORD_WINDOW, SAMPLE_NS));
	assert_store(r->store, "SELECT count(*) FROM windows", "1");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_window_stands_with_its_host_and_its_run),
		T(a_window_that_was_named_before_is_the_same_row),
		T(hosts_do_not_share_windows),
		T(tuples_stand_in_order_with_letters_and_sums),
		T(letters_that_find_no_room_are_counted),
		T(one_that_is_open_is_written_once_a_minute_and_when_it_closes),
		T(one_that_is_open_and_large_is_written_in_parts),
		T(a_full_store_takes_windows_without_tuples_and_counts_these),
		T(features_are_what_features_h_derives),
		T(a_window_that_nothing_can_be_written_of_is_no_crash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
