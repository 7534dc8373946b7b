#include "daemon/loop/vendor_file.h"

#include "daemon/base/log.h"
#include "daemon/knowledge/oui.h"
#include "daemon/loop/whole_file.h"

#include <errno.h>
#include <stdlib.h>

enum { FILE_MAX_BYTES = 32 * 1024 * 1024 };

/* returns NULL, with errno, when it cannot be had */
static struct oui *
read_list(const char *path)
{
	char *bytes;
	ssize_t size = whole_file_read(path, FILE_MAX_BYTES, &bytes);

	if (size < 0) {
		errno = (int)-size;
		return NULL;
	}
	struct oui *o = oui_new(cursor_over(bytes, (size_t)size));
	free(bytes);
	return o;
}

struct oui *
vendor_file_load(const char *path, uint32_t wanted)
{
	const bool is_shown = (wanted & RECORD_BIT(RECORD_DEVICE)) != 0;

	if (path == NULL || path[0] == '\0' ||
		(!is_shown && (wanted & RECORD_BIT(RECORD_EVIDENCE)) == 0))
		return NULL;
	errno = 0;
	struct oui *o = read_list(path);
	if (!is_shown)
		return o;
	if (o == NULL) {
		log_warn("site",
			"devices have no vendors, install ieee-data or set site.vendors: cannot read %s",
			path);
	} else if (oui_count(o) == 0) {
		log_warnx("site",
			"devices have no vendors: %s names none; the IEEE's oui.txt is expected",
			path);
		oui_free(o);
		o = NULL;
	}
	return o;
}
