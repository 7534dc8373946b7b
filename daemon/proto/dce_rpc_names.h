/* dce_rpc_names.h -- what interfaces of remote calls and their operations are called (Microsoft's open specifications). */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct dce_rpc_interface {
	const char *uuid, *name;
	const char *const *operations; /* by number; NULL where one has no name */
	size_t operation_count;
};

enum { DCE_RPC_UUID_BYTES = 16, DCE_RPC_UUID_TEXT = 37 };

/* Write a UUID that came in little-endian order: "e1af8308-5d1f-11c9-91a4-08002b14a0fa". */
void dce_rpc_uuid_text(const uint8_t uuid[DCE_RPC_UUID_BYTES], char ret_text[DCE_RPC_UUID_TEXT]);

/* returns the interface of that UUID, or NULL when it is none that has a name here */
const struct dce_rpc_interface *dce_rpc_interface_of(const uint8_t uuid[DCE_RPC_UUID_BYTES]);

/* The same by its UUID as text, in lower case. */
const struct dce_rpc_interface *dce_rpc_interface_of_text(const char *uuid);

/* returns NULL when the operation has no name here; `i` may be NULL */
const char *dce_rpc_operation_name(const struct dce_rpc_interface *i, uint16_t number);
