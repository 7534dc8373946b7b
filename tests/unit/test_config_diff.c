#include "daemon/config/config_diff.h"

#include "daemon/base/arena.h"
#include "daemon/config/config.h"
#include "detectors/detector.h"
#include "exporters/exporter.h"
#include "tests/support/config_sample.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 16 };

/* What was told: "key" or "key*" (needs a restart), separated by blanks. */
struct told {
	char memory[4096];
	struct strbuf text;
};

struct fixture {
	struct sample before, after;
	struct arena arena_before, arena;
	struct config_item rows[ROWS];
	struct told told;
	struct sample_report report;
	struct config *running, *fresh;
};

static int
begin(void **state)
{
	static struct fixture f;
	size_t count = 0;

	memset(&f, 0, sizeof(f));
	arena_init(&f.arena_before, 65536, NULL);
	arena_init(&f.arena, 65536, NULL);
	while (sample_rows()[count].type != CONFIG_TYPE_END)
		count++;
	memcpy(f.rows, sample_rows(), (count + 1) * sizeof(f.rows[0]));
	config_rows_default(f.rows, &f.before);
	config_rows_default(f.rows, &f.after);
	*state = &f;
	return 0;
}

static int
end(void **state)
{
	struct fixture *f = *state;

	arena_done(&f->arena_before);
	arena_done(&f->arena);
	config_free(f->running);
	config_free(f->fresh);
	return 0;
}

static void
tell(void *context, const char *key, bool at_start)
{
	struct told *t = context;

	strbuf_printf(&t->text, "%s%s%s", t->text.length > 0 ? " " : "", key, at_start ? "*" : "");
}

static const char *
differs(struct fixture *f)
{
	strbuf_init(&f->told.text, f->told.memory, sizeof(f->told.memory));
	config_rows_diff(f->rows, &f->before, &f->after, tell, &f->told);
	return f->told.memory;
}

static void
set(struct fixture *f, struct sample *s, struct arena *arena, const char *key, const char *value)
{
	const struct config_setting one = { .key = key, .value = value, .given_by = "test" };

	assert_int_equal(
		config_rows_set(f->rows, s, arena, &one, true, sample_report_init(&f->report)), 0);
}

static void
change(struct fixture *f, const char *key, const char *value)
{
	set(f, &f->after, &f->arena, key, value);
}

static struct config_item *
row(struct fixture *f, const char *name)
{
	return &f->rows[sample_row(name) - sample_rows()];
}

static struct sample_server *
server_add(struct fixture *f, struct sample *s, struct arena *arena, const char *host)
{
	struct sample_server *server = config_list_add(row(f, "servers"), s, arena);

	assert_non_null(server);
	server->host = host;
	return server;
}

static void
what_is_equal_is_not_told(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(differs(f), "");
	/* Equal texts and lists in different places are equal. */
	set(f, &f->before, &f->arena_before, "label", "other");
	change(f, "label", "other");
	set(f, &f->before, &f->arena_before, "home_network", "10.0.0.0/8,fe80::/10");
	change(f, "home_network", "10.0.0.0/8,fe80::/10");
	assert_string_equal(differs(f), "");
}

static void
a_value_of_every_type_is_told_in_the_order_of_the_rows(void **state)
{
	struct fixture *f = *state;

	change(f, "windows.inner.depth", "8");
	change(f, "windows.open_max", "4");
	change(f, "home_network", "10.0.0.0/8");
	change(f, "outside", "10.0.0.0/8");
	change(f, "inside", "10.0.0.0/9");
	change(f, "relay", "10.0.0.1");
	change(f, "gateway", "10.0.0.1");
	change(f, "direction", "out");
	change(f, "note", "new");
	change(f, "label", "new");
	change(f, "memory", "2KiB");
	change(f, "ratio", "0.06");
	change(f, "min_targets", "31");
	change(f, "verbose", "true");
	(void)server_add(f, &f->after, &f->arena, "a");
	assert_string_equal(differs(f),
		"verbose min_targets ratio memory label note direction gateway relay inside outside "
		"home_network servers windows.open_max windows.inner.depth");
}

static void
a_text_that_is_gone_differs_from_one_that_is_there(void **state)
{
	struct fixture *f = *state;

	set(f, &f->before, &f->arena_before, "note", "old");
	assert_string_equal(differs(f), "note");
}

static void
a_list_differs_by_any_value_of_any_item(void **state)
{
	struct fixture *f = *state;
	struct sample_server *old;
	struct sample_server *now;

	(void)server_add(f, &f->before, &f->arena_before, "a");
	old = server_add(f, &f->before, &f->arena_before, "b");
	(void)server_add(f, &f->after, &f->arena, "a");
	now = server_add(f, &f->after, &f->arena, "b");
	assert_string_equal(differs(f), "");
	now->tls.verify = !old->tls.verify;
	assert_string_equal(differs(f), "servers");
	now->tls.verify = old->tls.verify;
	now->tags.items = (struct sample_tag[]){ { "x" } };
	now->tags.count = 1;
	assert_string_equal(differs(f), "servers");
	old->tags.items = (struct sample_tag[]){ { "y" } };
	old->tags.count = 1;
	assert_string_equal(differs(f), "servers");
	old->tags.items = (struct sample_tag[]){ { "x" } };
	assert_string_equal(differs(f), "");
}

static void
what_waits_for_a_restart_is_marked_with_all_below_it(void **state)
{
	struct fixture *f = *state;

	row(f, "label")->at_start = true;
	row(f, "windows")->at_start = true;
	change(f, "label", "new");
	change(f, "note", "new");
	change(f, "windows.inner.depth", "8");
	assert_string_equal(differs(f), "label* note windows.inner.depth*");
}

static void
what_waits_keeps_its_value_and_the_rest_is_new(void **state)
{
	struct fixture *f = *state;

	row(f, "label")->at_start = row(f, "note")->at_start = true;
	row(f, "inside")->at_start = row(f, "windows")->at_start = true;
	change(f, "label", "new");
	change(f, "note", "new");
	change(f, "inside", "10.0.0.0/9");
	change(f, "windows.inner.depth", "8");
	change(f, "min_targets", "31");
	assert_int_equal(config_rows_keep(f->rows, &f->before, &f->after, &f->arena), 0);
	assert_string_equal(differs(f), "min_targets");
	assert_int_equal(f->after.min_targets, 31);
	assert_null(f->after.note);
}

/* The arena of what ran before is gone, as after a reload. */
static void
what_is_kept_does_not_point_into_what_ran_before(void **state)
{
	struct fixture *f = *state;
	struct sample_server *old = server_add(f, &f->before, &f->arena_before, NULL);
	const struct sample_server *kept;

	row(f, "label")->at_start = row(f, "servers")->at_start = true;
	set(f, &f->before, &f->arena_before, "label", "old");
	old->host = arena_string(&f->arena_before, "host", 4);
	old->port = 99;
	old->tags.items = arena_alloc(&f->arena_before, sizeof(struct sample_tag));
	old->tags.count = 1;
	((struct sample_tag *)old->tags.items)->value = arena_string(&f->arena_before, "tag", 3);
	server_add(f, &f->before, &f->arena_before, NULL)->port = 100;
	assert_int_equal(config_rows_keep(f->rows, &f->before, &f->after, &f->arena), 0);
	arena_done(&f->arena_before);
	assert_string_equal(f->after.label, "old");
	assert_int_equal(f->after.servers.count, 2);
	kept = f->after.servers.items;
	assert_string_equal(kept->host, "host");
	assert_int_equal(kept->port, 99);
	assert_int_equal(kept[1].port, 100);
	assert_true(kept->tls.verify);
	assert_int_equal(kept->tags.count, 1);
	assert_string_equal(((const struct sample_tag *)kept->tags.items)->value, "tag");
}

/* A string, the items, an item's string: each may be the one that there is no room for. */
static void
without_memory_to_keep_a_value_it_says_so(void **state)
{
	struct fixture *f = *state;
	size_t need = 0;

	row(f, "label")->at_start = row(f, "servers")->at_start = true;
	set(f, &f->before, &f->arena_before, "label", "old");
	server_add(f, &f->before, &f->arena_before, "host")->port = 99;
	assert_int_equal(config_rows_keep(f->rows, &f->before, &f->after, &f->arena), 0);
	need = f->arena.used_bytes;
	for (size_t cap = 0; cap < need; cap += 8) {
		arena_done(&f->arena);
		arena_init(&f->arena, cap, NULL);
		assert_int_equal(
			config_rows_keep(f->rows, &f->before, &f->after, &f->arena), -ENOMEM);
	}
	arena_done(&f->arena);
	arena_init(&f->arena, need, NULL);
	assert_int_equal(config_rows_keep(f->rows, &f->before, &f->after, &f->arena), 0);
}

static struct config *
loaded(struct fixture *f, const struct config_setting *settings, size_t count)
{
	const struct config_overrides o = { .settings = settings, .setting_count = count };
	struct config *c = NULL;

	if (config_load(NULL, &o, sample_report_init(&f->report), &c) != 0)
		fail_msg("%s", f->report.memory);
	return c;
}

/* The real rows: one of each kind of setting that there is, with the decision on it. */
static void
each_setting_is_decided(void **state)
{
	static const struct config_setting settings[] = {
		{ "home_network", "10.0.0.0/8", "" },
		{ "direction", "all", "" },
		{ "windows.width", "5m", "" },
		{ "flow.timeouts", "zeek", "" },
		{ "flow.interim", "1m", "" },
		{ "flow.checksums", "false", "" },
		{ "alert.threshold", "1", "" },
		{ "evidence.max_per_detector", "7", "" },
		{ "compat.windows", "s20", "" },
		{ "memory.limit", "64MiB", "" },
		{ "sensor.name", "other", "" },
		{ "capture.filter", "tcp", "" },
		{ "capture.ring", "1MiB", "" },
		{ "capture.snaplen", "200", "" },
		{ "capture.promiscuous", "false", "" },
		{ "capture.reopen", "false", "" },
		{ "service.user", "other", "" },
		{ "metrics.listen", "127.0.0.1:1", "" },
		{ "control.path", "/x", "" },
		{ "eve.path", "other.json", "" },
		{ "detectors.arp_scan.enabled", "false", "" },
		{ "detectors.arp_scan.min_targets", "7", "" },
	};
	struct fixture *f = *state;

	f->running = loaded(f, NULL, 0);
	f->fresh = loaded(f, settings, sizeof(settings) / sizeof(settings[0]));
	strbuf_init(&f->told.text, f->told.memory, sizeof(f->told.memory));
	config_diff(f->running, f->fresh, tell, &f->told);
	assert_string_equal(f->told.memory,
		"home_network direction windows.width* flow.timeouts* flow.interim* flow.checksums "
		"alert.threshold evidence.max_per_detector compat.windows* memory.limit* "
		"sensor.name* capture.filter capture.ring* capture.snaplen* capture.promiscuous* "
		"capture.reopen* service.user* metrics.listen* control.path* eve.path* "
		"detectors.arp_scan.enabled* detectors.arp_scan.min_targets");
}

static void
the_detectors_that_are_on_stay_on_with_new_settings(void **state)
{
	static const struct config_setting before[] = {
		{ "detectors.arp_scan.enabled", "false", "" },
		{ "sensor.name", "old", "" },
	};
	static const struct config_setting after[] = {
		{ "detectors.horizontal_scan.enabled", "false", "" },
		{ "detectors.horizontal_scan.min_targets", "77", "" },
		{ "alert.threshold", "1", "" },
	};
	struct fixture *f = *state;

	f->running = loaded(f, before, 2);
	f->fresh = loaded(f, after, 3);
	size_t count = f->running->detector_count;
	assert_int_equal(config_keep(f->running, f->fresh), 0);
	assert_int_equal(f->fresh->detector_count, count);
	for (size_t i = 0; i < count; i++)
		assert_ptr_equal(f->fresh->detectors[i], f->running->detectors[i]);
	strbuf_init(&f->told.text, f->told.memory, sizeof(f->told.memory));
	config_diff(f->running, f->fresh, tell, &f->told);
	assert_string_equal(
		f->told.memory, "alert.threshold detectors.horizontal_scan.min_targets");
	config_free(f->running);
	f->running = NULL;
	assert_string_equal(f->fresh->settings->sensor.name, "old");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(what_is_equal_is_not_told),
		TEST(a_value_of_every_type_is_told_in_the_order_of_the_rows),
		TEST(a_text_that_is_gone_differs_from_one_that_is_there),
		TEST(a_list_differs_by_any_value_of_any_item),
		TEST(what_waits_for_a_restart_is_marked_with_all_below_it),
		TEST(what_waits_keeps_its_value_and_the_rest_is_new),
		TEST(what_is_kept_does_not_point_into_what_ran_before),
		TEST(without_memory_to_keep_a_value_it_says_so),
		TEST(each_setting_is_decided),
		TEST(the_detectors_that_are_on_stay_on_with_new_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
