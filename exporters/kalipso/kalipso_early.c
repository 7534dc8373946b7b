#include "exporters/kalipso/kalipso_early.h"

#include "exporters/kalipso/kalipso_evidence.h"
#include "exporters/kalipso/kalipso_text.h"

static void
put_evidence(struct dialect_target *t, const struct mirror_window *w)
{
	char key[KALIPSO_KEY_MAX];

	if (!kalipso_has_evidence(t, w))
		return;
	redis_begin(
		t->command, t->db, "HSET", kalipso_window_key(key, &w->host, w->ref.number, ""));
	redis_arg(t->command, "Evidence");
	kalipso_evidence_2020(t, redis_arg_begin(t->command), w);
	redis_arg_end(t->command);
	(void)redis_end(t->command);
}

void
kalipso_early_window(
	struct dialect_target *t, const struct mirror_window *w, const struct kalipso_lines *lines)
{
	static const struct kalipso_form form = {
		.server_ports = "dstPortsServer", .parts = KALIPSO_PACKETS, .separator = ':'
	};
	char key[KALIPSO_KEY_MAX];

	if (w->due[t->target].whole)
		kalipso_delete_window(t, &w->host, w->ref.number);
	kalipso_fields(t, w, &form);
	put_evidence(t, w);
	if (w->alerts > 0) {
		kalipso_command(t, t->db, "SADD", "BlockedProfTW",
			kalipso_window_key(key, &w->host, w->ref.number, ""));
		kalipso_expire(t, t->db, "BlockedProfTW");
	}
	kalipso_timeline(t, w, lines);
	kalipso_expire_window(t, w);
}

void
kalipso_early_gone(struct dialect_target *t, const struct mirror_gone *g)
{
	char key[KALIPSO_KEY_MAX];

	kalipso_delete_window(t, &g->host, g->number);
	kalipso_command(t, t->db, "SREM", "BlockedProfTW",
		kalipso_window_key(key, &g->host, g->number, ""));
	if (g->last_of_host)
		kalipso_profile_info_gone(t, &g->host);
}
