#include "tests/support/report_rig.h"

#include "daemon/base/utf8.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 64, TAG_MAX = 32 };

static struct report_rig *
rig_of(const struct source *s)
{
	return s->state;
}

static bool
can(const struct source *s, enum source_ability a)
{
	return a != SOURCE_HAS_FLOWS || rig_of(s)->flows != NULL;
}

static size_t
profiles(struct source *s, struct arena *m, const struct source_profile **ret)
{
	(void)m;
	*ret = rig_of(s)->profiles;
	return rig_of(s)->profile_count;
}

static bool
is_first(const struct source *s, const struct source_window_id *w)
{
	return strcmp(w->host, rig_of(s)->profiles[0].host) == 0;
}

static size_t
entry_count(struct source *s, const struct source_window_id *w)
{
	return is_first(s, w) ? rig_of(s)->entry_count : 0;
}

static size_t
entries(struct source *s, const struct source_window_id *w, size_t from, size_t most,
	struct arena *m, const struct source_entry **ret)
{
	size_t count = entry_count(s, w);

	(void)m;
	*ret = rig_of(s)->entries + from;
	count = from < count ? count - from : 0;
	return count < most ? count : most;
}

static size_t
evidences(struct source *s, const struct source_window_id *w, bool one_window, struct arena *m,
	const struct source_evidence **ret)
{
	(void)w;
	(void)one_window;
	(void)m;
	if (rig_of(s)->trouble != NULL)
		source_fail(s, "%s", rig_of(s)->trouble);
	*ret = rig_of(s)->evidence;
	return rig_of(s)->evidence_count;
}

static size_t
alerts(struct source *s, struct arena *m, const struct source_alert **ret)
{
	(void)m;
	*ret = rig_of(s)->alerts;
	return rig_of(s)->alert_count;
}

static size_t
tuples(struct source *s, const struct source_window_id *w, bool out, struct arena *m,
	const struct source_tuple **ret)
{
	(void)m;
	*ret = rig_of(s)->tuples;
	return out && is_first(s, w) ? rig_of(s)->tuple_count : 0;
}

static size_t
flows(struct source *s, const struct source_window_id *w, const char *const *uids, size_t uid_count,
	size_t most, struct arena *m, const struct source_flow **ret)
{
	size_t count = is_first(s, w) ? rig_of(s)->flow_count : 0;

	if (rig_of(s)->mute_window != 0 && w->number == rig_of(s)->mute_window) {
		source_fail(s, "no word of window %d", (int)w->number);
		return 0;
	}
	(void)uids;
	(void)uid_count;
	(void)m;
	*ret = rig_of(s)->flows;
	return count < most ? count : most;
}

static size_t
devices(struct source *s, struct arena *m, const struct source_device **ret)
{
	(void)m;
	*ret = rig_of(s)->devices;
	return rig_of(s)->device_count;
}

static size_t
losses(struct source *s, struct arena *m, const struct source_loss **ret)
{
	(void)m;
	*ret = rig_of(s)->losses;
	return rig_of(s)->loss_count;
}

static size_t
loss_spans(struct source *s, struct arena *m, const struct source_loss_span **ret)
{
	(void)m;
	*ret = rig_of(s)->loss_spans;
	return rig_of(s)->loss_span_count;
}

static bool
address(struct source *s, const char *asked, struct arena *m, struct source_address *ret)
{
	(void)asked;
	(void)m;
	if (rig_of(s)->address == NULL)
		return false;
	*ret = *rig_of(s)->address;
	return true;
}

static bool
run(struct source *s, struct arena *m, struct source_run *ret)
{
	(void)m;
	if (rig_of(s)->run == NULL)
		return false;
	*ret = *rig_of(s)->run;
	return true;
}

void
report_rig_init(struct report_rig *rig)
{
	static const struct source_kind kind = {
		.can = can,
		.profiles = profiles,
		.entry_count = entry_count,
		.entries = entries,
		.evidences = evidences,
		.alerts = alerts,
		.tuples = tuples,
		.flows = flows,
		.devices = devices,
		.losses = losses,
		.loss_spans = loss_spans,
		.address = address,
		.run = run,
	};

	*rig = (struct report_rig){ .source = { .kind = &kind, .state = rig, .name = "case" } };
}

struct source_evidence
report_rig_evidence(const char *host, const char *kind)
{
	return (struct source_evidence){
		.id = "",
		.window = { .host = host, .number = 1 },
		.ts_ns = UINT64_C(1795507047) * 1000000000,
		.kind = kind,
		.title = "",
		.threat = "high",
		.confidence = 0.5,
		.text = "",
		.about = "",
		.about_place = "",
		.port = "",
		.technique = "",
		.detector = "",
		.role = "attacker",
		.source = "",
		.twin = "",
		.silenced_by = "",
		.unit = "",
		.counted = true,
	};
}

/* What stands between two '<': no '&' but those of references, and no character that XML does not know. */
static const char *
text_end(const char *at)
{
	static const char *const references[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#39;" };

	while (*at != '\0' && *at != '<') {
		size_t length = utf8_sequence(at, strlen(at));
		bool is_known = *at != '&';

		for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++)
			is_known |= strncmp(at, references[i], strlen(references[i])) == 0;
		if (!is_known || length == 0 || ((unsigned char)*at < 0x20 && *at != '\n') ||
			*at == '>' || strncmp(at, "\xef\xbf\xbf", 3) == 0)
			return NULL;
		at += length;
	}
	return at;
}

/* One element's name and attributes. returns its '>', NULL when it is none */
static const char *
tag_end(const char *at, char ret_name[TAG_MAX])
{
	size_t length = 0;

	while (isalnum((unsigned char)*at) && length + 1 < TAG_MAX)
		ret_name[length++] = *at++;
	ret_name[length] = '\0';
	while (*at == ' ') {
		at++;
		if (!isalpha((unsigned char)*at))
			return NULL;
		at += strcspn(at, "=<>\"' ");
		if (*at != '=' || at[1] != '"')
			return NULL;
		at += 2;
		at += strcspn(at, "\"<&");
		if (*at != '"')
			return NULL;
		at++;
	}
	if (*at == '/')
		at++;
	return length > 0 && *at == '>' ? at : NULL;
}

/* CSS is no markup: it has '>' within. */
static const char *
skip_style(const char *at, const char *name)
{
	return strcmp(name, "style") == 0 ? at + strcspn(at, "<&") : at;
}

static const char *
walk(const char *at)
{
	char open[DEPTH_MAX][TAG_MAX];
	size_t depth = 0;

	while (*at != '\0') {
		char name[TAG_MAX];
		const char *begin = at;
		const char *end = NULL;

		if (*at != '<') {
			end = text_end(at);
			if (end == NULL)
				return at;
			at = end;
			continue;
		}
		bool is_close = at[1] == '/';
		end = tag_end(at + (is_close ? 2 : 1), name);
		if (end == NULL)
			return begin;
		at = end + 1;
		if (is_close) {
			if (depth == 0 || strcmp(open[--depth], name) != 0)
				return begin;
		} else if (end[-1] != '/') {
			if (depth == DEPTH_MAX)
				return begin;
			(void)snprintf(open[depth++], TAG_MAX, "%s", name);
			at = skip_style(at, name);
		}
	}
	return depth == 0 ? NULL : at;
}

bool
report_rig_is_xml(const char *text)
{
	static const char doctype[] = "<!DOCTYPE html>\n";
	const char *at =
		strncmp(text, doctype, strlen(doctype)) == 0 ? text + strlen(doctype) : text;
	const char *wrong = walk(at);

	if (wrong != NULL)
		(void)fprintf(stderr, "not well-formed: ...%.60s\n", wrong);
	return wrong == NULL;
}

size_t
report_rig_count(const char *text, const char *part)
{
	size_t count = 0;

	for (const char *at = strstr(text, part); at != NULL; at = strstr(at + strlen(part), part))
		count++;
	return count;
}
