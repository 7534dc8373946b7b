#include "tests/support/detector_rig.h"
#include "daemon/knowledge/public_suffix.h"
#include "daemon/transactions/dns.h"

#include <assert.h>
#include <ctype.h>
#include <libpsl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct rig *rig_at_work; /* for what is not told whose it is */

static void fill_defaults(
	struct arena *settings, unsigned char *section, const struct config_item *rows);

static void
fill_default(struct arena *settings, unsigned char *at, const struct config_item *row)
{
	bool flag = row->dflt != 0;
	uint32_t number = (uint32_t)row->dflt;
	struct cidr net = { 0 };
	const char *text = NULL;

	switch (row->type) {
	case CONFIG_TYPE_BOOL:
		memcpy(at, &flag, sizeof(flag));
		break;
	case CONFIG_TYPE_U32:
	case CONFIG_TYPE_ENUM:
		memcpy(at, &number, sizeof(number));
		break;
	case CONFIG_TYPE_DOUBLE:
		memcpy(at, &row->dflt_double, sizeof(row->dflt_double));
		break;
	case CONFIG_TYPE_DURATION:
	case CONFIG_TYPE_SIZE:
		memcpy(at, &row->dflt, sizeof(row->dflt));
		break;
	case CONFIG_TYPE_STRING:
		if (row->dflt_text != NULL)
			text = arena_string(settings, row->dflt_text, strlen(row->dflt_text));
		memcpy(at, &text, sizeof(text));
		break;
	case CONFIG_TYPE_ADDR:
	case CONFIG_TYPE_CIDR:
		assert(row->dflt_text == NULL || cidr_parse(row->dflt_text, &net));
		if (row->type == CONFIG_TYPE_ADDR)
			memcpy(at, &net.base, sizeof(net.base));
		else
			memcpy(at, &net, sizeof(net));
		break;
	case CONFIG_TYPE_SECTION:
		fill_defaults(settings, at, row->rows);
		break;
	case CONFIG_TYPE_LIST: /* empty by default */
	case CONFIG_TYPE_END:
		break;
	}
}

static void
fill_defaults(struct arena *settings, unsigned char *section, const struct config_item *rows)
{
	for (const struct config_item *row = rows; row->type != CONFIG_TYPE_END; row++)
		fill_default(settings, section + row->offset, row);
}

static size_t
row_size(const struct config_item *row)
{
	switch (row->type) {
	case CONFIG_TYPE_BOOL:
		return sizeof(bool);
	case CONFIG_TYPE_U32:
	case CONFIG_TYPE_ENUM:
		return sizeof(uint32_t);
	case CONFIG_TYPE_ADDR:
		return sizeof(struct addr);
	case CONFIG_TYPE_CIDR:
		return sizeof(struct cidr);
	case CONFIG_TYPE_LIST:
		return sizeof(struct config_list);
	default:
		return sizeof(uint64_t);
	}
}

/* What detector.h asks of a detector before it has seen anything. */
static void
check_detector(const struct detector *d)
{
	assert(d->name != NULL && d->summary != NULL && d->kinds != NULL);
	assert(d->observe != NULL || d->observe_site != NULL);
	assert(d->subscribes != 0 && d->subscribes < OBS_BIT(OBS_KIND_COUNT));
	for (const struct evidence_kind *const *k = d->kinds; *k != NULL; k++) {
		assert((*k)->name != NULL && (*k)->title != NULL);
		assert((*k)->technique != NULL && (*k)->unit != NULL);
		assert((*k)->signature_id > 5200000 && (*k)->signature_id < 5300000);
	}
	if (d->config == NULL)
		return;
	for (const struct config_item *i = d->config; i->type != CONFIG_TYPE_END; i++)
		assert(i->offset + row_size(i) <= d->config_size);
}

static void
open_window(struct rig *r, uint64_t start_ns)
{
	arena_init(&r->memory, (size_t)1024 * 1024, NULL);
	r->marks = 0;
	r->peers = (struct window_peers){ 0 }; /* they lay in the arena of the window before */
	r->call.window_state = NULL;
	r->call.window_start_ns = start_ns;
	r->call.window_end_ns = start_ns + RIG_WIDTH_NS;
}

void
rig_open(struct rig *r, const struct detector *d)
{
	check_detector(d);
	*r = (struct rig){
		.detector = d,
		.hash_key = { { 0x0706050403020100, 0x0f0e0d0c0b0a0908 } },
		.host = addr_v4(10, 0, 0, 1),
		.now_ns = RIG_START_NS,
		.deadline_max = RIG_DEADLINES_MAX,
	};
	rig_at_work = r;
	r->suffixes = public_suffix_new(psl_latest(NULL));
	r->site = site_new(&(struct site_plan){ .names = 64, .macs = 64, .suffixes = r->suffixes },
		&r->hash_key);
	assert(r->site != NULL);
	arena_init(&r->profile_memory, (size_t)64 * 1024, NULL); /* as in the core */
	arena_init(&r->settings, (size_t)1024 * 1024, NULL);     /* and the state of the site */
	r->section = arena_alloc(&r->settings, d->config_size + 1);
	assert(r->section != NULL);
	if (d->config != NULL)
		fill_defaults(&r->settings, r->section, d->config);
	r->call = (struct detect){
		.config = r->section,
		.memory = &r->memory,
		.profile_memory = &r->profile_memory,
		.site = r->site,
		.hash_key = &r->hash_key,
		.sketch_key = &r->hash_key,
		.host = &r->host,
		.core = r,
	};
	if (d->site_state_size > 0)
		r->call.site_state = arena_alloc(&r->settings, d->site_state_size);
	open_window(r, RIG_START_NS);
}

void
rig_done(struct rig *r)
{
	site_free(r->site);
	public_suffix_free(r->suffixes);
	arena_done(&r->memory);
	arena_done(&r->profile_memory);
	arena_done(&r->settings);
}

static const struct config_item *
setting(const struct rig *r, const char *name)
{
	const struct config_item *row = r->detector->config;

	while (row->type != CONFIG_TYPE_END && strcmp(row->name, name) != 0)
		row++;
	assert(row->type != CONFIG_TYPE_END);
	return row;
}

bool
rig_setting_takes(const struct rig *r, const char *name, uint64_t value)
{
	const struct config_item *row = setting(r, name);

	return value >= row->min && value <= row->max;
}

void
rig_set_bool(struct rig *r, const char *name, bool value)
{
	const struct config_item *row = setting(r, name);

	assert(row->type == CONFIG_TYPE_BOOL);
	memcpy(r->section + row->offset, &value, sizeof(value));
}

void
rig_set_u32(struct rig *r, const char *name, uint32_t value)
{
	const struct config_item *row = setting(r, name);

	assert(row->type == CONFIG_TYPE_U32 && rig_setting_takes(r, name, value));
	memcpy(r->section + row->offset, &value, sizeof(value));
}

void
rig_set_duration(struct rig *r, const char *name, uint64_t ns)
{
	const struct config_item *row = setting(r, name);

	assert(row->type == CONFIG_TYPE_DURATION && rig_setting_takes(r, name, ns));
	memcpy(r->section + row->offset, &ns, sizeof(ns));
}

void
rig_set_size(struct rig *r, const char *name, uint64_t bytes)
{
	const struct config_item *row = setting(r, name);

	assert(row->type == CONFIG_TYPE_SIZE && rig_setting_takes(r, name, bytes));
	memcpy(r->section + row->offset, &bytes, sizeof(bytes));
}

/* As the core does: state comes at the first observation, and without it the detector sees nothing. */
static bool
states_ready(struct rig *r)
{
	const struct detector *d = r->detector;

	if (d->window_state_size > 0 && r->call.window_state == NULL)
		r->call.window_state = arena_alloc(&r->memory, d->window_state_size);
	if (d->profile_state_size > 0 && r->call.profile_state == NULL)
		r->call.profile_state = arena_alloc(&r->profile_memory, d->profile_state_size);
	return (d->window_state_size == 0 || r->call.window_state != NULL) &&
	       (d->profile_state_size == 0 || r->call.profile_state != NULL);
}

void
rig_observe(struct rig *r, const struct observation *o)
{
	if (o->ts_ns > r->now_ns)
		rig_tick(r, o->ts_ns);
	site_learn(r->site, o);
	if ((r->detector->subscribes & OBS_BIT(o->kind)) == 0)
		return;
	r->observed_ns = o->ts_ns;
	if (r->detector->observe_site != NULL) {
		struct detect site = r->call;
		site.window_state = site.profile_state = NULL;
		site.memory = site.profile_memory = NULL;
		site.host = NULL;
		r->detector->observe_site(&site, o);
	}
	if (r->detector->wants != NULL && !r->detector->wants(r->site, o))
		return;
	if (r->detector->observe != NULL && states_ready(r))
		r->detector->observe(&r->call, o);
}

static void
hand_over_flow(struct rig *r, enum obs_kind kind, enum obs_role role, const struct obs_flow *given)
{
	struct obs_flow f = *given;

	if (addr_is_unspecified(&f.orig))
		f.orig = r->host;
	if (f.start_ns == 0)
		f.start_ns = r->now_ns;
	if (f.last_ns == 0)
		f.last_ns = f.start_ns;
	if (f.previous_ns == 0)
		f.previous_ns = f.start_ns;
	if (f.history == NULL)
		f.history = "";
	if (f.service == NULL)
		f.service = "";
	if (f.label == NULL)
		f.label = "";
	struct observation o = { .kind = kind, .role = role, .ts_ns = f.last_ns, .flow = &f };
	rig_observe(r, &o);
}

void
rig_flow(struct rig *r, enum obs_kind kind, const struct obs_flow *f)
{
	hand_over_flow(r, kind, ROLE_CLIENT, f);
}

void
rig_flow_as_server(struct rig *r, enum obs_kind kind, const struct obs_flow *f)
{
	hand_over_flow(r, kind, ROLE_SERVER, f);
}

/* Wake the deadline that comes first, if it is due at `until_ns`. They lie in the order of asking. */
static bool
wake_first(struct rig *r, uint64_t until_ns, bool early)
{
	size_t first = 0;

	if (r->deadline_count == 0)
		return false;
	for (size_t i = 1; i < r->deadline_count; i++)
		if (r->deadlines[i].at_ns < r->deadlines[first].at_ns)
			first = i;
	struct rig_deadline due = r->deadlines[first];
	if (due.at_ns > until_ns)
		return false;
	r->deadline_count--;
	memmove(&r->deadlines[first], &r->deadlines[first + 1],
		(r->deadline_count - first) * sizeof(due));
	if (!early)
		r->now_ns = due.at_ns;
	r->observed_ns = early ? r->call.window_end_ns : due.at_ns;
	r->detector->wake(&r->call, due.what, r->observed_ns, early);
	return true;
}

void
rig_tick(struct rig *r, uint64_t now_ns)
{
	assert(now_ns >= r->now_ns);
	while (wake_first(r, now_ns, /* early= */ false))
		;
	r->now_ns = now_ns;
}

void
rig_window_close(struct rig *r)
{
	rig_tick(r, r->now_ns); /* what was asked for too late for its time is not cut short */
	while (wake_first(r, UINT64_MAX, /* early= */ true))
		;
	bool has_state = r->detector->window_state_size == 0 || r->call.window_state != NULL;
	if (r->detector->window_close != NULL && has_state)
		r->detector->window_close(&r->call, r->call.window_end_ns);
	arena_done(&r->memory);
	open_window(r, r->call.window_end_ns);
}

void
rig_window_next(struct rig *r)
{
	uint64_t start_ns = r->call.window_end_ns;

	rig_window_close(r);
	if (r->now_ns < start_ns)
		r->now_ns = start_ns;
}

void
rig_profile_gone(struct rig *r)
{
	rig_window_close(r);
	if (r->detector->profile_gone != NULL && r->call.profile_state != NULL)
		r->detector->profile_gone(&r->call);
	arena_done(&r->profile_memory);
	r->call.profile_state = NULL;
}

const struct raised *
rig_last(const struct rig *r)
{
	assert(r->raised_count > 0 && r->raised_count <= RIG_RAISED_MAX);
	return &r->raised[r->raised_count - 1];
}

void
rig_learn(struct rig *r, const struct observation *o)
{
	if (o->ts_ns > r->now_ns)
		rig_tick(r, o->ts_ns);
	site_learn(r->site, o);
}

void
rig_resolve(struct rig *r, struct addr a)
{
	const struct dns_answer answer = { .addr = a };
	const struct obs_dns dns = {
		.client = r->host, .query = "x", .answers = &answer, .answer_count = 1
	};

	rig_learn(r, &(struct observation){ .kind = OBS_DNS, .ts_ns = r->now_ns, .dns = &dns });
}

struct flow_uid
rig_uid(unsigned number)
{
	struct flow_uid uid;

	(void)snprintf(uid.text, sizeof(uid.text), "C%017u", number);
	return uid;
}

static bool
may_raise(const struct detector *d, const struct evidence_kind *kind)
{
	for (const struct evidence_kind *const *k = d->kinds; *k != NULL; k++)
		if (*k == kind)
			return true;
	return false;
}

/* What detector.h asks of a finding and of its sentence. */
static void
check_contract(const struct rig *r, const struct finding *f, const char *text, int length)
{
	assert(may_raise(r->detector, f->kind));
	assert(f->confidence >= 0.0 && f->confidence <= 1.0);
	assert(f->threat < THREAT_COUNT);
	assert(!f->decisive || f->kind->may_convict);
	assert(f->object == NULL || strlen(f->object) <= EVIDENCE_OBJECT_MAX);
	assert(f->uid_count == 0 || f->uids != NULL);
	assert(f->uid_count <= EVIDENCE_UIDS_MAX);
	assert(f->observed >= f->threshold);
	assert(length > 0 && length < EVIDENCE_TEXT_MAX);
	assert(islower((unsigned char)text[0]) && text[length - 1] != '.');
}

static void __attribute__((format(printf, 5, 0))) keep(struct detect *d, const struct addr *host,
	const struct finding *f, bool twin, const char *fmt, va_list ap)
{
	struct rig *r = d->core;
	struct raised e = {
		.host = *host,
		.kind = f->kind,
		.threat = f->threat,
		.confidence = f->confidence,
		.role = f->role,
		.decisive = f->decisive,
		.twin = twin,
		.has_about = f->about != NULL,
		.port = f->port,
		.ip_proto = f->ip_proto,
		.observed = f->observed,
		.threshold = f->threshold,
		.uid_count = f->uid_count,
	};
	int length = vsnprintf(e.text, sizeof(e.text), fmt, ap);

	check_contract(r, f, e.text, length);
	if (f->about != NULL)
		e.about = *f->about;
	if (f->object != NULL)
		(void)snprintf(e.object, sizeof(e.object), "%s", f->object);
	if (f->uid_count > 0)
		memcpy(e.uids, f->uids, f->uid_count * sizeof(*f->uids));
	if (r->raised_count < RIG_RAISED_MAX)
		r->raised[r->raised_count] = e;
	r->raised_count++;
}

void
evidence_raise(struct detect *d, const struct finding *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	keep(d, d->host, f, /* twin= */ false, fmt, ap);
	va_end(ap);
}

void
evidence_raise_twin(struct detect *d, const struct finding *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	keep(d, f->about, f, /* twin= */ true, fmt, ap);
	va_end(ap);
}

bool
evidence_raise_on(
	struct detect *d, const struct addr *host, const struct finding *f, const char *fmt, ...)
{
	const struct rig *r = d->core;
	va_list ap;

	assert(d->host == NULL);
	if (addr_equal(host, &r->stranger))
		return false;
	va_start(ap, fmt);
	keep(d, host, f, /* twin= */ false, fmt, ap);
	va_end(ap);
	return true;
}

bool
detect_wake_at(struct detect *d, uint64_t at_ns, void *what)
{
	struct rig *r = d->core;

	assert(r->detector->wake != NULL);
	if (r->deadline_count == r->deadline_max) {
		r->deadlines_refused++;
		return false;
	}
	r->deadlines[r->deadline_count++] = (struct rig_deadline){ .at_ns = at_ns, .what = what };
	return true;
}

void
detect_mark(struct detect *d, enum window_mark mark)
{
	struct rig *r = d->core;

	r->marks |= 1U << mark;
}

bool
detect_marked(const struct detect *d, enum window_mark mark)
{
	const struct rig *r = d->core;

	return (r->marks & 1U << mark) != 0;
}

bool
detect_first_of_peer(struct detect *d, const struct addr *peer)
{
	struct rig *r = d->core;

	return window_peers_first(&r->peers, d->memory, d->hash_key, peer, 0);
}

/* The linker puts this before the site's (--wrap): a detector knows no other present than its observation's,
 * or its deadline's. */
bool __real_site_is_resolved(const struct site *s, const struct addr *a, uint64_t now_ns);
bool __wrap_site_is_resolved(const struct site *s, const struct addr *a, uint64_t now_ns);

bool
__wrap_site_is_resolved(const struct site *s, const struct addr *a, uint64_t now_ns)
{
	assert(now_ns == rig_at_work->observed_ns);
	return __real_site_is_resolved(s, a, now_ns);
}
