/*
 * dialect_last -- the last Kalipso (v1.0.0 to v1.1.19): what it reads is in kalipso.md, columns "last".
 *
 * Its tree is `profiles` and `tws...`: they are written last of a window, so that it shows what is complete.
 */
#include "exporters/kalipso/dialect.h"
#include "exporters/kalipso/kalipso_address.h"
#include "exporters/kalipso/kalipso_evidence.h"
#include "exporters/kalipso/kalipso_text.h"
#include "exporters/kalipso/kalipso_window.h"
#include "exporters/timeline_json.h"

enum { TIME_DECIMALS = 6, NUMBER_MAX = 24 };

static void
last_begin(struct dialect_target *t)
{
	kalipso_own(t, false);
}

/* ---- a window ---- */

static void
empty(struct dialect_target *t, const struct mirror_window *w)
{
	char key[KALIPSO_KEY_MAX];
	char name[KALIPSO_KEY_MAX];

	kalipso_delete_window(t, &w->host, w->ref.number);
	kalipso_command(t, t->db, "HDEL", kalipso_profile_key(key, "evidence", &w->host),
		kalipso_window_name(name, w->ref.number));
}

/* In the hash of the window for the box, and once more in the profile's for the page of all windows. */
static void
put_evidence(struct dialect_target *t, const struct mirror_window *w)
{
	char key[KALIPSO_KEY_MAX];
	char name[KALIPSO_KEY_MAX];

	if (!kalipso_has_evidence(t, w))
		return;
	redis_begin(
		t->command, t->db, "HSET", kalipso_window_key(key, &w->host, w->ref.number, ""));
	redis_arg(t->command, "Evidence");
	kalipso_evidence_last(t, redis_arg_begin(t->command), w);
	redis_arg_end(t->command);
	redis_end_twice(t->command, kalipso_profile_key(key, "evidence", &w->host),
		kalipso_window_name(name, w->ref.number));
	kalipso_expire(t, t->db, key);
}

static bool
has_alerts(struct dialect_target *t, const struct addr *host)
{
	for (const struct mirror_window *w = mirror_window_of(t->mirror, host, NULL); w != NULL;
		w = mirror_window_of(t->mirror, host, w))
		if (w->alerts > 0)
			return true;
	return false;
}

/* Which of a profile's windows have alerts: ["timewindow1","timewindow2"] */
static void
put_blocked(struct dialect_target *t, const struct addr *host)
{
	char profile[KALIPSO_KEY_MAX];
	char name[KALIPSO_KEY_MAX];
	struct json j;

	kalipso_profile_key(profile, "", host);
	if (!has_alerts(t, host)) {
		kalipso_command(t, t->db, "HDEL", "BlockedProfTW", profile);
		return;
	}
	redis_begin(t->command, t->db, "HSET", "BlockedProfTW");
	redis_arg(t->command, profile);
	json_init(&j, redis_arg_begin(t->command));
	json_array_begin(&j);
	for (const struct mirror_window *w = mirror_window_of(t->mirror, host, NULL); w != NULL;
		w = mirror_window_of(t->mirror, host, w))
		if (w->alerts > 0)
			json_text(&j, kalipso_window_name(name, w->ref.number));
	json_array_end(&j);
	redis_arg_end(t->command);
	(void)redis_end(t->command);
	kalipso_expire(t, t->db, "BlockedProfTW");
}

/* What the host is called where it lives, rather than in the DNS. */
static const char *
host_name(struct dialect_target *t, const struct addr *host)
{
	const struct mirror_address *a = mirror_address(t->mirror, host);

	for (size_t i = 0; a != NULL && i < a->name_count; i++)
		if (!a->names[i].is_dns)
			return a->names[i].text;
	return "";
}

static void
put_profile(struct dialect_target *t, const struct addr *host)
{
	char key[KALIPSO_KEY_MAX];

	redis_begin(t->command, t->db, "HSET", kalipso_profile_key(key, "", host));
	redis_arg(t->command, "host_name");
	kalipso_put(redis_arg_begin(t->command), host_name(t, host));
	redis_arg_end(t->command);
	(void)redis_end(t->command);
	kalipso_expire(t, t->db, key);
}

/* Into the tree with it. */
static void
show(struct dialect_target *t, const struct mirror_window *w)
{
	char key[KALIPSO_KEY_MAX];
	char name[KALIPSO_KEY_MAX];

	redis_begin(t->command, t->db, "ZADD", kalipso_profile_key(key, "tws", &w->host));
	redis_arg_seconds(t->command, w->ref.start_ns);
	redis_arg(t->command, kalipso_window_name(name, w->ref.number));
	(void)redis_end(t->command);
	kalipso_expire(t, t->db, key);
	kalipso_command(t, t->db, "SADD", "profiles", kalipso_profile_key(key, "", &w->host));
	kalipso_expire(t, t->db, "profiles");
}

/*
 * A line, and at its end whose it is, which this Kalipso passes over: two conversations that look alike to the microsecond
 * would be one in a set.
 */
static void
put_line(struct strbuf *out, const struct record_timeline *r)
{
	size_t before = out->length;
	struct json j;

	timeline_json_last(out, r);
	if (out->length == before || out->truncated)
		return;
	out->length--; /* the brace that closes it */
	strbuf_text(out, ",\"uid\":");
	json_init(&j, out);
	json_text(&j, r->flow->uid.text);
	strbuf_char(out, '}');
}

static void
last_window(struct dialect_target *t, const struct mirror_window *w)
{
	static const struct kalipso_form form = { .parts = KALIPSO_OBJECTS, .separator = '-' };

	static const struct kalipso_lines lines = {
		.command = "ZADD", .put = put_line, .is_sorted = true
	};

	if (w->due[t->target].whole)
		empty(t, w);
	kalipso_fields(t, w, &form);
	kalipso_timeline(t, w, &lines);
	put_evidence(t, w);
	kalipso_expire_window(t, w);
	put_profile(t, &w->host);
	if (w->alerts > 0)
		put_blocked(t, &w->host);
	show(t, w);
}

static void
last_gone(struct dialect_target *t, const struct mirror_gone *g)
{
	static const char *const keys[] = { "tws", "evidence", "" };
	char key[KALIPSO_KEY_MAX];
	char name[KALIPSO_KEY_MAX];

	kalipso_window_name(name, g->number);
	if (g->last_of_host) {
		kalipso_command(
			t, t->db, "SREM", "profiles", kalipso_profile_key(key, "", &g->host));
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			kalipso_delete(t, t->db, kalipso_profile_key(key, keys[i], &g->host));
		kalipso_profile_info_gone(t, &g->host);
	} else {
		kalipso_command(t, t->db, "ZREM", kalipso_profile_key(key, "tws", &g->host), name);
		kalipso_command(
			t, t->db, "HDEL", kalipso_profile_key(key, "evidence", &g->host), name);
	}
	put_blocked(t, &g->host);
	kalipso_delete_window(t, &g->host, g->number);
}

/* ---- an address ---- */

static void
put_windows(struct json *j, const struct mirror_address *a)
{
	char text[KALIPSO_KEY_MAX];

	json_array_begin(j);
	if (a->is_asked)
		json_text(j, kalipso_window_key(text, &a->asked_by, a->asked_window, ""));
	json_array_end(j);
}

static void
put_servers(struct json *j, const struct mirror_address *a)
{
	char text[ADDR_TEXT_MAX];

	json_array_begin(j);
	for (size_t i = 0; i < a->name_count; i++)
		if (a->names[i].is_dns)
			json_text(j, addr_format(&a->names[i].told_by, text));
	json_array_end(j);
}

/*
 * An object that looks like a list too: the page of out-tuples asks for its `domains`, that of in-tuples for its
 * `length`, and either ends the UI when it finds none (kalipso.md 5.2).
 */
static void
put_names(struct strbuf *out, const struct mirror_address *a)
{
	uint64_t newest_ns = 0;
	size_t count = 0;
	struct json j;

	json_init(&j, out);
	json_object_begin(&j);
	json_key(&j, "domains");
	kalipso_names_list(&j, a);
	for (size_t i = 0; i < a->name_count; i++) {
		char number[NUMBER_MAX];
		struct strbuf b;

		if (!a->names[i].is_dns)
			continue;
		newest_ns = a->names[i].seen_ns > newest_ns ? a->names[i].seen_ns : newest_ns;
		strbuf_init(&b, number, sizeof(number));
		strbuf_u64(&b, count++);
		json_key(&j, number);
		kalipso_text(&j, a->names[i].text);
	}
	json_key_u64(&j, "length", count);
	json_key_double(&j, "ts", (double)newest_ns / 1e9, TIME_DECIMALS);
	json_key_text(&j, "uid", "");
	json_key(&j, "resolved-by");
	put_servers(&j, a);
	json_key(&j, "timewindows");
	put_windows(&j, a);
	json_object_end(&j);
}

static void
last_address(struct dialect_target *t, const struct mirror_address *a)
{
	static const struct kalipso_info info = { .asn_is_object = true, .has_names = true };

	kalipso_address_info(t, a, &info);
	kalipso_address_names(t, a, put_names);
}

const struct dialect dialect_last = {
	.name = "last",
	.begin = last_begin,
	.before_window = kalipso_profile_info,
	.window = last_window,
	.gone = last_gone,
	.address = last_address,
	.gone_address = kalipso_address_gone,
};
