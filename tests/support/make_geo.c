/*
 * make_geo FILE -- a database in which every address is in the Netherlands, in a network with a hostile name.
 *
 * Serves as site.countries and as site.networks.
 */
#include "tests/support/mmdb_build.h"

#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
	static struct mmdb_build m;

	if (argc != 2) {
		(void)fprintf(stderr, "usage: make_geo FILE\n");
		return 2;
	}
	mmdb_begin(&m);
	mmdb_map(&m, 3);
	mmdb_text(&m, "country");
	mmdb_map(&m, 1);
	mmdb_pair(&m, "iso_code", "NL");
	mmdb_text(&m, "autonomous_system_number");
	mmdb_u32(&m, 64500);
	mmdb_pair(&m, "autonomous_system_organization", "Hostile {bold}\x1b[2J BV");
	mmdb_network(&m, (struct addr){ 0 }, 1, 0);
	mmdb_network(&m, (struct addr){ { 0x80 } }, 1, 0);
	mmdb_write(&m, argv[1]);
	return EXIT_SUCCESS;
}
