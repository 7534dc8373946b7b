/*
 * netflow9.c -- NetFlow v9 and IPFIX: sets of templates, and of data that a template describes.
 *
 * Both have the same frame, and differ in small things: how long a datagram is, which sets are templates,
 * what an options template begins with, elements of enterprises, lengths that vary, and what a sequence
 * number counts. Data whose template has not come (we started later than the exporter) is counted and
 * dropped: what a record means cannot be guessed.
 */
#include "daemon/input/netflow_state.h"

#include "daemon/base/time_text.h"

#include <errno.h>

enum {
	V9_TEMPLATES = 0,
	V9_OPTIONS = 1,
	IPFIX_TEMPLATES = 2,
	IPFIX_OPTIONS = 3,
	DATA_FROM = 256, /* ids of sets of data, which are their templates' */
	SET_HEADER = 4,  /* id and length */
	VERSION_AND_LENGTH = 4,
	V9_FIELD_BYTES = 4,
	ENTERPRISE = 0x8000, /* of an IPFIX element's id */
	REVERSE_ENTERPRISE = 29305,
};

struct sets {
	struct netflow_datagram *d;
	bool is_ipfix;
	uint32_t flow_records, option_records; /* a number of IPFIX counts each */
	bool has_unknown_data;                 /* it does not say how many records */
};

static uint32_t
exporter_of(const struct sets *s)
{
	return flow_exporter_index(&s->d->n->exporters, s->d->exporter);
}

/* `has_meaning`: a number of v9's scopes is none of an element. */
static struct netflow_field
read_field(const struct sets *s, struct cursor *c, bool has_meaning)
{
	uint16_t id = cursor_be16(c);
	struct netflow_field f = { .length = cursor_be16(c) };
	uint32_t enterprise = 0;

	if (s->is_ipfix && (id & ENTERPRISE) != 0) {
		enterprise = cursor_be32(c);
		id &= (uint16_t)~ENTERPRISE;
	}
	f.is_reverse = enterprise == REVERSE_ENTERPRISE;
	if (has_meaning && (enterprise == 0 || f.is_reverse))
		f.element = netflow_element_of(id);
	return f;
}

static uint32_t
field_bytes(const struct sets *s, const struct netflow_field *f)
{
	return s->is_ipfix && f->length == NETFLOW_LENGTH_VARIES ? 1 : f->length;
}

/* Read `count` fields. Those of more than there is room for are read and the template is refused. */
static void
read_fields(struct sets *s, struct cursor *c, struct netflow_template *t, unsigned count,
	unsigned scopes)
{
	for (unsigned i = 0; i < count && !c->short_read; i++) {
		struct netflow_field f = read_field(s, c, s->is_ipfix || i >= scopes);
		if (i < NETFLOW_FIELDS_MAX)
			t->fields[i] = f;
		t->min_bytes += field_bytes(s, &f);
	}
	if (c->short_read)
		return;
	if (count > NETFLOW_FIELDS_MAX || t->min_bytes == 0) {
		s->d->n->counters.refused_templates++;
		netflow_templates_withdraw(&s->d->n->templates, t->key.exporter, t->key.id);
		return;
	}
	t->count = (uint16_t)count;
	netflow_templates_put(&s->d->n->templates, t, s->d->now_ns);
}

/* IPFIX: a template of no fields takes one back, or all when it has the number of the set. */
static void
withdraw(struct sets *s, uint16_t id)
{
	struct netflow_templates *t = &s->d->n->templates;

	if (id == IPFIX_TEMPLATES)
		netflow_templates_withdraw_all(t, exporter_of(s), NETFLOW_TEMPLATES_FLOWS);
	else if (id == IPFIX_OPTIONS)
		netflow_templates_withdraw_all(t, exporter_of(s), NETFLOW_TEMPLATES_OPTIONS);
	else
		netflow_templates_withdraw(t, exporter_of(s), id);
}

static void
read_template(struct sets *s, struct cursor *c, bool has_options)
{
	struct netflow_template t = { .key.exporter = exporter_of(s), .has_options = has_options };
	unsigned scopes = 0;

	t.key.id = cursor_be16(c);
	unsigned count = cursor_be16(c);
	if (s->is_ipfix && count == 0 && !c->short_read) {
		withdraw(s, t.key.id);
		return;
	}
	if (has_options && s->is_ipfix) {
		scopes = cursor_be16(c);
	} else if (has_options) { /* v9 says how many bytes the fields have, scopes first */
		scopes = count / V9_FIELD_BYTES;
		count = scopes + cursor_be16(c) / V9_FIELD_BYTES;
	}
	read_fields(s, c, &t, count, scopes);
}

static void
read_templates(struct sets *s, struct cursor *c, bool has_options)
{
	while (cursor_left(c) >= SET_HEADER) /* less is padding */
		read_template(s, c, has_options);
}

/* What an exporter says of itself: how it samples. */
static void
take_options(struct sets *s, const struct netflow_record *r)
{
	uint32_t rate = netflow_record_rate(r);

	if (rate == 0)
		return;
	if (netflow_has(r, NETFLOW_SAMPLER))
		flow_exporter_sampler(s->d->exporter, r->value[NETFLOW_SAMPLER], rate);
	else
		s->d->exporter->rate = rate;
}

static void
take_flow(struct sets *s, const struct netflow_record *r)
{
	struct flow_part part;
	uint32_t rate = netflow_record_rate(r);

	if (rate == 0)
		rate = flow_exporter_rate(
			s->d->exporter, netflow_has(r, NETFLOW_SAMPLER), r->value[NETFLOW_SAMPLER]);
	if (netflow_record_part(r, &s->d->clock, rate, &part))
		netflow_told(s->d, &part, r->value[NETFLOW_DIRECTION] == 1);
	else
		s->d->n->counters.skipped++;
}

static void
read_data(struct sets *s, struct cursor *c, uint16_t id)
{
	struct netflow_record r;
	const struct netflow_template *t =
		netflow_templates_find(&s->d->n->templates, exporter_of(s), id, s->d->now_ns);

	if (t == NULL) {
		s->d->n->counters.without_template++;
		s->has_unknown_data = true;
		return;
	}
	while (cursor_left(c) >= t->min_bytes && netflow_record_read(t, c, &r)) {
		s->flow_records += !t->has_options;
		s->option_records += t->has_options;
		if (t->has_options)
			take_options(s, &r);
		else
			take_flow(s, &r);
	}
}

static void
read_set(struct sets *s, struct cursor *c, uint16_t id)
{
	if (id == (s->is_ipfix ? IPFIX_TEMPLATES : V9_TEMPLATES))
		read_templates(s, c, /* has_options= */ false);
	else if (id == (s->is_ipfix ? IPFIX_OPTIONS : V9_OPTIONS))
		read_templates(s, c, /* has_options= */ true);
	else if (id >= DATA_FROM)
		read_data(s, c, id);
}

static int
read_sets(struct sets *s, struct cursor *c)
{
	while (cursor_left(c) >= SET_HEADER) {
		uint16_t id = cursor_be16(c);
		uint16_t length = cursor_be16(c);
		if (length < SET_HEADER)
			return -EBADMSG;
		struct cursor set = cursor_sub(c, length - (size_t)SET_HEADER);
		if (c->short_read)
			return -EBADMSG;
		read_set(s, &set, id);
		if (set.short_read)
			return -EBADMSG;
	}
	return 0;
}

int
netflow9_read(struct netflow_datagram *d, struct cursor *c)
{
	struct sets s = { .d = d };

	cursor_be16(c); /* how many records; the sets' lengths say it */
	uint32_t uptime_ms = cursor_be32(c);
	uint64_t export_ns = cursor_be32(c) * NS_PER_S;
	uint32_t sequence = cursor_be32(c);
	uint32_t domain = cursor_be32(c);
	if (c->short_read)
		return -EBADMSG;
	if (!netflow_heard(d, domain, FLOW_PROTOCOL_NETFLOW9))
		return 0;
	const struct flow_number number = { sequence, 1, 1, uptime_ms };
	if (flow_exporters_number(&d->n->exporters, d->exporter, &number))
		netflow_templates_withdraw_all(
			&d->n->templates, exporter_of(&s), NETFLOW_TEMPLATES_ALL);
	netflow_clocked(d, export_ns, /* has_uptime= */ true, uptime_ms);
	return read_sets(&s, c);
}

int
netflow10_read(struct netflow_datagram *d, struct cursor *c)
{
	struct sets s = { .d = d, .is_ipfix = true };
	uint16_t length = cursor_be16(c);

	if (length < VERSION_AND_LENGTH)
		return -EBADMSG;
	struct cursor message = cursor_sub(c, length - (size_t)VERSION_AND_LENGTH);
	uint64_t export_ns = cursor_be32(&message) * NS_PER_S;
	uint32_t sequence = cursor_be32(&message);
	uint32_t domain = cursor_be32(&message);
	if (message.short_read)
		return -EBADMSG;
	if (!netflow_heard(d, domain, FLOW_PROTOCOL_IPFIX))
		return 0;
	netflow_clocked(d, export_ns, /* has_uptime= */ false, 0);
	int error = read_sets(&s, &message);
	const struct flow_number number = { sequence, s.flow_records + s.option_records,
		s.flow_records, 0 };
	flow_exporters_number(&d->n->exporters, d->exporter, &number);
	if (s.has_unknown_data || error < 0)
		d->exporter->has_number = false; /* how many records it was, nobody knows */
	return error;
}
