/*
 * dialect_talk -- the Kalipso of the first talk (2019 to June 2020): what it reads is in kalipso.md, columns "talk".
 *
 * It knows one database only, so what is known of addresses is beside the data. A timeline is a list, in which
 * what HTTP said is an entry of its own.
 */
#include "exporters/kalipso/dialect.h"
#include "exporters/kalipso/kalipso_address.h"
#include "exporters/kalipso/kalipso_early.h"
#include "exporters/kalipso/kalipso_text.h"
#include "exporters/kalipso/kalipso_window.h"
#include "exporters/timeline_json.h"

static void
talk_begin(struct dialect_target *t)
{
	kalipso_own(t, true);
}

static void
talk_window(struct dialect_target *t, const struct mirror_window *w)
{
	static const struct kalipso_lines lines = {
		.command = "RPUSH", .put = timeline_json_talk, .put_more = timeline_json_talk_http
	};

	kalipso_early_window(t, w, &lines);
}

/* Slips kept the last one, bare. */
static void
put_name(struct strbuf *out, const struct mirror_address *a)
{
	for (size_t i = 0; i < a->name_count; i++)
		if (a->names[i].is_dns) {
			kalipso_put(out, a->names[i].text);
			return;
		}
}

static void
talk_address(struct dialect_target *t, const struct mirror_address *a)
{
	static const struct kalipso_info info = { .asn_is_object = false };

	kalipso_address_info(t, a, &info);
	kalipso_address_names(t, a, put_name);
}

const struct dialect dialect_talk = {
	.name = "talk",
	.begin = talk_begin,
	.before_window = kalipso_profile_info,
	.window = talk_window,
	.gone = kalipso_early_gone,
	.address = talk_address,
	.gone_address = kalipso_address_gone,
};
