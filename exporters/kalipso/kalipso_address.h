/* kalipso_address.h -- what is known of an address as Kalipso's IP box and tables read it (kalipso.md 3.3). */
#pragma once

#include "daemon/base/json.h"
#include "exporters/kalipso/dialect.h"

/* How a dialect wants what IPsInfo has of an address. */
struct kalipso_info {
	bool asn_is_object; /* {"asnorg":"Example BV","timestamp":..}; else "AS64498 Example BV" */
	bool has_names;     /* SNI and reverse_dns */
};

/* Write it to IPsInfo: "{}" when nothing is known. */
void kalipso_address_info(
	struct dialect_target *t, const struct mirror_address *a, const struct kalipso_info *info);

/* Write its names of the DNS to DNSresolution, as `put` makes a value of them; nothing when it has none. */
void kalipso_address_names(struct dialect_target *t, const struct mirror_address *a,
	void (*put)(struct strbuf *out, const struct mirror_address *a));

/* ["a.example","b.example"] */
void kalipso_names_list(struct json *j, const struct mirror_address *a);

/*
 * Remove both. Of an address that is a profile "{}" stays in IPsInfo: without it the UI of 2020 ends when it
 * is selected (kalipso.md 5.3).
 */
void kalipso_address_gone(struct dialect_target *t, const struct addr *a);
