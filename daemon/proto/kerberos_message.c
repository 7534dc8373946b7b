#include "daemon/proto/kerberos_message.h"

#include "daemon/base/strbuf.h"
#include "daemon/proto/ber.h"
#include "daemon/proto/wire_text.h"

#include <string.h>

enum {
	VERSION = 5,
	HEAD_MIN = 14, /* enough for a tag and its length, a sequence and its, the version */
	NAME_PARTS_MAX = 8,
	TIME_DIGITS = 14, /* "20370913024805Z" */
	HOURS_PER_DAY = 24,
};

#define NS_PER_S UINT64_C(1000000000)

static bool
is_type(uint8_t tag)
{
	switch (tag - BER_APPLICATION) {
	case KERBEROS_AS_REQ:
	case KERBEROS_AS_REP:
	case KERBEROS_TGS_REQ:
	case KERBEROS_TGS_REP:
	case KERBEROS_ERROR:
		return true;
	default:
		return false;
	}
}

uint32_t
kerberos_message_size(struct cursor first_bytes)
{
	struct cursor c = first_bytes;
	size_t there = cursor_left(&c);
	struct ber outer;
	struct ber inner;
	struct ber field;
	struct ber version;

	if (there > 0 && !is_type(*first_bytes.at))
		return UINT32_MAX;
	if (there < HEAD_MIN)
		return 0;
	if (!ber_read(&c, &outer))
		return UINT32_MAX;
	uint32_t head = (uint32_t)(outer.value.at - first_bytes.at);
	/* A request counts its fields from 1, the others from 0. */
	struct cursor fields;
	bool is_ours = ber_read_tag(&outer.value, BER_SEQUENCE, &inner);
	fields = inner.value;
	is_ours = is_ours && ber_read(&fields, &field) &&
		  (field.tag == BER_CONTEXT || field.tag == BER_CONTEXT + 1) &&
		  ber_read_tag(&field.value, BER_INTEGER, &version) &&
		  ber_number(&version) == VERSION && outer.size < UINT32_MAX - head;
	return is_ours ? outer.size + head : UINT32_MAX;
}

/* Append a principal's parts, with a slash between them. */
static void
name_write(struct strbuf *out, struct cursor c)
{
	struct ber name;
	struct ber field;
	struct ber parts;
	struct ber part;
	char text[KERBEROS_NAME_MAX];

	if (!ber_read_tag(&c, BER_SEQUENCE, &name) ||
		!ber_read_tag(&name.value, BER_CONTEXT, &field) || /* its type */
		!ber_read_tag(&name.value, BER_CONTEXT + 1, &field) ||
		!ber_read_tag(&field.value, BER_SEQUENCE, &parts))
		return;
	for (unsigned i = 0; i < NAME_PARTS_MAX && ber_read(&parts.value, &part); i++) {
		if (i > 0)
			strbuf_char(out, '/');
		(void)wire_text(text, sizeof(text), part.value);
		strbuf_text(out, text);
	}
}

static void
name_read(struct cursor c, char *ret_text)
{
	struct strbuf out;

	strbuf_init(&out, ret_text, KERBEROS_NAME_MAX);
	name_write(&out, c);
}

/* A client's name and realm, whichever of them is there. */
static void
client_read(struct cursor name, struct cursor realm, char *ret_text)
{
	struct strbuf out;
	struct ber text;
	char realm_text[KERBEROS_NAME_MAX];

	strbuf_init(&out, ret_text, KERBEROS_NAME_MAX);
	name_write(&out, name);
	if (!ber_read(&realm, &text))
		return;
	(void)wire_text(realm_text, sizeof(realm_text), text.value);
	strbuf_char(&out, '/');
	strbuf_text(&out, realm_text);
}

static uint32_t
digits(struct cursor *c, unsigned count)
{
	uint32_t value = 0;

	while (count-- > 0)
		value = value * 10 + (uint32_t)(cursor_u8(c) - '0');
	return value;
}

/* Days from 1970 on, by years that begin in March: the leap day is their last. */
static uint32_t
days_to(uint32_t year, uint32_t month, uint32_t day)
{
	year -= month <= 2;
	uint32_t months = (month + 9) % 12;

	return year * 365 + year / 4 - year / 100 + year / 400 + (153 * months + 2) / 5 + day - 1 -
	       719468;
}

/* KerberosTime; 0 for what is none, or before 1970 */
static uint64_t
time_read(struct cursor c)
{
	struct ber text;

	if (!ber_read(&c, &text) || cursor_left(&text.value) <= TIME_DIGITS)
		return 0;
	for (unsigned i = 0; i < TIME_DIGITS; i++)
		if (text.value.at[i] < '0' || text.value.at[i] > '9')
			return 0;
	uint32_t year = digits(&text.value, 4);
	uint32_t month = digits(&text.value, 2);
	uint32_t day = digits(&text.value, 2);
	uint32_t hour = digits(&text.value, 2);
	uint32_t minute = digits(&text.value, 2);
	uint32_t second = digits(&text.value, 2);
	if (year < 1970 || year > 2500 || month < 1 || month > 12 || day < 1 || day > 31)
		return 0;
	uint64_t hours = (uint64_t)days_to(year, month, day) * HOURS_PER_DAY + hour;
	return ((hours * 60 + minute) * 60 + second) * NS_PER_S;
}

static uint32_t
options_read(struct cursor c)
{
	struct ber bits;

	if (!ber_read_tag(&c, BER_BIT_STRING, &bits))
		return 0;
	(void)cursor_u8(&bits.value); /* bits of the last byte that are not used */
	return cursor_be32(&bits.value);
}

static void
request_body_read(struct cursor c, struct kerberos_message *m)
{
	struct ber body;
	struct ber field;
	struct cursor name = { .short_read = true };
	struct cursor realm = { .short_read = true };

	if (!ber_read_tag(&c, BER_SEQUENCE, &body))
		return;
	while (ber_read(&body.value, &field))
		switch (field.tag) {
		case BER_CONTEXT:
			m->options = options_read(field.value);
			break;
		case BER_CONTEXT + 1:
			name = field.value;
			break;
		case BER_CONTEXT + 2:
			realm = field.value;
			break;
		case BER_CONTEXT + 3:
			name_read(field.value, m->service);
			break;
		case BER_CONTEXT + 4:
			m->from_ns = time_read(field.value);
			break;
		case BER_CONTEXT + 5:
			m->till_ns = time_read(field.value);
			break;
		default:
			break;
		}
	/* For a ticket of another service, the client is named in what is encrypted. */
	if (m->type == KERBEROS_AS_REQ)
		client_read(name, realm, m->client);
}

static void
request_read(struct cursor fields, struct kerberos_message *m)
{
	struct ber field;

	while (ber_read(&fields, &field))
		if (field.tag == BER_CONTEXT + 4)
			request_body_read(field.value, m);
}

static void
encrypted_read(struct cursor c, struct kerberos_message *m)
{
	struct ber data;
	struct ber field;
	struct ber number;

	if (ber_read_tag(&c, BER_SEQUENCE, &data) &&
		ber_read_tag(&data.value, BER_CONTEXT, &field) &&
		ber_read_tag(&field.value, BER_INTEGER, &number))
		m->cipher = ber_number(&number);
}

/* Ticket: application 1, a sequence of version, realm, service, what is encrypted */
static void
ticket_read(struct cursor c, struct kerberos_message *m)
{
	struct ber ticket;
	struct ber fields;
	struct ber field;

	if (!ber_read_tag(&c, BER_APPLICATION + 1, &ticket) ||
		!ber_read_tag(&ticket.value, BER_SEQUENCE, &fields))
		return;
	while (ber_read(&fields.value, &field))
		if (field.tag == BER_CONTEXT + 2)
			name_read(field.value, m->service);
		else if (field.tag == BER_CONTEXT + 3)
			encrypted_read(field.value, m);
}

static void
reply_read(struct cursor fields, struct kerberos_message *m)
{
	struct ber field;
	struct cursor realm = { .short_read = true };

	while (ber_read(&fields, &field))
		switch (field.tag) {
		case BER_CONTEXT + 3:
			realm = field.value;
			break;
		case BER_CONTEXT + 4:
			client_read(field.value, realm, m->client);
			break;
		case BER_CONTEXT + 5:
			ticket_read(field.value, m);
			break;
		default:
			break;
		}
}

static void
error_read(struct cursor fields, struct kerberos_message *m)
{
	struct ber field;
	struct ber value;
	struct cursor realm = { .short_read = true };

	while (ber_read(&fields, &field))
		switch (field.tag) {
		case BER_CONTEXT + 7:
			realm = field.value;
			break;
		case BER_CONTEXT + 8:
			client_read(field.value, realm, m->client);
			break;
		case BER_CONTEXT + 6:
			if (ber_read_tag(&field.value, BER_INTEGER, &value))
				m->error = ber_number(&value);
			break;
		case BER_CONTEXT + 10:
			name_read(field.value, m->service);
			break;
		case BER_CONTEXT + 11:
			if (ber_read(&field.value, &value))
				(void)wire_text(m->error_text, sizeof(m->error_text), value.value);
			break;
		default:
			break;
		}
}

void
kerberos_message_read(struct cursor message, struct kerberos_message *ret_message)
{
	struct ber outer;
	struct ber inner;

	memset(ret_message, 0, sizeof(*ret_message));
	if (!ber_read(&message, &outer) || !is_type(outer.tag) ||
		!ber_read_tag(&outer.value, BER_SEQUENCE, &inner))
		return;
	ret_message->type = (enum kerberos_type)(outer.tag - BER_APPLICATION);
	switch (ret_message->type) {
	case KERBEROS_AS_REQ:
	case KERBEROS_TGS_REQ:
		request_read(inner.value, ret_message);
		break;
	case KERBEROS_AS_REP:
	case KERBEROS_TGS_REP:
		reply_read(inner.value, ret_message);
		break;
	case KERBEROS_ERROR:
		error_read(inner.value, ret_message);
		break;
	case KERBEROS_NONE:
		break;
	}
}

struct number_name {
	int32_t number;
	const char *name;
};

static const char *
name_of(const struct number_name *names, size_t count, int32_t number)
{
	for (size_t i = 0; i < count; i++)
		if (names[i].number == number)
			return names[i].name;
	return NULL;
}

const char *
kerberos_error_name(int32_t error)
{
	static const struct number_name names[] = {
		{ 1, "KDC_ERR_NAME_EXP" },
		{ 2, "KDC_ERR_SERVICE_EXP" },
		{ 3, "KDC_ERR_BAD_PVNO" },
		{ 6, "KDC_ERR_C_PRINCIPAL_UNKNOWN" },
		{ 7, "KDC_ERR_S_PRINCIPAL_UNKNOWN" },
		{ 8, "KDC_ERR_PRINCIPAL_NOT_UNIQUE" },
		{ 9, "KDC_ERR_NULL_KEY" },
		{ 10, "KDC_ERR_CANNOT_POSTDATE" },
		{ 11, "KDC_ERR_NEVER_VALID" },
		{ 12, "KDC_ERR_POLICY" },
		{ 13, "KDC_ERR_BADOPTION" },
		{ 14, "KDC_ERR_ETYPE_NOSUPP" },
		{ 15, "KDC_ERR_SUMTYPE_NOSUPP" },
		{ 16, "KDC_ERR_PADATA_TYPE_NOSUPP" },
		{ 18, "KDC_ERR_CLIENT_REVOKED" },
		{ 19, "KDC_ERR_SERVICE_REVOKED" },
		{ 20, "KDC_ERR_TGT_REVOKED" },
		{ 21, "KDC_ERR_CLIENT_NOTYET" },
		{ 22, "KDC_ERR_SERVICE_NOTYET" },
		{ 23, "KDC_ERR_KEY_EXPIRED" },
		{ 24, "KDC_ERR_PREAUTH_FAILED" },
		{ 25, "KDC_ERR_PREAUTH_REQUIRED" },
		{ 26, "KDC_ERR_SERVER_NOMATCH" },
		{ 27, "KDC_ERR_MUST_USE_USER2USER" },
		{ 28, "KDC_ERR_PATH_NOT_ACCEPTED" },
		{ 29, "KDC_ERR_SVC_UNAVAILABLE" },
		{ 31, "KRB_AP_ERR_BAD_INTEGRITY" },
		{ 32, "KRB_AP_ERR_TKT_EXPIRED" },
		{ 33, "KRB_AP_ERR_TKT_NYV" },
		{ 34, "KRB_AP_ERR_REPEAT" },
		{ 35, "KRB_AP_ERR_NOT_US" },
		{ 36, "KRB_AP_ERR_BADMATCH" },
		{ 37, "KRB_AP_ERR_SKEW" },
		{ 38, "KRB_AP_ERR_BADADDR" },
		{ 41, "KRB_AP_ERR_MODIFIED" },
		{ 52, "KRB_ERR_RESPONSE_TOO_BIG" },
		{ 60, "KRB_ERR_GENERIC" },
		{ 61, "KRB_ERR_FIELD_TOOLONG" },
		{ 62, "KDC_ERROR_CLIENT_NOT_TRUSTED" },
		{ 65, "KDC_ERR_CERTIFICATE_MISMATCH" },
		{ 68, "KDC_ERR_WRONG_REALM" },
	};

	return name_of(names, sizeof(names) / sizeof(names[0]), error);
}

const char *
kerberos_cipher_name(int32_t cipher)
{
	static const struct number_name names[] = {
		{ 1, "des-cbc-crc" },
		{ 2, "des-cbc-md4" },
		{ 3, "des-cbc-md5" },
		{ 5, "des3-cbc-md5" },
		{ 7, "des3-cbc-sha1" },
		{ 16, "des3-cbc-sha1-kd" },
		{ 17, "aes128-cts-hmac-sha1-96" },
		{ 18, "aes256-cts-hmac-sha1-96" },
		{ 19, "aes128-cts-hmac-sha256-128" },
		{ 20, "aes256-cts-hmac-sha384-192" },
		{ 23, "rc4-hmac" },
		{ 24, "rc4-hmac-exp" },
		{ 25, "camellia128-cts-cmac" },
		{ 26, "camellia256-cts-cmac" },
	};

	return name_of(names, sizeof(names) / sizeof(names[0]), cipher);
}
