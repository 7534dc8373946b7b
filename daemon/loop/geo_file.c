#include "daemon/loop/geo_file.h"

#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"
#include "daemon/base/text_safe.h"
#include "daemon/base/time_text.h"
#include "daemon/knowledge/geo.h"

#include <errno.h>
#include <maxminddb.h>
#include <string.h>
#include <sys/stat.h>

enum { DESCRIPTION_MAX = 128, TYPE_MAX = 64 };

#define REMEDY "it is not used: set site.%s to another file, or to nothing"

/* "GeoIP2-Country of 2024-05-17T..": its name is whatever is in the file. */
static const char *
describe(const MMDB_s *db, char text[DESCRIPTION_MAX])
{
	struct strbuf b;

	strbuf_init(&b, text, DESCRIPTION_MAX);
	text_safe(&b, db->metadata.database_type, TYPE_MAX);
	strbuf_text(&b, " of ");
	time_text_iso(&b, db->metadata.build_epoch * (uint64_t)NS_PER_S, "Z");
	return text;
}

/* A FIFO would keep the start waiting. returns NULL, or why it cannot be opened */
static const char *
open_database(const char *path, MMDB_s *ret_db)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "it is no file";
	int status = MMDB_open(path, MMDB_MODE_MMAP, ret_db);
	return status == MMDB_SUCCESS ? NULL : MMDB_strerror(status);
}

static bool
add(struct geo *g, const char *path, const char *setting)
{
	char text[DESCRIPTION_MAX];
	MMDB_s db = { 0 };
	const char *wrong = open_database(path, &db);

	if (wrong != NULL) {
		log_warnx("site", "cannot open %s (%s), " REMEDY, path, wrong, setting);
		return false;
	}
	wrong = geo_add(g, &db);
	if (wrong != NULL) {
		log_warnx("site", "%s: %s, " REMEDY, path, wrong, setting);
		MMDB_close(&db);
		return false;
	}
	log_info("site", "%s: %s", path, describe(&db, text));
	return true;
}

static bool
is_named(const char *path)
{
	return path != NULL && path[0] != '\0';
}

struct geo *
geo_file_load(const char *countries, const char *networks)
{
	bool twice = is_named(countries) && is_named(networks) && strcmp(countries, networks) == 0;
	bool any = false;

	if (!is_named(countries) && !is_named(networks))
		return NULL;
	struct geo *g = geo_new();
	if (g == NULL)
		return NULL;
	if (is_named(countries))
		any |= add(g, countries, "countries");
	if (is_named(networks) && !twice)
		any |= add(g, networks, "networks");
	if (any)
		return g;
	geo_free(g);
	return NULL;
}
