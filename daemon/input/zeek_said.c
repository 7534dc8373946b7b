/*
 * zeek_said.c -- the logs of transactions: what their columns leave out.
 *
 * Zeek's columns say what was said, and in which conversation. Who asked and who answered, which of the
 * answers are addresses, whose file it was: that follows from them.
 */
#include "daemon/base/time_text.h"
#include "daemon/input/flow_id.h"
#include "daemon/input/zeek_certificates.h"
#include "daemon/input/zeek_state.h"
#include "daemon/transactions/dhcp.h"
#include "daemon/transactions/file.h"
#include "daemon/transactions/http.h"
#include "daemon/transactions/software.h"

#include <netinet/in.h>
#include <string.h>

#define CERTIFICATE_NS NS_PER_S
#define DNS_ANSWER_NS  (60 * NS_PER_S) /* an answer that took longer is not believed */

enum { FINGERPRINT_LENGTH = 64, DHCP_CLIENT_PORT = 68, DHCP_SERVER_PORT = 67 };

/* What the log's protocol travels in, where no column says it. */
static uint8_t
usual_proto(unsigned kind)
{
	switch (kind) {
	case OBS_DNS:
	case OBS_QUIC:
	case OBS_DHCP:
	case OBS_NTP:
	case OBS_SNMP:
	case OBS_SIP:
		return IPPROTO_UDP;
	default:
		return IPPROTO_TCP;
	}
}

void
zeek_talk(struct zeek *z, struct input_item *item, uint8_t ip_proto)
{
	const struct zeek_ends *ends = zeek_ends(z);
	const char *uid = ends->uid;

	item->talk = (struct obs_talk){
		.orig = ends->orig,
		.resp = ends->resp,
		.orig_port = ends->orig_port,
		.resp_port = ends->resp_port,
		.ip_proto = ip_proto != 0 ? ip_proto : usual_proto(z->log.kind),
	};
	if (uid == NULL && ends->uids.count > 0)
		uid = ends->uids.at[0];
	if (uid != NULL && uid[0] != '\0')
		flow_id_of_name(uid, strlen(uid), &item->talk.uid, &item->talk.id);
}

/* Without `types`, which Zeek does not write, what reads as an address is one. */
static bool
is_address(const struct obs_dns *dns, size_t i, struct addr *ret_addr)
{
	const char *type = i < dns->types.count ? dns->types.at[i] : "A";

	return (strcmp(type, "A") == 0 || strcmp(type, "AAAA") == 0) &&
	       addr_parse(dns->texts.at[i], ret_addr);
}

/* What it tells was known when the answer came; the time of the line is the question's. */
static void
finish_dns(struct zeek *z, struct input_item *item, struct obs_dns *dns)
{
	if (dns->rtt_ns != TRANSACTION_UNSET && dns->rtt_ns < DNS_ANSWER_NS) {
		item->o.began_ns = item->o.ts_ns;
		item->o.ts_ns += dns->rtt_ns;
	}
	if (dns->proto != NULL && strcmp(dns->proto, "tcp") == 0)
		item->talk.ip_proto = IPPROTO_TCP;
	/* The text is ours, behind a const that is for readers. */
	if (dns->query != NULL)
		for (char *c = item->said.text + (dns->query - item->said.text); *c != '\0'; c++)
			if (*c >= 'A' && *c <= 'Z')
				*c = (char)(*c - 'A' + 'a');
	for (size_t i = 0; i < dns->texts.count && dns->answer_count < DNS_ANSWERS_MAX; i++) {
		struct dns_answer *a = &z->answers[dns->answer_count];

		*a = (struct dns_answer){ 0 };
		if (!is_address(dns, i, &a->addr))
			continue;
		if (i < dns->ttls.count)
			a->ttl_s = (uint32_t)(dns->ttls.at[i] / NS_PER_S);
		dns->answer_count++;
	}
	dns->answers = z->answers;
}

static bool
first_addr(const struct text_list *list, struct addr *ret_addr)
{
	return list->count > 0 && addr_parse(list->at[0], ret_addr);
}

/* Up to Zeek 4 files.log says who sent and who received, from then on who opened the conversation. */
static void
finish_file(struct zeek *z, struct input_stream *s, struct input_item *item, struct obs_file *file)
{
	const struct zeek_ends *ends = zeek_ends(z);
	bool is_orig = file->is_orig == TRUTH_YES;
	struct addr *sender = is_orig ? &item->talk.orig : &item->talk.resp;
	struct addr *receiver = is_orig ? &item->talk.resp : &item->talk.orig;

	(void)first_addr(&ends->senders, sender);
	(void)first_addr(&ends->receivers, receiver);
	file->sender = *sender;
	file->receiver = *receiver;
	if (s->shared != NULL && file->fuid != NULL && file->sha1 != NULL && file->source != NULL &&
		strcmp(file->source, "SSL") == 0)
		zeek_certificates_sha1(s->shared, file->fuid, file->sha1);
}

/* Nobody else is known: a host that listens, or one that asks. */
static void
finish_software(struct input_item *item, const struct obs_software *software)
{
	if (software->host_port == 0) {
		item->talk.orig = software->host;
		return;
	}
	item->talk.resp = software->host;
	item->talk.resp_port = software->host_port;
}

static void
finish_dhcp(struct input_item *item, const struct obs_dhcp *dhcp)
{
	if (item->talk.resp_port != 0)
		return; /* up to Bro 2.5 the log has ends */
	item->talk.orig = dhcp->client_addr;
	item->talk.resp = dhcp->server_addr;
	item->talk.orig_port = DHCP_CLIENT_PORT;
	item->talk.resp_port = DHCP_SERVER_PORT;
}

static bool
is_fingerprint(const char *name)
{
	return strlen(name) == FINGERPRINT_LENGTH;
}

/*
 * A certificate is shown, and told in x509.log, a little after its handshake began, which is the time in
 * ssl.log: who needs it waits so long.
 */
static void
finish_tls(struct input_item *item, struct obs_tls *tls)
{
	if (tls->version != NULL && strncmp(tls->version, "DTLS", 4) == 0)
		item->talk.ip_proto = IPPROTO_UDP;
	if (tls->server_chain.count > 0 && tls->subject == NULL)
		item->key_ns = item->o.ts_ns + CERTIFICATE_NS;
}

void
zeek_telling(struct input_stream *s, struct input_item *item)
{
	struct obs_tls *tls = (void *)item->said.room.said;

	if (item->o.kind != OBS_TLS)
		return;
	zeek_certificates_join(s->shared, tls);
	if (tls->server_chain.count > 0 && !is_fingerprint(tls->server_chain.at[0]))
		tls->server_chain.count = 0; /* names of files tell nobody anything */
	if (tls->client_chain.count > 0 && !is_fingerprint(tls->client_chain.at[0]))
		tls->client_chain.count = 0;
}

static void
finish_x509(struct input_stream *s, struct obs_x509 *x)
{
	if (s->shared != NULL)
		zeek_certificates_add(s->shared, x);
	if (x->fingerprint != NULL && !is_fingerprint(x->fingerprint))
		x->fingerprint = NULL;
}

int
zeek_said_tell(struct zeek *z, struct input_stream *s, struct input_item *item)
{
	void *said = item->said.room.said;
	struct obs_http *http = said;

	zeek_talk(z, item, 0);
	input_item_said(item, (enum obs_kind)z->log.kind);
	item->o.ts_ns = zeek_ends(z)->ts_ns;
	switch (z->log.kind) {
	case OBS_DNS:
		finish_dns(z, item, said);
		break;
	case OBS_HTTP:
		http->client = item->talk.orig;
		http->server = item->talk.resp;
		break;
	case OBS_FILE:
		finish_file(z, s, item, said);
		break;
	case OBS_SOFTWARE:
		finish_software(item, said);
		break;
	case OBS_DHCP:
		finish_dhcp(item, said);
		break;
	case OBS_TLS:
		finish_tls(item, said);
		break;
	case OBS_X509:
		finish_x509(s, said);
		break;
	default:
		break;
	}
	return 1;
}
