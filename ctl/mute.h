/*
 * mute.h -- `naiadctl mute`: a rule of the whitelist that ends by itself, written into the settings file.
 *
 * The settings include no other file, so the file itself is edited: as text, so that its comments stay; beside its
 * place, with its owner and mode; looked at by the naiad that will read it; and then moved there, or not at all.
 */
#pragma once

#include "ctl/arguments.h"
#include "ctl/exit_code.h"

#include "viewer/source/source.h"

#include <stdio.h>

/*
 * Mute the finding or the host that the command names.
 *
 * rows      findings that are known; none: it is a host
 * settings  the file, unless --conf names another
 */
enum exit_code mute_run(const struct arguments *a, const struct source_evidence *rows, size_t count,
	const char *settings, FILE *out);

/* What it names is an address, and no id. */
bool mute_is_host(const struct arguments *a);
