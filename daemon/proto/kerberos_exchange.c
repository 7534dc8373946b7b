#include "daemon/proto/kerberos_exchange.h"

#include "daemon/proto/pkinit.h"
#include "daemon/proto/wire_text.h"
#include "daemon/transactions/login.h"

#include <string.h>

enum { PREAUTH_REQUIRED = 25, RESPONSE_TOO_BIG = 52 };

static enum truth
truth_of(bool is_so)
{
	return is_so ? TRUTH_YES : TRUTH_NO;
}

/* A ticket for tickets is what one gets for a password. */
static void
tell_login(const struct kerberos_exchange *x, const struct proto_call *call, enum truth success)
{
	const struct obs_login login = {
		.protocol = "kerberos",
		.user = wire_text_or_null(x->request.client),
		.success = success,
		.method = "AS",
		.known_by = LOGIN_BY_REPLY,
	};

	call->emit(call->context, &(struct observation){ .kind = OBS_LOGIN,
					  .ts_ns = call->ts_ns,
					  .began_ns = x->began_ns,
					  .interface = call->interface,
					  .login = &login });
}

/* reply  NULL: none came */
static void
tell(struct kerberos_exchange *x, const struct proto_call *call,
	const struct kerberos_message *reply)
{
	static const struct kerberos_message nothing;
	const struct kerberos_message *q = x->is_pending ? &x->request : &nothing;
	const struct kerberos_message *p = reply != NULL ? reply : &nothing;
	bool is_tgs = q->type == KERBEROS_TGS_REQ || p->type == KERBEROS_TGS_REP;
	bool is_as = q->type == KERBEROS_AS_REQ || p->type == KERBEROS_AS_REP;
	bool is_error = p->type == KERBEROS_ERROR;
	const char *service = !is_error || q->service[0] == '\0' ? p->service : q->service;
	/* That pre-authentication is needed is said in many words; the name is the same everywhere. */
	bool has_words = p->error_text[0] != '\0' && p->error != PREAUTH_REQUIRED;
	struct obs_kerberos kerberos = {
		.request_type = is_tgs  ? "TGS"
				: is_as ? "AS"
					: NULL,
		.client = wire_text_or_null(q->client[0] != '\0' ? q->client : p->client),
		.service = wire_text_or_null(service[0] != '\0' ? service : q->service),
		.success = reply != NULL ? truth_of(!is_error) : TRUTH_UNKNOWN,
		.from_ns = q->from_ns,
		.till_ns = q->till_ns,
		.cipher = kerberos_cipher_name(p->cipher),
	};

	if (is_error)
		kerberos.error_message = has_words ? p->error_text : kerberos_error_name(p->error);
	if (x->is_pending) {
		kerberos.forwardable = truth_of((q->options & KERBEROS_FORWARDABLE) != 0);
		kerberos.renewable = truth_of((q->options & KERBEROS_RENEWABLE) != 0);
	}
	call->emit(call->context, &(struct observation){ .kind = OBS_KERBEROS,
					  .ts_ns = call->ts_ns,
					  .began_ns = x->is_pending ? x->began_ns : 0,
					  .interface = call->interface,
					  .kerberos = &kerberos });
	if (q->type == KERBEROS_AS_REQ && reply != NULL && p->error != PREAUTH_REQUIRED &&
		p->error != RESPONSE_TOO_BIG)
		tell_login(x, call, kerberos.success);
	x->is_pending = false;
}

void
kerberos_exchange_end(struct kerberos_exchange *x, const struct proto_call *call)
{
	if (x->is_pending)
		tell(x, call, NULL);
}

void
kerberos_exchange_message(
	struct kerberos_exchange *x, const struct proto_call *call, struct cursor message)
{
	struct kerberos_message m;

	kerberos_message_read(message, &m);
	pkinit_read(call, message);
	switch (m.type) {
	case KERBEROS_AS_REQ:
	case KERBEROS_TGS_REQ:
		kerberos_exchange_end(x, call);
		x->is_pending = true;
		x->began_ns = call->ts_ns;
		x->request = m;
		break;
	case KERBEROS_AS_REP:
	case KERBEROS_TGS_REP:
	case KERBEROS_ERROR:
		tell(x, call, &m);
		break;
	case KERBEROS_NONE:
		break;
	}
}
