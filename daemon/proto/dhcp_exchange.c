#include "daemon/proto/dhcp_exchange.h"

#include <assert.h>

/* A retransmission later than this is a new attempt. */
#define JOIN_NS (UINT64_C(12) * 1000000000)

static_assert(
	sizeof(struct dhcp_exchanges) <= 4096, "a page holds what is remembered of a conversation");

static const char *
text_or_null(const struct dhcp_exchange *x, enum dhcp_text which)
{
	return x->text[which][0] != '\0' ? x->text[which] : NULL;
}

/* Texts of a list of addresses. */
struct addr_texts {
	char text[DHCP_ADDRS_MAX][ADDR_TEXT_MAX];
	const char *at[DHCP_ADDRS_MAX];
};

static struct text_list
texts_of(const struct dhcp_addrs *list, struct addr_texts *texts)
{
	for (unsigned i = 0; i < list->count; i++)
		texts->at[i] = addr_format(&list->at[i], texts->text[i]);
	return (struct text_list){ texts->at, list->count };
}

/* Tell an exchange, and forget it. */
static void
tell(struct proto_call *call, struct dhcp_exchange *x)
{
	char mac[MAC_TEXT_MAX];
	struct addr_texts routers;
	struct addr_texts dns_servers;
	const struct obs_dhcp dhcp = {
		.client_addr = x->client,
		.server_addr = x->server,
		.mac = x->has_mac ? mac_format(&x->mac, mac) : NULL,
		.host_name = text_or_null(x, DHCP_HOST_NAME),
		.client_fqdn = text_or_null(x, DHCP_CLIENT_FQDN),
		.domain = text_or_null(x, DHCP_DOMAIN),
		.requested_addr = x->requested,
		.assigned_addr = x->assigned,
		.lease_time = x->has_lease ? x->lease_ns : TRANSACTION_UNSET,
		.client_message = text_or_null(x, DHCP_CLIENT_MESSAGE),
		.server_message = text_or_null(x, DHCP_SERVER_MESSAGE),
		.msg_types = { x->types, x->type_count },
		.duration = x->last_ns - x->began_ns,
		.vendor_class = text_or_null(x, DHCP_VENDOR_CLASS),
		.param_list = text_or_null(x, DHCP_PARAM_LIST),
		.giaddr = x->giaddr,
		.subnet_mask = x->subnet_mask,
		.routers = texts_of(&x->routers, &routers),
		.dns_servers = texts_of(&x->dns_servers, &dns_servers),
		.xid = x->xid,
		.version = x->version,
	};

	call->emit(call->context, &(struct observation){ .kind = OBS_DHCP,
					  .ts_ns = x->last_ns,
					  .interface = call->interface,
					  .began_ns = x->began_ns,
					  .dhcp = &dhcp });
	*x = (struct dhcp_exchange){ 0 };
}

/* The open one that was begun first; NULL if none is open. */
static struct dhcp_exchange *
oldest(struct dhcp_exchanges *all)
{
	struct dhcp_exchange *best = NULL;

	for (struct dhcp_exchange *x = all->at; x < all->at + DHCP_EXCHANGES; x++)
		if (x->type_count > 0 && (best == NULL || x->began_ns < best->began_ns))
			best = x;
	return best;
}

struct dhcp_exchange *
dhcp_exchange_of(struct proto_call *call, uint32_t xid)
{
	struct dhcp_exchanges *all = call->state;
	struct dhcp_exchange *place = NULL;

	for (struct dhcp_exchange *x = all->at; x < all->at + DHCP_EXCHANGES; x++)
		if (x->type_count == 0) {
			place = x;
		} else if (x->xid == xid) {
			if (call->ts_ns < x->began_ns + JOIN_NS)
				return x;
			place = x;
			break;
		}
	if (place == NULL)
		place = oldest(all);
	if (place->type_count > 0)
		tell(call, place);
	*place = (struct dhcp_exchange){
		.xid = xid, .began_ns = call->ts_ns, .last_ns = call->ts_ns
	};
	return place;
}

void
dhcp_exchange_add(struct proto_call *call, struct dhcp_exchange *x, const char *type, bool is_last)
{
	x->types[x->type_count++] = type;
	if (call->ts_ns > x->last_ns)
		x->last_ns = call->ts_ns;
	if (is_last || x->type_count == DHCP_TYPES_MAX)
		tell(call, x);
}

void
dhcp_exchange_end(struct proto_call *call)
{
	struct dhcp_exchange *x;

	while ((x = oldest(call->state)) != NULL)
		tell(call, x);
}

void
dhcp_addrs_add(struct dhcp_addrs *list, struct addr a)
{
	if (list->count < DHCP_ADDRS_MAX)
		list->at[list->count++] = a;
}
