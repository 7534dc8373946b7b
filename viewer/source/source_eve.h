/*
 * source_eve.h -- findings and alerts out of lines of EVE (eve.json), as a Redis keeps them and a sensor tells them.
 *
 * Most is in `naiad`, some only in the alert's metadata. What is missing or odd is not known.
 */
#pragma once

#include "viewer/source/source.h"

#include <jansson.h>

/* Texts go into the arena. returns false when the line is none of that kind */
bool source_eve_evidence(const json_t *eve, struct arena *m, struct source_evidence *ret);
bool source_eve_alert(const json_t *eve, struct arena *m, struct source_alert *ret);
