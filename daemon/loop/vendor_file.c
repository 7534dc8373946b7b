#include "daemon/loop/vendor_file.h"

#include "daemon/base/log.h"
#include "daemon/oui.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_MAX_BYTES = 32 * 1024 * 1024, FILE_STEP = 1024 * 1024 };

/* All of a file, to be freed. returns NULL, with errno, when it cannot be had */
static uint8_t *
read_all(FILE *f, size_t *ret_size)
{
	uint8_t *bytes = NULL;
	size_t size = 0;

	for (;;) {
		uint8_t *more = realloc(bytes, size + FILE_STEP);
		if (more == NULL || size > FILE_MAX_BYTES) {
			errno = more == NULL ? ENOMEM : EFBIG;
			free(more != NULL ? more : bytes);
			return NULL;
		}
		bytes = more;
		size_t got = fread(bytes + size, 1, FILE_STEP, f);
		size += got;
		if (got < FILE_STEP)
			break;
	}
	*ret_size = size;
	if (ferror(f) == 0)
		return bytes;
	free(bytes);
	return NULL;
}

static struct oui *
read_list(const char *path)
{
	FILE *f = fopen(path, "re");
	struct oui *o = NULL;
	size_t size;

	if (f == NULL)
		return NULL;
	uint8_t *bytes = read_all(f, &size);
	if (bytes != NULL)
		o = oui_new(cursor_over(bytes, size));
	free(bytes);
	(void)fclose(f);
	return o;
}

struct oui *
vendor_file_load(const char *path, uint32_t wanted)
{
	if (path == NULL || path[0] == '\0' || (wanted & RECORD_BIT(RECORD_DEVICE)) == 0)
		return NULL;
	errno = 0;
	struct oui *o = read_list(path);
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
