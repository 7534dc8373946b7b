/*
 * sip.c -- SIP (RFC 3261) over UDP: who calls whom, and what comes of it.
 *
 * Recognised by its first line, on any port. Of each message the first line and the headers that Zeek's
 * log has are read, in their long and compact forms; bodies are not. Lines that continue another are left
 * out. One request waits for responses in a conversation: the last one; each response is a row.
 *
 * Bounds: SIP_TEXT_MAX of each text, SIP_PATHS_MAX hops.
 */
#include "daemon/proto/sip.h"
#include "daemon/proto/wire_text.h"

#include <assert.h>
#include <netinet/in.h>
#include <strings.h>

enum { METHOD_MAX = 16, LINES_MAX = 128 };

static const char version[] = "SIP/2.0";

struct header {
	const char *name;
	char compact; /* its one-letter form; 0: none */
	enum sip_text text;
};

static const struct header headers[] = {
	{ "Date", 0, SIP_DATE },
	{ "From", 'f', SIP_FROM },
	{ "To", 't', SIP_TO },
	{ "Reply-To", 0, SIP_REPLY_TO },
	{ "Call-ID", 'i', SIP_CALL_ID },
	{ "CSeq", 0, SIP_SEQ },
	{ "Subject", 's', SIP_SUBJECT },
	{ "User-Agent", 0, SIP_USER_AGENT },
	{ "Warning", 0, SIP_WARNING },
	{ "Content-Type", 'c', SIP_CONTENT_TYPE },
};

/* What there is of `bytes` is as `text` begins. */
static bool
may_begin_with(struct cursor bytes, const char *text, size_t size)
{
	size_t left = cursor_left(&bytes);
	size_t compared = left < size ? left : size;

	return compared == 0 || memcmp(bytes.at, text, compared) == 0;
}

static bool
is_upper(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

enum proto_guess
sip_looks_like(struct cursor bytes)
{
	static const char *const schemes[] = { "sip:", "sips:", "tel:", "urn:" };
	size_t letters = 0;

	if (may_begin_with(bytes, "SIP/2.0 ", 8))
		return cursor_left(&bytes) < 8 ? PROTO_PERHAPS : PROTO_YES;
	while (cursor_left(&bytes) > 0 && is_upper(*bytes.at) && letters <= METHOD_MAX) {
		(void)cursor_u8(&bytes);
		letters++;
	}
	if (letters > METHOD_MAX || (letters == 0 && cursor_left(&bytes) > 0))
		return PROTO_NO;
	if (cursor_left(&bytes) == 0)
		return PROTO_PERHAPS;
	if (cursor_u8(&bytes) != ' ')
		return PROTO_NO;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t size = strlen(schemes[i]);
		if (may_begin_with(bytes, schemes[i], size))
			return cursor_left(&bytes) < size ? PROTO_PERHAPS : PROTO_YES;
	}
	return PROTO_NO;
}

/* What is before `end`; `c` moves past it. All that is left when it does not come. */
static struct cursor
take_until(struct cursor *c, char end)
{
	size_t left = cursor_left(c);
	const uint8_t *at = left > 0 ? memchr(c->at, end, left) : NULL;

	if (at == NULL)
		return cursor_sub(c, left);
	struct cursor before = cursor_sub(c, (size_t)(at - c->at));
	(void)cursor_u8(c);
	return before;
}

static struct cursor
trim(struct cursor c)
{
	while (cursor_left(&c) > 0 && (*c.at == ' ' || *c.at == '\t'))
		(void)cursor_u8(&c);
	while (cursor_left(&c) > 0 &&
		(cursor_last(&c) == ' ' || cursor_last(&c) == '\t' || cursor_last(&c) == '\r'))
		cursor_drop_last(&c);
	return c;
}

static bool
is_name(struct cursor name, const char *text, char compact)
{
	size_t size = cursor_left(&name);

	if (size == 1)
		return compact != 0 && (name.at[0] | 0x20) == compact;
	return size == strlen(text) && strncasecmp((const char *)name.at, text, size) == 0;
}

/* A number in decimal; UINT32_MAX when it is none, or more than a datagram's. */
static uint32_t
number_of(struct cursor value)
{
	uint32_t n = 0;

	if (cursor_left(&value) == 0 || cursor_left(&value) > 9)
		return UINT32_MAX;
	while (cursor_left(&value) > 0) {
		uint8_t c = cursor_u8(&value);
		if (c < '0' || c > '9')
			return UINT32_MAX;
		n = n * 10 + (c - '0');
	}
	return n;
}

bool
sip_first_line(struct sip_message *m, struct cursor line)
{
	struct cursor c = trim(line);
	struct cursor first = take_until(&c, ' ');
	struct cursor second = take_until(&c, ' ');

	if (cursor_left(&first) == sizeof(version) - 1 &&
		may_begin_with(first, version, sizeof(version) - 1)) {
		uint32_t status = number_of(second);
		if (status < 100 || status > 999)
			return false;
		m->status = (uint16_t)status;
		(void)wire_text(m->text[SIP_STATUS_MSG], SIP_TEXT_MAX, c);
		return true;
	}
	if (cursor_left(&c) != sizeof(version) - 1 ||
		!may_begin_with(c, version, sizeof(version) - 1))
		return false;
	(void)wire_text(m->text[SIP_METHOD], SIP_TEXT_MAX, first);
	(void)wire_text(m->text[SIP_URI], SIP_TEXT_MAX, second);
	return true;
}

/* Where a text of a header's value ends: before its tag, or its branch. */
static struct cursor
value_before(struct cursor value, const char *parameter)
{
	size_t size = strlen(parameter);

	for (size_t at = 0; at + size <= cursor_left(&value); at++)
		if (memcmp(value.at + at, parameter, size) == 0)
			return cursor_sub(&value, at);
	return value;
}

void
sip_header(struct sip_message *m, struct cursor line)
{
	struct cursor c = line;
	struct cursor name = trim(take_until(&c, ':'));
	struct cursor value = trim(c);

	if (cursor_left(&line) == 0 || *line.at == ' ' || *line.at == '\t')
		return;
	if (is_name(name, "Via", 'v')) {
		if (m->path_count < SIP_PATHS_MAX)
			(void)wire_text(m->path[m->path_count++], SIP_TEXT_MAX,
				value_before(value, ";branch"));
		return;
	}
	if (is_name(name, "Content-Length", 'l')) {
		uint32_t bytes = number_of(value);
		m->has_body_bytes = bytes != UINT32_MAX;
		m->body_bytes = m->has_body_bytes ? bytes : 0;
		return;
	}
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		const struct header *h = &headers[i];
		if (is_name(name, h->name, h->compact))
			(void)wire_text(m->text[h->text], SIP_TEXT_MAX,
				h->text == SIP_FROM ? value_before(value, ";tag=") : value);
	}
}

/* ---- requests and their responses ---- */

static const char *
text_of(const struct sip_message *m, enum sip_text which)
{
	return m != NULL && m->text[which][0] != '\0' ? m->text[which] : NULL;
}

/* A text that either may have, the request first. */
static const char *
text_of_either(
	const struct sip_message *request, const struct sip_message *response, enum sip_text which)
{
	const char *text = text_of(request, which);

	return text != NULL ? text : text_of(response, which);
}

static struct text_list
path_of(const struct sip_message *m, const char *at[SIP_PATHS_MAX])
{
	struct text_list list = { at, 0 };

	for (; m != NULL && list.count < m->path_count; list.count++)
		at[list.count] = m->path[list.count];
	return list;
}

static uint64_t
body_of(const struct sip_message *m)
{
	return m != NULL && m->has_body_bytes ? m->body_bytes : TRANSACTION_UNSET;
}

/* Either may be NULL, not both. */
static void
tell(const struct proto_call *call, const struct sip_message *request,
	const struct sip_message *response)
{
	const char *request_path[SIP_PATHS_MAX];
	const char *response_path[SIP_PATHS_MAX];

	assert(request != NULL || response != NULL);
	const struct obs_sip sip = {
		.method = text_of(request, SIP_METHOD),
		.uri = text_of(request, SIP_URI),
		.date = text_of_either(request, response, SIP_DATE),
		.request_from = text_of(request, SIP_FROM),
		.request_to = text_of(request, SIP_TO),
		.response_from = text_of(response, SIP_FROM),
		.response_to = text_of(response, SIP_TO),
		.reply_to = text_of_either(request, response, SIP_REPLY_TO),
		.call_id = text_of_either(request, response, SIP_CALL_ID),
		.seq = text_of_either(request, response, SIP_SEQ),
		.subject = text_of_either(request, response, SIP_SUBJECT),
		.request_path = path_of(request, request_path),
		.response_path = path_of(response, response_path),
		.user_agent = text_of_either(request, response, SIP_USER_AGENT),
		.status_code = response != NULL ? response->status : TRANSACTION_UNSET,
		.status_msg = text_of(response, SIP_STATUS_MSG),
		.warning = text_of_either(response, request, SIP_WARNING),
		.request_body_len = body_of(request),
		.response_body_len = body_of(response),
		.content_type = text_of(response, SIP_CONTENT_TYPE),
	};

	call->emit(call->context,
		&(struct observation){ .kind = OBS_SIP,
			.ts_ns = call->ts_ns,
			.interface = call->interface,
			.began_ns = request != NULL ? request->began_ns : response->began_ns,
			.sip = &sip });
}

void
sip_dialog_end(struct proto_call *call, struct sip_dialog *dialog)
{
	if (dialog->has_request && !dialog->is_answered)
		tell(call, &dialog->request, NULL);
	dialog->has_request = false;
}

/* Is it the request that waits, sent again? */
static bool
is_repeated(const struct sip_dialog *dialog, const struct sip_message *m)
{
	static const enum sip_text same[] = { SIP_METHOD, SIP_CALL_ID, SIP_SEQ };

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (strcmp(dialog->request.text[same[i]], m->text[same[i]]) != 0)
			return false;
	return dialog->has_request;
}

void
sip_message_done(struct proto_call *call, struct sip_dialog *dialog, const struct sip_message *m)
{
	if (strcmp(m->text[SIP_METHOD], "ACK") == 0 || (m->status == 0 && is_repeated(dialog, m)))
		return; /* nobody answers an ACK */
	if (m->status != 0) {
		dialog->is_answered = true;
		tell(call, dialog->has_request ? &dialog->request : NULL, m);
		return;
	}
	sip_dialog_end(call, dialog);
	dialog->has_request = true;
	dialog->is_answered = false;
	dialog->request = *m;
}

/* ---- datagrams ---- */

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	(void)call;
	return sip_looks_like(first_bytes) == PROTO_YES ? PROTO_YES : PROTO_NO;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct sip_message m = { .began_ns = call->ts_ns };

	if (!sip_first_line(&m, take_until(&bytes, '\n')))
		return PROTO_MORE; /* two line ends that keep the way open, or something else */
	for (unsigned i = 0; i < LINES_MAX && cursor_left(&bytes) > 0; i++) {
		struct cursor line = take_until(&bytes, '\n');
		struct cursor text = trim(line);
		if (cursor_left(&text) == 0)
			break;
		sip_header(&m, line);
	}
	sip_message_done(call, call->state, &m);
	return PROTO_MORE;
}

static void
end(struct proto_call *call)
{
	sip_dialog_end(call, call->state);
}

const struct protocol protocol_sip = {
	.name = "sip",
	.ip_proto = IPPROTO_UDP,
	.state_size = sizeof(struct sip_dialog),
	.begins = PROTO_BEGINS({ 'A', 'Z' }),
	.looks_like = looks_like,
	.parse = parse,
	.end = end,
};
