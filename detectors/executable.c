/*
 * executable -- a program was fetched from the Internet, in clear.
 *
 * Programs are told by their content, not by what their sender calls them; "application/octet-stream" is anything
 * and tells nothing. Many are fetched for good reasons: that is a low level, once a server, and one of the oddities
 * that may converge on it.
 *
 * Droppers stand out by two things together. The address hides what it leads to: no ending of a program, as in
 * "/wp-content/o0zEZ17669/" or "/t6yswb.pdf". And whoever asks names no user agent, as scripts do and programs that
 * were written in a hurry: browsers, updaters and package managers all have one. Such a download is decisive (`convict`).
 *
 * Bounds: the window's peers; MAX_HIDDEN servers of hidden programs.
 *
 * Not told apart: an updater without a user agent that asks for its program by number. Not seen: what is fetched
 * by TLS, what is packed or encrypted, and the rest of a file that does not begin with what makes it a program.
 *
 * Source: detections §1.5, A39 (the server's finding is not to its account).
 */
#include "detectors/detector.h"

#include "daemon/base/strbuf.h"
#include "daemon/base/web_address.h"
#include "daemon/transactions/http.h"

enum { MAX_HIDDEN = 64, SIZE_TEXT_MAX = 32 };

#define GIB (UINT64_C(1) << 30)

struct config {
	uint64_t min_bytes;
	bool convict;
};

static const struct config_item config_items[] = {
	CONFIG_SIZE(struct config, min_bytes, 0, GIB, 97,
		"Smallest body that is taken for a program; Windows starts none below 97 bytes."),
	CONFIG_BOOL(struct config, convict, true,
		"Whether a program whose address hides it, fetched without a user agent, raises an alert alone."),
	CONFIG_END,
};

static const struct evidence_kind program = {
	.name = "EXECUTABLE_MIME_TYPE",
	.signature_id = 5200200,
	.technique = "T1105",
	.unit = "programs",
	.title = "Download of a program",
	.may_convict = true,
	.aspect = ASPECT_CONTENT,
};

struct state {
	struct addr_set hidden; /* servers that gave one that was hidden */
	uint8_t told;           /* of the others */
};

/* A type of content that is a program's, by those who tell types: ourselves, Zeek. */
static bool
is_program(const char *mime_type)
{
	static const char prefix[] = "application/x-";
	static const char *const types[] = { "dosexec", "executable", "mach-o-executable",
		"sharedlib", "pie-executable", "msdownload", "ms-dos-executable", "ms-exe", "exe",
		"winexe", NULL };

	if (strncmp(mime_type, prefix, sizeof(prefix) - 1) != 0)
		return false;
	for (const char *const *type = types; *type != NULL; type++)
		if (strcmp(mime_type + sizeof(prefix) - 1, *type) == 0)
			return true;
	return false;
}

/* Could nobody tell from the address that it leads to a program? */
static bool
hides(const char *uri)
{
	static const char *const endings[] = { "exe", "msi", "dll", "com", "scr", "sys", "cab",
		"ocx", "cpl", "drv", "efi", "elf", "so", "ko", "bin", "run", "dylib", NULL };

	return uri != NULL && !web_path_ends_in(uri, endings);
}

static bool
has_user_agent(const struct obs_http *http)
{
	return http->user_agent != NULL && http->user_agent[0] != '\0';
}

static const char *
size_text(uint64_t bytes, char ret_text[SIZE_TEXT_MAX])
{
	struct strbuf b;

	strbuf_init(&b, ret_text, SIZE_TEXT_MAX);
	if (bytes != TRANSACTION_UNSET) {
		strbuf_text(&b, " of ");
		strbuf_u64(&b, bytes);
		strbuf_text(&b, " bytes");
	}
	return ret_text;
}

static void
report(struct detect *d, const struct observation *o, enum threat threat, bool is_hidden)
{
	const struct config *cfg = d->config;
	const struct obs_http *http = o->http;
	const struct obs_talk *talk = o->talk;
	char url[WEB_ADDRESS_TEXT_MAX];
	char size[SIZE_TEXT_MAX];
	char peer[ADDR_TEXT_MAX];
	char host[ADDR_TEXT_MAX];
	struct finding finding = {
		.kind = &program,
		.threat = threat,
		.confidence = 0.9,
		.role = EVIDENCE_ATTACKER,
		.decisive = is_hidden && cfg->convict,
		.about = &talk->resp,
		.port = talk->resp_port,
		.ip_proto = talk->ip_proto,
		.observed = 1,
		.threshold = 1,
		.object = addr_format(&talk->resp, peer),
		.uids = &talk->uid,
		.uid_count = 1,
	};

	evidence_raise(d, &finding, "fetched a program%s from %s%s: \"%s\"",
		size_text(http->response_body_len, size), peer,
		is_hidden ? ", hidden and without a user agent" : "",
		web_address_text(http->host, http->uri, url));
	finding.role = EVIDENCE_VICTIM;
	finding.decisive = false;
	finding.object = addr_format(d->host, host);
	evidence_raise_twin(d, &finding, "gave a program%s to %s: \"%s\"", size, host, url);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct text_list *types = &o->http->resp_mime_types;

	return o->role == ROLE_CLIENT && types->count > 0 && is_program(types->at[0]) &&
	       is_on_internet(site, &o->talk->resp);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	struct state *s = d->window_state;
	const struct addr *server = &o->talk->resp;

	if (o->http->response_body_len < cfg->min_bytes)
		return;
	if (hides(o->http->uri) && !has_user_agent(o->http)) {
		if (addr_set_add(&s->hidden, d->memory, server, MAX_HIDDEN))
			report(d, o, THREAT_HIGH, /* is_hidden= */ true);
	} else if (detect_first_of_peer(d, server)) {
		report(d, o, weak_level(&s->told, THREAT_LOW), /* is_hidden= */ false);
	}
}

const struct detector detector_executable = {
	.name = "executable",
	.summary = "A program was fetched from the Internet, in clear.",
	.subscribes = OBS_BIT(OBS_HTTP),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &program, NULL },
	.wants = wants,
	.observe = observe,
};
