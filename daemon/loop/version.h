/* version.h -- which naiad this is. */
#pragma once

/* NAIAD_VERSION, e.g. "0.1.0", is the project's version; CMake writes it. */
#include "naiad_version.h"

/* What --version prints: the version, and the libraries that it runs with. */
const char *version_text(void);
