/* version.h -- which naiad this is. */
#pragma once

/* NAIAD_VERSION, e.g. "0.1.0", and NAIAD_REVISION, the commit or "unknown"; CMake writes them. */
#include "naiad_version.h"

/* What --version prints: the version, and the libraries that it runs with. */
const char *version_text(void);
