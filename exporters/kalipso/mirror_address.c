#include "exporters/kalipso/mirror_address.h"

#include "daemon/transactions/tls.h"
#include "exporters/kalipso/mirror_gone.h"
#include "exporters/kalipso/mirror_memory.h"

#include <stdio.h>
#include <string.h>

static struct mirror_entry *
entry_find(const struct mirror *m, const struct addr *a)
{
	return table_find(&m->addresses, a, table_hash(&m->addresses, a));
}

void
mirror_address_due(struct mirror *m, struct mirror_entry *e, uint32_t target)
{
	if (e->due[target].queued)
		return;
	e->due[target].queued = true;
	TAILQ_INSERT_TAIL(&m->targets[target].addresses, e, due[target].next);
}

static void
unqueue(struct mirror *m, struct mirror_entry *e, uint32_t target)
{
	e->due[target].queued = false;
	TAILQ_REMOVE(&m->targets[target].addresses, e, due[target].next);
}

static void
changed(struct mirror *m, struct mirror_entry *e)
{
	for (uint32_t t = 0; t < m->plan.targets; t++)
		mirror_address_due(m, e, t);
}

static void
forget(struct mirror *m, struct mirror_entry *e)
{
	const struct mirror_window_key key = { .host = e->address.addr };

	for (uint32_t t = 0; t < m->plan.targets; t++) {
		if (e->due[t].queued) {
			m->stats.untold[t]++;
			unqueue(m, e, t);
		}
		if (e->due[t].there && !mirror_ring_push(&m->targets[t].gone_addresses, &key))
			m->stats.untold[t]++;
	}
	m->stats.addresses_forgotten++;
	TAILQ_REMOVE(&m->address_ages, e, age);
	table_remove(&m->addresses, e, table_hash(&m->addresses, &key.host));
}

/* Room for one more: the one that was told longest ago may have to go, or windows. returns false when there is none */
static bool
room(struct mirror *m)
{
	if (table_count(&m->addresses) < table_capacity(&m->addresses) &&
		mirror_room(m, mirror_item_bytes(&m->addresses), NULL))
		return true;
	if (TAILQ_EMPTY(&m->address_ages))
		return false;
	forget(m, TAILQ_FIRST(&m->address_ages));
	return true;
}

/* Find it, or make one. returns NULL when there is no memory */
static struct mirror_entry *
entry_open(struct mirror *m, const struct addr *a, uint64_t ts_ns)
{
	const uint64_t hash = table_hash(&m->addresses, a);
	struct mirror_entry *e = table_find(&m->addresses, a, hash);

	if (e != NULL) {
		TAILQ_REMOVE(&m->address_ages, e, age);
	} else {
		if (!room(m)) {
			m->stats.refused++;
			return NULL;
		}
		e = table_add(&m->addresses, a, hash);
	}
	e->address.seen_ns = ts_ns;
	TAILQ_INSERT_TAIL(&m->address_ages, e, age);
	return e;
}

static void
copy(char *to, size_t size, const char *from)
{
	(void)snprintf(to, size, "%s", from != NULL ? from : "");
}

void
mirror_address_take(struct mirror *m, const struct record_address *from, uint64_t ts_ns)
{
	struct mirror_entry *e = entry_open(m, &from->addr, ts_ns);

	if (e == NULL)
		return;
	struct mirror_address *a = &e->address;
	a->is_private = from->is_private;
	copy(a->country, sizeof(a->country), from->country);
	a->asn = from->asn;
	copy(a->org, sizeof(a->org), from->org);
	a->name_count = 0;
	for (size_t i = 0; i < from->name_count && i < MIRROR_NAMES; i++) {
		const struct record_address_name *name = &from->names[i];
		struct mirror_name *to = &a->names[a->name_count++];

		*to = (struct mirror_name){ .told_by = name->told_by,
			.seen_ns = name->seen_ns,
			.is_dns = strcmp(name->source, "dns") == 0,
			.is_believed = name->is_believed };
		copy(to->text, sizeof(to->text), name->text);
	}
	changed(m, e);
}

/* returns whether it is another text than before */
static bool
is_copied(char *to, size_t size, const char *from)
{
	bool is_other = strncmp(to, from, size - 1) != 0;

	copy(to, size, from);
	return is_other;
}

void
mirror_address_device(struct mirror *m, const struct record_device *from, uint64_t ts_ns)
{
	const char *name = from->name_count > 0 ? from->names[0].text : "";
	bool is_known = from->vendor[0] != '\0' || *name != '\0';

	for (size_t i = 0; i < from->address_count; i++) {
		const struct record_device_address *at = &from->addresses[i];
		struct mirror_entry *e =
			is_known ? entry_open(m, &at->addr, ts_ns) : entry_find(m, &at->addr);

		/* An address goes from one card to another: whoever sent as it last has it. */
		if (e == NULL || at->seen_ns < e->address.device_ns)
			continue;
		e->address.device_ns = at->seen_ns;
		bool is_other =
			is_copied(e->address.vendor, sizeof(e->address.vendor), from->vendor);
		is_other |= is_copied(e->address.device_name, sizeof(e->address.device_name), name);
		if (is_other)
			changed(m, e);
	}
}

/* The newest last; one that is there already moves to the end. returns false when it is the last already */
static bool
server_name_add(struct mirror_address *a, const struct mirror_server_name *name)
{
	size_t at = 0;

	while (at < a->server_name_count &&
		(a->server_names[at].port != name->port ||
			strcmp(a->server_names[at].text, name->text) != 0))
		at++;
	if (at < a->server_name_count && at + 1 == a->server_name_count)
		return false;
	if (at == MIRROR_NAMES)
		at = 0;
	if (at < a->server_name_count) {
		a->server_name_count--;
		memmove(&a->server_names[at], &a->server_names[at + 1],
			(a->server_name_count - at) * sizeof(a->server_names[0]));
	}
	a->server_names[a->server_name_count++] = *name;
	return true;
}

void
mirror_address_said(struct mirror *m, const struct record_timeline *t, uint64_t ts_ns)
{
	struct mirror_server_name name = { .port = t->flow->resp_port };

	if (t->said == NULL || t->said->kind != OBS_TLS || t->said->tls->server_name == NULL ||
		t->said->tls->server_name[0] == '\0')
		return;
	copy(name.text, sizeof(name.text), t->said->tls->server_name);
	struct mirror_entry *e = entry_open(m, &t->flow->resp, ts_ns);
	if (e != NULL && server_name_add(&e->address, &name))
		changed(m, e);
}

void
mirror_address_asked(struct mirror *m, const struct record_window *w)
{
	for (const struct tuple *t = w->tuples->first; t != NULL; t = t->next) {
		struct mirror_entry *e = t->role == ROLE_CLIENT ? entry_find(m, &t->peer) : NULL;

		if (e == NULL || e->address.is_asked)
			continue;
		e->address.is_asked = true;
		e->address.asked_by = w->host;
		e->address.asked_window = w->window.number;
		changed(m, e);
	}
}

const struct mirror_address *
mirror_next_address(struct mirror *m, uint32_t target)
{
	struct mirror_entry *e = TAILQ_FIRST(&m->targets[target].addresses);

	if (e == NULL)
		return NULL;
	unqueue(m, e, target);
	e->due[target].there = true;
	return &e->address;
}

void
mirror_addresses_due(struct mirror *m)
{
	struct mirror_entry *e;

	TAILQ_FOREACH (e, &m->address_ages, age)
		changed(m, e);
}

void
mirror_address_again(struct mirror *m, uint32_t target, const struct addr *a)
{
	struct mirror_entry *e = entry_find(m, a);

	if (e != NULL)
		mirror_address_due(m, e, target);
}

const struct mirror_address *
mirror_address(const struct mirror *m, const struct addr *a)
{
	const struct mirror_entry *e = entry_find(m, a);

	return e == NULL ? NULL : &e->address;
}

bool
mirror_address_told(const struct mirror *m, uint32_t target, const struct addr *a)
{
	const struct mirror_entry *e = entry_find(m, a);

	return e != NULL && e->due[target].there;
}

bool
mirror_address_back(struct mirror *m, uint32_t target, const struct addr *a)
{
	struct mirror_entry *e = entry_find(m, a);

	if (e != NULL)
		e->due[target].there = true;
	return e != NULL;
}
