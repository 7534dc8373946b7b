/* capture_link.h -- link types of capture files: their numbers, their names, which are followed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The LINKTYPE_ in a file's link-type field: without FCS bits, and one number for raw IP. */
uint16_t capture_link_of(uint32_t field);

/* The DLT_ that libpcap's functions want for a LINKTYPE_. */
int capture_link_dlt(uint16_t link);

/* libpcap's name of it ("IEEE802_11"), or "a number without a name". */
const char *capture_link_name(uint16_t link);

/* Write the line that refuses `name` for its link type: number, name, and what is followed. */
void capture_link_refuse(const char *name, uint16_t link, char *ret_error, size_t error_size);
