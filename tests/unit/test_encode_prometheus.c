#include "exporters/encode_prometheus.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PAGE_MAX_BYTES = 8192 };

struct port {
	uint64_t packets;
	uint64_t dropped_ring, dropped_late;
	uint64_t last_ns;
};

static const struct metric port_rows[] = {
	METRIC_ROW("packets_total", METRIC_COUNTER, NULL, struct port, packets, "Packets."),
	METRIC_ROW("dropped_total", METRIC_COUNTER, "where=\"ring\"", struct port, dropped_ring,
		"Packets dropped."),
	METRIC_ROW("dropped_total", METRIC_COUNTER, "where=\"late\"", struct port, dropped_late,
		"Packets dropped."),
	METRIC_ROW_IN(METRIC_NS, "last_timestamp_seconds", METRIC_GAUGE, NULL, struct port, last_ns,
		"When the last one came."),
	METRIC_END,
};

struct other {
	uint64_t share;
	double load;
	uint64_t rss;
	struct metric_histogram took;
};

static const struct metric info_rows[] = {
	METRIC_ROW_INFO("build_info", "What runs."),
	METRIC_END,
};
static const struct metric ratio_rows[] = {
	METRIC_ROW_IN(METRIC_MILLIONTHS, "share_ratio", METRIC_GAUGE, NULL, struct other, share,
		"A share."),
	METRIC_END,
};
static const struct metric load_rows[] = {
	METRIC_ROW_IN(METRIC_DOUBLE, "load_ratio", METRIC_GAUGE, NULL, struct other, load, "Load."),
	METRIC_END,
};
static const struct metric process_rows[] = {
	METRIC_ROW(
		"process_resident_memory_bytes", METRIC_GAUGE, NULL, struct other, rss, "Memory."),
	METRIC_END,
};
static const struct metric took_rows[] = {
	METRIC_ROW_HISTOGRAM("took_seconds", "step=\"one\"", struct other, took, "How long."),
	METRIC_END,
};

static const struct port eth0 = {
	.packets = 1,
	.dropped_ring = 2,
	.dropped_late = 3,
	.last_ns = UINT64_C(1764087605123456789),
};
static const struct port eth1 = { .packets = UINT64_MAX, .last_ns = UINT64_C(1500000000) };

static const struct metric_source ports[] = {
	{ port_rows, &eth0, "interface=\"eth0\"" },
	{ info_rows, NULL, "version=\"1.2\",revision=\"abc\"" },
	{ port_rows, &eth1, "interface=\"eth1\"" },
};

/* What both formats say of `ports`, but for the names of families. */
#define PORTS_PAGE(build, build_type, dropped, packets)                           \
	"# HELP naiad_" build " What runs.\n"                                     \
	"# TYPE naiad_" build " " build_type "\n"                                 \
	"naiad_build_info{version=\"1.2\",revision=\"abc\"} 1\n"                  \
	"# HELP naiad_" dropped " Packets dropped.\n"                             \
	"# TYPE naiad_" dropped " counter\n"                                      \
	"naiad_dropped_total{interface=\"eth0\",where=\"ring\"} 2\n"              \
	"naiad_dropped_total{interface=\"eth0\",where=\"late\"} 3\n"              \
	"naiad_dropped_total{interface=\"eth1\",where=\"ring\"} 0\n"              \
	"naiad_dropped_total{interface=\"eth1\",where=\"late\"} 0\n"              \
	"# HELP naiad_last_timestamp_seconds When the last one came.\n"           \
	"# TYPE naiad_last_timestamp_seconds gauge\n"                             \
	"naiad_last_timestamp_seconds{interface=\"eth0\"} 1764087605.123456789\n" \
	"naiad_last_timestamp_seconds{interface=\"eth1\"} 1.5\n"                  \
	"# HELP naiad_" packets " Packets.\n"                                     \
	"# TYPE naiad_" packets " counter\n"                                      \
	"naiad_packets_total{interface=\"eth0\"} 1\n"                             \
	"naiad_packets_total{interface=\"eth1\"} 18446744073709551615\n"

/* The page in `capacity` bytes; valid until the next call. */
static const char *
page(const struct metric_source *sources, size_t count, enum prometheus_format format,
	size_t capacity, size_t *ret_left_out)
{
	static char memory[PAGE_MAX_BYTES];
	struct strbuf b;

	assert_true(capacity <= sizeof(memory));
	strbuf_init(&b, memory, capacity);
	*ret_left_out = encode_prometheus(sources, count, format, &b);
	assert_int_equal(b.length, strlen(b.text));
	assert_int_equal(b.capacity, capacity);
	return memory;
}

/* One source without labels, as text. */
static const char *
page_of(const struct metric *rows, const struct other *owner)
{
	const struct metric_source source = { rows, owner, NULL };
	size_t left_out;
	const char *text = page(&source, 1, PROMETHEUS_TEXT, PAGE_MAX_BYTES, &left_out);

	assert_int_equal(left_out, 0);
	return text;
}

static void
a_family_stands_together_once_whoever_has_it(void **state)
{
	size_t left_out;

	(void)state;
	assert_string_equal(page(ports, 3, PROMETHEUS_TEXT, PAGE_MAX_BYTES, &left_out),
		PORTS_PAGE("build_info", "gauge", "dropped_total", "packets_total"));
	assert_int_equal(left_out, 0);
}

static void
openmetrics_names_families_without_their_suffix_and_ends(void **state)
{
	size_t left_out;

	(void)state;
	assert_string_equal(page(ports, 3, PROMETHEUS_OPENMETRICS, PAGE_MAX_BYTES, &left_out),
		PORTS_PAGE("build", "info", "dropped", "packets") "# EOF\n");
	assert_int_equal(left_out, 0);
}

static void
nothing_to_tell_is_an_empty_page(void **state)
{
	size_t left_out;

	(void)state;
	assert_string_equal(page(NULL, 0, PROMETHEUS_TEXT, 1, &left_out), "");
	assert_string_equal(page(NULL, 0, PROMETHEUS_OPENMETRICS, 7, &left_out), "# EOF\n");
}

static void
a_page_that_is_full_ends_after_a_whole_row(void **state)
{
	const char *whole = PORTS_PAGE("build", "info", "dropped", "packets") "# EOF\n";
	size_t length = strlen(whole);
	size_t before = 0;

	(void)state;
	for (size_t capacity = sizeof("# EOF\n"); capacity <= length + 1; capacity++) {
		size_t left_out;
		const char *text = page(ports, 3, PROMETHEUS_OPENMETRICS, capacity, &left_out);
		size_t kept = strlen(text) - strlen("# EOF\n");
		size_t rows = 0;

		assert_string_equal(text + kept, "# EOF\n");
		assert_memory_equal(text, whole, kept);
		assert_true(kept == 0 || text[kept - 1] == '\n');
		for (const char *line = text; line < text + kept; line = strchr(line, '\n') + 1)
			rows += *line != '#';
		assert_int_equal(rows + left_out, 9);
		assert_int_equal(left_out == 0, capacity == length + 1);
		assert_true(kept >= before); /* and a heading never stands alone */
		assert_true(kept == 0 || whole[kept] != 'n' || rows > 0);
		before = kept;
	}
}

static void
a_heading_without_room_for_a_sample_is_not_written(void **state)
{
	const char *heading = "# HELP naiad_build_info What runs.\n# TYPE naiad_build_info gauge\n";
	size_t left_out;

	(void)state;
	assert_string_equal(page(ports, 3, PROMETHEUS_TEXT, strlen(heading) + 20, &left_out), "");
	assert_int_equal(left_out, 9);
}

static void
millionths_are_shown_as_a_ratio(void **state)
{
	struct other o = { .share = 10500 };

	(void)state;
	assert_non_null(strstr(page_of(ratio_rows, &o), "\nnaiad_share_ratio 0.0105\n"));
	o.share = 1000000;
	assert_non_null(strstr(page_of(ratio_rows, &o), "\nnaiad_share_ratio 1\n"));
	o.share = 1;
	assert_non_null(strstr(page_of(ratio_rows, &o), "\nnaiad_share_ratio 0.000001\n"));
	o.share = 0;
	assert_non_null(strstr(page_of(ratio_rows, &o), "\nnaiad_share_ratio 0\n"));
}

static void
a_double_may_be_no_number(void **state)
{
	struct other o = { .load = 0.25 };

	(void)state;
	assert_non_null(strstr(page_of(load_rows, &o), "\nnaiad_load_ratio 0.250000000\n"));
	o.load = -2;
	assert_non_null(strstr(page_of(load_rows, &o), "\nnaiad_load_ratio -2.000000000\n"));
	o.load = NAN;
	assert_non_null(strstr(page_of(load_rows, &o), "\nnaiad_load_ratio NaN\n"));
	o.load = INFINITY;
	assert_non_null(strstr(page_of(load_rows, &o), "\nnaiad_load_ratio +Inf\n"));
	o.load = -INFINITY;
	assert_non_null(strstr(page_of(load_rows, &o), "\nnaiad_load_ratio -Inf\n"));
}

static void
standard_names_have_no_prefix(void **state)
{
	struct other o = { .rss = 4096 };

	(void)state;
	assert_string_equal(page_of(process_rows, &o),
		"# HELP process_resident_memory_bytes Memory.\n"
		"# TYPE process_resident_memory_bytes gauge\n"
		"process_resident_memory_bytes 4096\n");
}

static void
buckets_count_all_that_is_below_their_end(void **state)
{
	struct other o = { 0 };
	const struct metric_source source = { took_rows, &o, "interface=\"eth0\"" };
	size_t left_out;
	const char *labels = "{interface=\"eth0\",step=\"one\",le=\"";

	(void)state;
	metric_histogram_add(&o.took, 100);
	metric_histogram_add(&o.took, 101);
	metric_histogram_add(&o.took, 10000000);
	metric_histogram_add(&o.took, 10000001);
	const char *text = page(&source, 1, PROMETHEUS_TEXT, PAGE_MAX_BYTES, &left_out);
	static const char *const expected[] = {
		"0.0000001\"} 1",
		"0.00000025\"} 2",
		"0.0000005\"} 2",
		"0.000001\"} 2",
		"0.0000025\"} 2",
		"0.000005\"} 2",
		"0.00001\"} 2",
		"0.000025\"} 2",
		"0.00005\"} 2",
		"0.0001\"} 2",
		"0.00025\"} 2",
		"0.0005\"} 2",
		"0.001\"} 2",
		"0.0025\"} 2",
		"0.005\"} 2",
		"0.01\"} 3",
		"+Inf\"} 4",
	};
	char want[4096];
	struct strbuf b;

	strbuf_init(&b, want, sizeof(want));
	strbuf_text(
		&b, "# HELP naiad_took_seconds How long.\n# TYPE naiad_took_seconds histogram\n");
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		strbuf_printf(&b, "naiad_took_seconds_bucket%s%s\n", labels, expected[i]);
	strbuf_text(&b, "naiad_took_seconds_sum{interface=\"eth0\",step=\"one\"} 0.020000202\n"
			"naiad_took_seconds_count{interface=\"eth0\",step=\"one\"} 4\n");
	assert_string_equal(text, want);
}

static void
a_histogram_without_labels_has_one(void **state)
{
	static const struct metric bare[] = {
		METRIC_ROW_HISTOGRAM("took_seconds", NULL, struct other, took, "How long."),
		METRIC_END,
	};
	struct other o = { 0 };

	(void)state;
	const char *text = page_of(bare, &o);
	assert_non_null(strstr(text, "\nnaiad_took_seconds_bucket{le=\"0.0000001\"} 0\n"));
	assert_non_null(strstr(text, "\nnaiad_took_seconds_count 0\n"));
}

static void
content_types_name_their_version(void **state)
{
	(void)state;
	assert_string_equal(prometheus_content_type(PROMETHEUS_TEXT),
		"text/plain; version=0.0.4; charset=utf-8");
	assert_string_equal(prometheus_content_type(PROMETHEUS_OPENMETRICS),
		"application/openmetrics-text; version=1.0.0; charset=utf-8");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_family_stands_together_once_whoever_has_it),
		cmocka_unit_test(openmetrics_names_families_without_their_suffix_and_ends),
		cmocka_unit_test(nothing_to_tell_is_an_empty_page),
		cmocka_unit_test(a_page_that_is_full_ends_after_a_whole_row),
		cmocka_unit_test(a_heading_without_room_for_a_sample_is_not_written),
		cmocka_unit_test(millionths_are_shown_as_a_ratio),
		cmocka_unit_test(a_double_may_be_no_number),
		cmocka_unit_test(standard_names_have_no_prefix),
		cmocka_unit_test(buckets_count_all_that_is_below_their_end),
		cmocka_unit_test(a_histogram_without_labels_has_one),
		cmocka_unit_test(content_types_name_their_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
