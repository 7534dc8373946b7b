/*
 * dialect_modular -- the Kalipso of July 2020 to 2021 ("2020"): what it reads is in kalipso.md, columns "2020".
 *
 * Its tree is the names of all timelines: a window is complete before its timeline is there.
 */
#include "exporters/kalipso/dialect.h"
#include "exporters/kalipso/kalipso_address.h"
#include "exporters/kalipso/kalipso_early.h"
#include "exporters/kalipso/kalipso_peers.h"
#include "exporters/kalipso/kalipso_window.h"
#include "exporters/timeline_json.h"

static void
modular_begin(struct dialect_target *t)
{
	kalipso_own(t, false);
}

static void
modular_before_window(struct dialect_target *t, const struct mirror_window *w)
{
	kalipso_profile_info(t, w);
	kalipso_peers_tell(t, w);
}

static void
modular_window(struct dialect_target *t, const struct mirror_window *w)
{
	static const struct kalipso_lines lines = {
		.command = "ZADD", .put = timeline_json_2020, .is_sorted = true
	};

	kalipso_early_window(t, w, &lines);
}

static void
put_names(struct strbuf *out, const struct mirror_address *a)
{
	struct json j;

	json_init(&j, out);
	kalipso_names_list(&j, a);
}

static void
modular_address(struct dialect_target *t, const struct mirror_address *a)
{
	static const struct kalipso_info info = { .asn_is_object = false };

	kalipso_address_info(t, a, &info);
	kalipso_address_names(t, a, put_names);
}

const struct dialect dialect_modular = {
	.name = "2020",
	.has_peers = true,
	.begin = modular_begin,
	.before_window = modular_before_window,
	.window = modular_window,
	.gone = kalipso_early_gone,
	.address = modular_address,
	.gone_address = kalipso_address_gone,
};
