#include "daemon/loop/suffix_file.h"

#include "daemon/base/log.h"
#include "daemon/knowledge/public_suffix.h"

#include <libpsl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

/* libpsl takes any text for a list, so it is asked what every list knows. */
static bool
is_list(const psl_ctx_t *list)
{
	const char *com = psl_registrable_domain(list, "www.example.com");
	const char *co_uk = psl_registrable_domain(list, "www.example.co.uk");

	return com != NULL && strcmp(com, "example.com") == 0 && co_uk != NULL &&
	       strcmp(co_uk, "example.co.uk") == 0;
}

/* A FIFO would keep the start waiting. returns NULL when there is none in the file */
static psl_ctx_t *
read_list(const char *path)
{
	struct stat st;
	psl_ctx_t *list = stat(path, &st) == 0 && S_ISREG(st.st_mode) ? psl_load_file(path) : NULL;

	if (list == NULL || is_list(list))
		return list;
	psl_free(list);
	return NULL;
}

struct public_suffix *
suffix_file_load(const char *path)
{
	bool named = path != NULL && path[0] != '\0';
	psl_ctx_t *list = named ? read_list(path) : NULL;

	if (list == NULL) {
		if (named)
			log_info("site", "no list of public suffixes in %s, libpsl's own is taken",
				path);
		list = psl_latest(NULL);
	}
	struct public_suffix *p = list == NULL ? NULL : public_suffix_new(list);
	if (p == NULL) {
		psl_free(list);
		log_warnx("site",
			"who registered a name is not known, without a list of public suffixes: "
			"install publicsuffix, or set site.public_suffixes");
	}
	return p;
}
