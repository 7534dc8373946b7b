/*
 * DNS answers of servers say what addresses are called, and that they were asked for. Answers by multicast DNS are
 * not learned: a host that announces its neighbours' addresses must not make them look resolved. What a host says
 * of its own address is a name, but nobody's answer; what it says of others' is not believed, but for the server
 * that it talks to (SNI, HTTP's Host): that is kept as the client's word.
 */
#include "daemon/site/site_hear.h"

#include "daemon/base/time_text.h"
#include "daemon/observation.h"
#include "daemon/transactions/dhcp.h"
#include "daemon/transactions/dns.h"
#include "daemon/transactions/http.h"
#include "daemon/transactions/name.h"
#include "daemon/transactions/quic.h"
#include "daemon/transactions/tls.h"

#include <string.h>
#include <strings.h>

enum { HOST_MAX = 256 };

#define CONFIRM_NS (3600 * (uint64_t)NS_PER_S)

static void
learn_answer(struct site_names *n, const struct obs_dns *dns, uint64_t now_ns)
{
	if (!dns_is_answered(dns) || addr_is_multicast(&dns->client))
		return;
	for (size_t i = 0; i < dns->answer_count; i++)
		if (dns->answers[i].name == NULL) /* else it came by multicast DNS */
			site_names_learn(n, &dns->answers[i].addr, dns->query, SITE_NAME_DNS,
				&dns->server, now_ns);
}

/* Of a long name its end is kept. */
static bool
is_called(const char *known, const char *name)
{
	size_t kept = strlen(known);
	size_t whole = strlen(name);

	return (kept == whole || (kept < whole && kept == SITE_NAME_MAX - 1)) &&
	       strcasecmp(name + (whole - kept), known) == 0;
}

/* The name of an address among those that are known, or `count` of them. */
static uint32_t
look_up(const struct site_names *n, const struct addr *a, const char *name, uint64_t now_ns,
	struct site_name known[SITE_NAMES_OF_ADDRESS], uint32_t *ret_count)
{
	uint32_t i = 0;

	*ret_count = site_names_of(n, a, now_ns, known);
	while (i < *ret_count && !is_called(known[i].text, name))
		i++;
	return i;
}

/*
 * A client says whom it believes to talk to. That is its word alone, and malware lies: it takes no other
 * name's place, and is confirmed once an hour.
 */
static void
learn_clients_word(struct site_names *n, const struct observation *o, const char *name,
	enum site_name_source source)
{
	struct site_name known[SITE_NAMES_OF_ADDRESS];
	const struct addr *server = &o->talk->resp;
	uint32_t count;
	uint32_t i = look_up(n, server, name, o->ts_ns, known, &count);

	bool is_worth_it = i < count ? !site_name_is_believed(known[i].source) &&
					       o->ts_ns >= known[i].seen_ns + CONFIRM_NS
				     : count < SITE_NAMES_OF_ADDRESS;
	if (is_worth_it)
		site_names_learn(n, server, name, source, &o->talk->orig, o->ts_ns);
}

static void
learn_server_name(struct site_names *n, const struct observation *o, const char *name)
{
	if (name != NULL)
		learn_clients_word(n, o, name, SITE_NAME_TLS);
}

/* The host of a request, without its port; a proxy is asked for others', and an address is no name. */
static void
learn_http_host(struct site_names *n, const struct observation *o)
{
	const char *host = o->http->host;
	char name[HOST_MAX];
	struct addr a;

	if (host == NULL || o->http->uri == NULL || o->http->uri[0] != '/')
		return;
	size_t length = strcspn(host, ":");
	if (length >= sizeof(name) || host[0] == '[')
		return;
	memcpy(name, host, length);
	name[length] = '\0';
	if (!addr_parse(name, &a))
		learn_clients_word(n, o, name, SITE_NAME_HTTP);
}

/* A host told a name of its own, or of somebody who bears `a` from now on. returns `a` if it is new */
static const struct addr *
learn_own(struct site_names *n, const struct addr *a, const char *name,
	enum site_name_source source, const struct addr *teller, uint64_t now_ns)
{
	struct site_name known[SITE_NAMES_OF_ADDRESS];
	uint32_t count;
	bool is_new = look_up(n, a, name, now_ns, known, &count) == count;

	site_names_learn(n, a, name, source, teller, now_ns);
	return is_new ? a : NULL;
}

static enum site_name_source
source_of(const char *by)
{
	for (enum site_name_source i = SITE_NAME_MDNS; i < SITE_NAME_SSDP; i++)
		if (strcmp(by, site_name_source_name(i)) == 0)
			return i;
	return SITE_NAME_SSDP;
}

static const struct addr *
learn_own_name(struct site_names *n, const struct obs_name *name, uint64_t now_ns)
{
	if (!addr_equal(&name->addr, &name->sender))
		return NULL;
	return learn_own(n, &name->addr, name->name, source_of(name->by), &name->sender, now_ns);
}

/*
 * What a client calls itself, once it has an address: the one that a server gave it in the same conversation,
 * else the one that it has already; a relay's is not its own. One that it only asks for may be somebody else's.
 */
static const struct addr *
learn_client(struct site_names *n, const struct obs_dhcp *dhcp, uint64_t now_ns)
{
	bool is_given = !addr_is_unspecified(&dhcp->assigned_addr);
	bool is_relayed = !addr_is_unspecified(&dhcp->giaddr);
	const struct addr *client = is_given ? &dhcp->assigned_addr : &dhcp->client_addr;

	if (dhcp->host_name == NULL || (is_relayed && !is_given) || !addr_is_scannable(client))
		return NULL;
	return learn_own(n, client, dhcp->host_name, SITE_NAME_DHCP, client, now_ns);
}

const struct addr *
site_hear(struct site_names *n, const struct observation *o)
{
	switch (o->kind) {
	case OBS_DNS:
		learn_answer(n, o->dns, o->ts_ns);
		return NULL;
	case OBS_NAME:
		return learn_own_name(n, o->name, o->ts_ns);
	case OBS_DHCP:
		return learn_client(n, o->dhcp, o->ts_ns);
	case OBS_TLS:
		learn_server_name(n, o, o->tls->server_name);
		return NULL;
	case OBS_QUIC:
		learn_server_name(n, o, o->quic->server_name);
		return NULL;
	case OBS_HTTP:
		learn_http_host(n, o);
		return NULL;
	default:
		return NULL;
	}
}
