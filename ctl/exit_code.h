/* exit_code.h -- how naiadctl ends: docs/NAIADCTL.md. */
#pragma once

enum exit_code {
	EXIT_OK = 0,
	EXIT_REFUSED =
		1, /* by the sensor, or it failed; of doctor and selftest: something is bad */
	EXIT_USAGE = 2,
	EXIT_NO_SENSOR = 4,
};
