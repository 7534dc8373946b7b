#include "daemon/flow/flow_service.h"

#include "daemon/base/strbuf.h"
#include "daemon/flow/flow_state.h"
#include "daemon/proto/proto.h"

#include <assert.h>
#include <netinet/in.h>
#include <string.h>

static_assert(
	(int)PROTOCOLS_MAX < (int)SERVICE_SEQUENCE, "a value for each protocol, and one for none");

static const struct service_sequence *
sequence_of(const struct flow_table *t, uint8_t service)
{
	return &t->services.at[service - SERVICE_SEQUENCE];
}

static const char *
text_of(const struct flow_table *t, uint8_t service)
{
	if (service == SERVICE_UNKNOWN)
		return "";
	return service < SERVICE_SEQUENCE ? protocols[service - 1]->name
					  : sequence_of(t, service)->text;
}

/* A tunnel in IP itself is named by the protocol already. */
const char *
flow_service_text(const struct flow_table *t, const struct flow *f)
{
	if (f->service < SERVICE_TUNNEL)
		return text_of(t, (uint8_t)f->service);
	return f->key.ip_proto == IPPROTO_UDP ? tunnel_name(flow_tunnel(f)) : "";
}

bool
flow_has_service(const struct flow *f)
{
	return f->service != SERVICE_UNKNOWN;
}

size_t
flow_service(const struct flow *f)
{
	return f->service == SERVICE_UNKNOWN || f->service >= SERVICE_SEQUENCE ? SIZE_MAX
									       : f->service - 1U;
}

/* Is `name` one of the names of that value? */
static bool
has_name(const struct flow_table *t, uint8_t service, const char *name)
{
	for (; service >= SERVICE_SEQUENCE; service = sequence_of(t, service)->before)
		if (strcmp(sequence_of(t, service)->name, name) == 0)
			return true;
	return strcmp(text_of(t, service), name) == 0;
}

/* returns the value that says `name` behind `before`; `before` itself when there is no room for it */
static uint8_t
sequence_after(struct flow_table *t, uint8_t before, const char *name)
{
	struct service_sequences *all = &t->services;

	for (uint8_t i = 0; i < all->count; i++)
		if (all->at[i].before == before && strcmp(all->at[i].name, name) == 0)
			return (uint8_t)(SERVICE_SEQUENCE + i);
	if (all->count == SERVICE_SEQUENCES)
		return before;
	struct service_sequence *s = &all->at[all->count];
	struct strbuf text;
	strbuf_init(&text, s->text, sizeof(s->text));
	strbuf_text(&text, text_of(t, before));
	if (text.length > 0)
		strbuf_char(&text, ',');
	strbuf_text(&text, name);
	if (text.truncated)
		return before;
	s->before = before;
	s->name = name;
	return (uint8_t)(SERVICE_SEQUENCE + all->count++);
}

void
flow_add_service(struct flow_table *t, struct flow *f, const char *name)
{
	uint8_t service = (uint8_t)f->service;

	if (service < SERVICE_TUNNEL && name[0] != '\0' && !has_name(t, service, name))
		f->service = sequence_after(t, service, name);
}

void
flow_add_protocol(struct flow_table *t, struct flow *f, size_t protocol)
{
	if (f->service == SERVICE_UNKNOWN)
		f->service = (uint8_t)(protocol + 1);
	else
		flow_add_service(t, f, protocols[protocol]->name);
}

void
flow_drop_protocol(struct flow_table *t, struct flow *f, size_t protocol)
{
	uint8_t service = (uint8_t)f->service;

	if (service == protocol + 1)
		f->service = SERVICE_UNKNOWN;
	else if (service >= SERVICE_SEQUENCE && service < SERVICE_TUNNEL &&
		 strcmp(sequence_of(t, service)->name, protocols[protocol]->name) == 0)
		f->service = sequence_of(t, service)->before;
}
