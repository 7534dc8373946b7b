/* known_files.h -- what an engine knows from files: read at start, before the sandbox closes, and never again. */
#pragma once

#include "daemon/engine/engine.h"
#include "daemon/settings/shell_settings.h"

/* Each is NULL where there is none; a line says why where that was not meant. */
struct known_files {
	struct x509_trust *trust;       /* who may sign certificates */
	struct oui *vendors;            /* of network cards */
	struct geo *geo;                /* where addresses are */
	struct public_suffix *suffixes; /* under what anybody may register */
};

/*
 * Read them, and lend them to an engine's plan.
 *
 * wanted   RECORD_BIT()s of what is written
 * plan     its settings are set
 * returns  to be given to known_files_free() after the engine is freed
 */
struct known_files known_files_load(
	const struct shell_settings *shell, uint32_t wanted, struct engine_plan *plan);
void known_files_free(struct known_files *f);
