/*
 * config_yaml.h -- fill structs from a settings file, by their rows. The only user of libyaml.
 *
 * The file is YAML with the sharp parts left out: one document, whose root is a mapping; no anchors
 * and aliases (a few lines of them make a billion items), no tags, no key twice.
 */
#pragma once

#include "daemon/settings/config_item.h"

#include <stddef.h>

struct arena;
struct config_report;

enum { CONFIG_DEPTH_MAX = 16 }; /* mappings and lists inside each other */

/*
 * Fill a struct from YAML text. What the text does not mention keeps its value; a list that it does
 * mention starts empty.
 *
 * name     of the file, for messages
 * rows     of the root
 * section  borrowed; on failure partly filled, to be thrown away
 * arena    where strings and lists go
 * report   gets a line for every mistake: `naiad.yaml:3:3: windows.widht: unknown setting, did you
 *          mean "width"?`; items of lists count from 1 there
 * errors   -EINVAL, -ENOMEM
 * cost     O(length)
 */
int config_yaml_parse(const char *name, const char *text, size_t length,
	const struct config_item *rows, void *section, struct arena *arena,
	struct config_report *report);
