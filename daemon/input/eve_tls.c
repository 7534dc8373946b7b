/*
 * eve_tls.c -- EVE's tls event: a handshake, and the server's certificate if it was seen.
 *
 * Zeek's words, which ours are, from Suricata's: "TLS 1.2", names from the country down, serial numbers and
 * fingerprints with colons, times without a zone.
 */
#include "daemon/input/eve.h"
#include "daemon/observation.h"
#include "daemon/transactions/tls.h"
#include "daemon/transactions/x509.h"

#include <ctype.h>
#include <string.h>

enum { NAME_PARTS_MAX = 32 };

struct eve_tls {
	struct text_list server_alpns;
	struct text_list alternative_names;
};

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXTS(struct eve_tls, server_alpns, "tls.server_alpns", ""),
	FIELD_ROW_TEXTS(struct eve_tls, alternative_names, "tls.subjectaltname", ""),
	FIELD_END,
};

static const struct transaction_alias columns[] = {
	{ "tls.subject", "subject" },
	{ "tls.issuerdn", "issuer" },
	{ "tls.serial", "serial" },
	{ "tls.fingerprint", "sha1" },
	{ "tls.sni", "server_name" },
	{ "tls.version", "version" },
	{ "tls.notbefore", "not_valid_before" },
	{ "tls.notafter", "not_valid_after" },
	{ "tls.session_resumed", "resumed" },
	{ "tls.ja3.hash", "ja3" },
	{ "tls.ja3s.hash", "ja3s" },
	{ "tls.ja4", "ja4" },
	{ "tls.client_alpns", "client_alpns" },
	{ "naiad.validation_status", "validation_status" },
	{ "naiad.sni_matches_cert", "sni_matches_cert" },
	{ NULL, NULL },
};

static const char *
version_of(const char *suricatas)
{
	static const char *const names[][2] = {
		{ "TLSv1", "TLSv10" },
		{ "TLS 1.1", "TLSv11" },
		{ "TLS 1.2", "TLSv12" },
		{ "TLS 1.3", "TLSv13" },
		{ "UNDETERMINED", NULL },
	};

	for (size_t i = 0; suricatas != NULL && i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(suricatas, names[i][0]) == 0)
			return names[i][1];
	return suricatas;
}

/* Digits without the colons between them. */
static const char *
digits_of(struct input_stream *s, const char *text)
{
	char *out = text == NULL ? NULL : eve_text(s, strlen(text) + 1);
	size_t length = 0;

	if (out == NULL)
		return NULL;
	for (; *text != '\0'; text++)
		if (*text != ':')
			out[length++] = *text;
	out[length] = '\0';
	return out;
}

/* Does a part of a name, "O=Example", begin here? A comma inside a value is not always escaped. */
static bool
is_part(const char *text)
{
	size_t length = 0;

	while (isalnum((unsigned char)text[length]) || text[length] == '.')
		length++;
	return length > 0 && text[length] == '=';
}

/* Where the next part begins, behind ", "; or the end. */
static const char *
next_part(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\\' && text[1] != '\0')
			text++;
		else if (text[0] == ',' && text[1] == ' ' && is_part(text + 2))
			return text + 2;
	}
	return text;
}

/* The parts the other way round: "CN=www.example.org,O=Example,C=CZ" (RFC 2253). */
static const char *
name_of(struct input_stream *s, const char *text)
{
	const char *begins[NAME_PARTS_MAX + 1] = { text };
	size_t count = 0;
	char *out = text == NULL ? NULL : eve_text(s, strlen(text) + 1);
	size_t length = 0;

	if (out == NULL)
		return NULL;
	while (count < NAME_PARTS_MAX && *begins[count] != '\0') {
		begins[count + 1] = next_part(begins[count]);
		count++;
	}
	for (size_t i = count; i-- > 0;) {
		bool is_last = *begins[i + 1] == '\0';
		size_t size = (size_t)(begins[i + 1] - begins[i]) - (is_last ? 0 : 2);
		memcpy(out + length, begins[i], size);
		length += size;
		if (i > 0)
			out[length++] = ',';
	}
	out[length] = '\0';
	return out;
}

static void
also_certificate(struct input_stream *s, const struct eve_tls *v, const struct obs_tls *t)
{
	struct input_item *item = eve_also(s, 1, &transaction_x509);
	struct obs_x509 *x = (void *)item->said.room.said;

	x->subject = t->subject;
	x->issuer = t->issuer;
	x->serial = t->serial;
	x->sha1 = t->sha1;
	x->not_before_ns = t->not_before_ns;
	x->not_after_ns = t->not_after_ns;
	x->names = v->alternative_names;
	x->is_host = TRUTH_YES;
	x->is_client = TRUTH_NO;
}

static int
tell_tls(struct input_stream *s)
{
	const struct eve_tls *v = eve_beside(s);
	struct obs_tls *t = eve_said(s);
	int r;

	t->version = version_of(t->version);
	t->subject = name_of(s, t->subject);
	t->issuer = name_of(s, t->issuer);
	t->serial = digits_of(s, t->serial);
	t->sha1 = digits_of(s, t->sha1);
	if (v->server_alpns.count > 0)
		t->next_protocol = v->server_alpns.at[0];
	r = eve_tell(s);
	if (r < 0 || t->subject == NULL)
		return r;
	also_certificate(s, v, t);
	return 2;
}

const struct eve_reader eve_reader_tls = {
	.type = "tls",
	.said = &transaction_tls,
	.columns = columns,
	.beside = fields,
	.beside_size = sizeof(struct eve_tls),
	.tell = tell_tls,
};
