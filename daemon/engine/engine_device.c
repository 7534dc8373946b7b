#include "daemon/engine/engine_device.h"

#include "daemon/base/time_text.h"
#include "daemon/engine/engine_state.h"
#include "daemon/knowledge/oui.h"
#include "daemon/site/site_device.h"

#include <assert.h>
#include <string.h>

#define WAIT_NS (10 * (uint64_t)NS_PER_S)

enum { TOLD_A_TICK = 64 };

static_assert((int)SITE_DEVICE_ADDRESSES <= (int)DEVICE_ADDRESSES_MAX, "all addresses fit");

static bool
has_name(const struct record_device *d, const char *text)
{
	for (size_t i = 0; i < d->name_count; i++)
		if (strcmp(d->names[i].text, text) == 0)
			return true;
	return false;
}

static void
add_names(const struct engine *e, struct record_device *d, const struct addr *a)
{
	struct site_name names[SITE_NAMES_OF_ADDRESS];
	uint32_t count = site_name_of(e->site, a, e->clock_ns, names);

	for (uint32_t i = 0; i < count && d->name_count < DEVICE_NAMES_MAX; i++) {
		const struct site_name *n = &names[i];
		if (!site_name_is_believed(n->source) || has_name(d, n->text))
			continue;
		d->names[d->name_count++] = (struct record_device_name){ n->text,
			site_name_source_name(n->source), n->resolver, n->seen_ns };
	}
}

/* Names are lent by the site. */
static struct record_device
device_of(const struct engine *e, const struct site_device *known)
{
	const struct oui *vendors = e->plan.vendors;
	const char *vendor = vendors == NULL ? NULL : oui_vendor(vendors, &known->mac);
	struct record_device d = {
		.mac = known->mac,
		.vendor = vendor == NULL ? "" : vendor,
		.is_router = known->is_router,
		.first_ns = known->first_ns,
		.last_ns = known->seen_ns,
		.forgotten = known->forgotten,
		.address_count = known->address_count,
	};

	for (size_t i = 0; i < d.address_count; i++) {
		const struct site_device_address *a = &known->addresses[i];
		d.addresses[i] = (struct record_device_address){ a->addr, a->seen_ns };
		add_names(e, &d, &a->addr);
	}
	return d;
}

static void
tell(struct engine *e, const struct site_device *known)
{
	const struct record_device d = device_of(e, known);

	engine_write(e, RECORD_DEVICE,
		&(struct record){ .kind = RECORD_DEVICE, .ts_ns = e->clock_ns, .device = &d });
}

void
engine_device_tell(struct engine *e, uint64_t before_ns, uint32_t most)
{
	const struct site_device *known;

	if ((e->plan.sink.wanted & RECORD_BIT(RECORD_DEVICE)) == 0)
		return;
	while (most-- > 0 && (known = site_device_news(e->site, before_ns)) != NULL)
		tell(e, known);
}

void
engine_device_tick(struct engine *e, uint64_t now_ns)
{
	if (now_ns >= WAIT_NS)
		engine_device_tell(e, now_ns - WAIT_NS, TOLD_A_TICK);
}

uint64_t
engine_devices_latest(const struct engine *e, uint32_t most, const struct record_sink *to)
{
	const struct site_device *known = NULL;

	while (most-- > 0 && (known = site_device_latest(e->site, known)) != NULL) {
		const struct record_device d = device_of(e, known);

		to->write(to->context,
			&(struct record){
				.kind = RECORD_DEVICE, .ts_ns = e->clock_ns, .device = &d });
	}
	return site_device_count(e->site);
}
