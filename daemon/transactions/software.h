/* software.h -- a program and its version, as its host tells it. */
#pragma once

#include "daemon/transactions/transaction.h"

struct obs_software {
	struct addr host;
	uint16_t host_port;  /* where it listens; 0: it is a client */
	const char *type;    /* "SSH::CLIENT", "SSH::SERVER", ... */
	const char *name;    /* NULL: none could be read */
	uint64_t version[4]; /* major, minor, ...; unset from the first that it does not have */
	const char *addl;    /* what follows the numbers, "p1"; NULL: nothing */
	const char *unparsed_version; /* as it was told */
};
