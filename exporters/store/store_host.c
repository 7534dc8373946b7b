#include "exporters/store/store_host.h"

static void
drop(struct store *s, enum store_statement which, const char *key)
{
	struct store_row row = store_row_begin(&s->statements, which);

	store_put_word(&row, key);
	(void)store_row_write(&row);
}

void
store_device_write(struct store *s, const struct record_device *d)
{
	char mac[MAC_TEXT_MAX];
	struct store_row row = store_row_begin(&s->statements, STORE_PUT_DEVICE);

	store_put_word(&row, mac_format(&d->mac, mac));
	store_put_optional(&row, d->vendor);
	store_put_i64(&row, d->is_router);
	store_put_u64(&row, d->first_ns);
	store_put_u64(&row, d->last_ns);
	store_put_u64(&row, d->forgotten);
	(void)store_row_write(&row);
	drop(s, STORE_DROP_DEVICE_ADDRESSES, mac);
	for (size_t i = 0; i < d->address_count; i++) {
		row = store_row_begin(&s->statements, STORE_ADD_DEVICE_ADDRESS);
		store_put_word(&row, mac);
		store_put_i64(&row, (int64_t)i);
		store_put_addr(&row, &d->addresses[i].addr);
		store_put_u64(&row, d->addresses[i].seen_ns);
		(void)store_row_write(&row);
	}
	drop(s, STORE_DROP_DEVICE_NAMES, mac);
	for (size_t i = 0; i < d->name_count; i++) {
		const struct record_device_name *n = &d->names[i];
		row = store_row_begin(&s->statements, STORE_ADD_DEVICE_NAME);
		store_put_word(&row, mac);
		store_put_i64(&row, (int64_t)i);
		store_put_hostile(&row, n->text);
		store_put_word(&row, n->source);
		store_put_addr(&row, &n->told_by);
		store_put_u64(&row, n->seen_ns);
		(void)store_row_write(&row);
	}
}

void
store_address_write(struct store *s, const struct record *r)
{
	const struct record_address *a = r->address;
	char address[ADDR_TEXT_MAX];
	struct store_row row = store_row_begin(&s->statements, STORE_PUT_ADDRESS);

	store_put_word(&row, addr_format(&a->addr, address));
	store_put_u64(&row, r->ts_ns);
	store_put_i64(&row, a->is_private);
	store_put_optional(&row, a->country);
	if (a->asn != 0)
		store_put_i64(&row, a->asn);
	else
		store_put_null(&row);
	store_put_optional(&row, a->org);
	(void)store_row_write(&row);
	drop(s, STORE_DROP_ADDRESS_NAMES, address);
	for (size_t i = 0; i < a->name_count; i++) {
		const struct record_address_name *n = &a->names[i];
		row = store_row_begin(&s->statements, STORE_ADD_ADDRESS_NAME);
		store_put_word(&row, address);
		store_put_i64(&row, (int64_t)i);
		store_put_hostile(&row, n->text);
		store_put_word(&row, n->source);
		store_put_addr(&row, &n->told_by);
		store_put_u64(&row, n->seen_ns);
		store_put_i64(&row, n->is_believed);
		(void)store_row_write(&row);
	}
}
