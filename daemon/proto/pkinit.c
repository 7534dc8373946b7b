/*
 * pkinit.c -- where certificates lie in Kerberos: in signed data (RFC 5652) in a pre-authentication (RFC 4556).
 *
 * What is encrypted is not read, nor is anything checked: whoever shows a certificate need not own its key.
 */
#include "daemon/proto/pkinit.h"

#include "daemon/proto/ber.h"
#include "daemon/proto/kerberos_message.h"
#include "daemon/proto/x509_cache.h"

enum {
	PA_PK_AS_REQ = 16, /* RFC 4556 section 3.1.3 */
	PA_PK_AS_REP = 17,
	BER_OBJECT = 0x06,
	BER_SET = 0x31,
	BER_IMPLICIT = 0x80, /* and the number of a primitive [n] */
	PARTS_MAX = 16,      /* of pre-authentication data */
};

static void
tell(const struct proto_call *call, const struct x509_facts *facts, bool is_own)
{
	struct obs_x509 said = facts->said;

	said.is_host = is_own ? TRUTH_YES : TRUTH_NO;
	said.is_client = call->from_orig ? TRUTH_YES : TRUTH_NO;
	call->emit(call->context, &(struct observation){ .kind = OBS_X509,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .x509 = &said });
}

/* returns false when it is none */
static bool
certificate_tell(const struct proto_call *call, struct cursor der, bool is_own)
{
	if (call->certificates != NULL) {
		const struct x509_known *known = x509_cache_get(call->certificates, der);
		if (known != NULL)
			tell(call, &known->facts, is_own);
		return known != NULL;
	}
	struct x509_facts facts;
	X509 *certificate = x509_open(der);
	if (certificate == NULL)
		return false;
	x509_read(certificate, der, &facts);
	tell(call, &facts, is_own);
	x509_close(certificate);
	return true;
}

static void
certificates_tell(const struct proto_call *call, struct cursor list)
{
	for (unsigned i = 0; i < PKINIT_CERTIFICATES_MAX; i++) {
		struct cursor whole = list;
		struct ber one;
		if (!ber_read_tag(&list, BER_SEQUENCE, &one) || one.size > cursor_left(&one.value))
			return;
		struct cursor der = cursor_sub(&whole, cursor_left(&whole) - cursor_left(&list));
		if (!certificate_tell(call, der, i == 0))
			return;
	}
}

/* ContentInfo with SignedData; its certificates are behind three fields that are always there. */
static void
signed_read(const struct proto_call *call, struct cursor c)
{
	struct ber content;
	struct ber data;
	struct ber field;

	if (ber_read_tag(&c, BER_SEQUENCE, &content) &&
		ber_read_tag(&content.value, BER_OBJECT, &field) &&
		ber_read_tag(&content.value, BER_CONTEXT, &field) &&
		ber_read_tag(&field.value, BER_SEQUENCE, &data) &&
		ber_read_tag(&data.value, BER_INTEGER, &field) &&
		ber_read_tag(&data.value, BER_SET, &field) &&
		ber_read_tag(&data.value, BER_SEQUENCE, &field) &&
		ber_read_tag(&data.value, BER_CONTEXT, &field))
		certificates_tell(call, field.value);
}

/* PA-DATA: its type, and a value of that type. */
static void
part_read(const struct proto_call *call, struct cursor part)
{
	struct ber field;
	struct ber type;
	struct ber value;
	struct ber inner;

	if (!ber_read_tag(&part, BER_CONTEXT + 1, &field) ||
		!ber_read_tag(&field.value, BER_INTEGER, &type) ||
		!ber_read_tag(&part, BER_CONTEXT + 2, &field) ||
		!ber_read_tag(&field.value, BER_OCTET_STRING, &value))
		return;
	/* In a reply it is a choice: signed, or encrypted as a whole. */
	if (ber_number(&type) == PA_PK_AS_REP) {
		if (!ber_read_tag(&value.value, BER_CONTEXT, &inner))
			return;
		value = inner;
	} else if (ber_number(&type) != PA_PK_AS_REQ) {
		return;
	}
	if (ber_read_tag(&value.value, BER_SEQUENCE, &inner) &&
		ber_read_tag(&inner.value, BER_IMPLICIT, &field))
		signed_read(call, field.value);
}

void
pkinit_read(const struct proto_call *call, struct cursor message)
{
	struct ber outer;
	struct ber fields;
	struct ber field;
	struct ber part;

	if (!ber_read(&message, &outer) ||
		(outer.tag != BER_APPLICATION + KERBEROS_AS_REQ &&
			outer.tag != BER_APPLICATION + KERBEROS_AS_REP) ||
		!ber_read_tag(&outer.value, BER_SEQUENCE, &fields))
		return;
	/* Of a request the fields count from 1, of a reply from 0. */
	bool is_request = outer.tag == BER_APPLICATION + KERBEROS_AS_REQ;
	uint8_t wanted = is_request ? BER_CONTEXT + 3 : BER_CONTEXT + 2;
	while (ber_read(&fields.value, &field) && field.tag <= wanted) {
		struct ber list;
		if (field.tag != wanted || !ber_read_tag(&field.value, BER_SEQUENCE, &list))
			continue;
		for (unsigned i = 0;
			i < PARTS_MAX && ber_read_tag(&list.value, BER_SEQUENCE, &part); i++)
			part_read(call, part.value);
	}
}
