/* store_host.h -- whose network cards were seen, and what addresses are called and where they are, as rows. */
#pragma once

#include "daemon/record/record.h"
#include "exporters/store/store_open.h"

/* Write a device with its addresses and names, in place of what was known of it. */
void store_device_write(struct store *s, const struct record_device *d);

/* The same of an address. r is a RECORD_ADDRESS */
void store_address_write(struct store *s, const struct record *r);
