/*
 * eve_tls.c -- EVE's tls event.
 *
 * Suricata's words where Zeek's are in the transaction: "TLS 1.2", names from the country down, serial numbers and
 * fingerprints with colons, times without a zone.
 */
#include "daemon/base/time_text.h"
#include "daemon/transactions/tls.h"
#include "exporters/eve_event.h"
#include "exporters/eve_json.h"

#include <string.h>

enum { TEXT_MAX = 1024, SECONDS_LENGTH = 19 /* of "2026-11-24T02:00:00" */ };

static const char *
version_of(const char *zeeks)
{
	static const char *const names[][2] = {
		{ "TLSv10", "TLSv1" },
		{ "TLSv11", "TLS 1.1" },
		{ "TLSv12", "TLS 1.2" },
		{ "TLSv13", "TLS 1.3" },
	};

	if (zeeks == NULL)
		return "UNDETERMINED";
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(zeeks, names[i][0]) == 0)
			return names[i][1];
	return zeeks;
}

/* Where in a name of RFC 2253 the last part before `end` begins. */
static const char *
last_part(const char *text, const char *end)
{
	const char *begin = text;

	for (const char *c = text; c < end; c++) {
		if (*c == '\\' && c + 1 < end)
			c++;
		else if (*c == ',')
			begin = c + 1;
	}
	return begin;
}

/* The parts the other way round: "C=CZ, O=Example, CN=www.example.org". */
static void
key_name(struct json *j, const char *key, const char *text)
{
	char memory[TEXT_MAX];
	struct strbuf out;

	if (text == NULL)
		return;
	strbuf_init(&out, memory, sizeof(memory));
	for (const char *end = text + strlen(text); end > text;) {
		const char *begin = last_part(text, end);
		strbuf_text(&out, out.length > 0 ? ", " : "");
		strbuf_bytes(&out, begin, (size_t)(end - begin));
		end = begin > text ? begin - 1 : text;
	}
	json_key_text(j, key, out.text);
}

/* Digits by twos, with colons. */
static void
key_digits(struct json *j, const char *key, const char *digits)
{
	char memory[TEXT_MAX];
	struct strbuf out;

	if (digits == NULL)
		return;
	strbuf_init(&out, memory, sizeof(memory));
	for (size_t i = 0; digits[i] != '\0'; i++) {
		if (i > 0 && i % 2 == 0)
			strbuf_char(&out, ':');
		strbuf_char(&out, digits[i]);
	}
	json_key_text(j, key, out.text);
}

static void
key_seconds(struct json *j, const char *key, uint64_t ns)
{
	char memory[48];
	struct strbuf out;

	if (ns == 0)
		return;
	strbuf_init(&out, memory, sizeof(memory));
	time_text_iso(&out, ns, "");
	json_key(j, key);
	json_bytes(j, out.text, SECONDS_LENGTH);
}

static void
key_hash(struct json *j, const char *key, const char *hash)
{
	if (hash == NULL)
		return;
	json_key(j, key);
	json_object_begin(j);
	json_key_text(j, "hash", hash);
	json_object_end(j);
}

static void
write_tls(struct json *j, const struct observation *o)
{
	const struct obs_tls *t = o->tls;
	const struct text_list chosen = { &t->next_protocol, t->next_protocol != NULL };

	key_name(j, "subject", t->subject);
	key_name(j, "issuerdn", t->issuer);
	key_digits(j, "serial", t->serial);
	key_digits(j, "fingerprint", t->sha1);
	eve_key_text(j, "sni", t->server_name);
	json_key_text(j, "version", version_of(t->version));
	key_seconds(j, "notbefore", t->not_before_ns);
	key_seconds(j, "notafter", t->not_after_ns);
	if (t->resumed == TRUTH_YES)
		json_key_bool(j, "session_resumed", true);
	key_hash(j, "ja3", t->ja3);
	key_hash(j, "ja3s", t->ja3s);
	eve_key_text(j, "ja4", t->ja4);
	eve_key_texts(j, "client_alpns", &t->offered_protocols);
	eve_key_texts(j, "server_alpns", &chosen);
}

static void
write_own(struct json *j, const struct observation *o)
{
	eve_key_text(j, "validation_status", o->tls->validation);
	if (o->tls->name_matches != TRUTH_UNKNOWN)
		json_key_bool(j, "sni_matches_cert", o->tls->name_matches == TRUTH_YES);
}

const struct eve_event eve_event_tls = {
	.kind = OBS_TLS,
	.type = "tls",
	.write = write_tls,
	.write_own = write_own,
};
