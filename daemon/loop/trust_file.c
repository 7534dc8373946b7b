#include "daemon/loop/trust_file.h"

#include "daemon/base/log.h"
#include "daemon/loop/whole_file.h"
#include "daemon/proto/x509_trust.h"
#include "daemon/settings/settings.h"

#include <stdlib.h>
#include <string.h>

/* Debian's bundle has 220 KiB. */
enum { FILE_BYTES_MAX = 8 * 1024 * 1024 };

#define REMEDY                                                                                                   \
	"no chain of certificates is verified; install ca-certificates, or set protocols.trust_store to a file " \
	"of certificates in PEM, or to \"\""

struct x509_trust *
trust_file_load(const struct settings *s)
{
	const char *path = s->protocols.trust_store;
	char *text;
	bool any = false;

	if (s->protocols.read != PROTOCOLS_ALL || path == NULL || path[0] == '\0')
		return NULL;
	ssize_t size = whole_file_read(path, FILE_BYTES_MAX, &text);
	struct x509_trust *trust = size >= 0 ? x509_trust_new() : NULL;
	if (trust != NULL)
		any = x509_trust_add(trust, text, (size_t)size);
	free(text);
	if (any)
		return trust;
	if (size < 0)
		log_warnx(
			"certificates", "cannot read %s: %s, " REMEDY, path, strerror((int)-size));
	else if (trust == NULL)
		log_warnx("certificates",
			"no memory left for %s, no chain of certificates is verified", path);
	else
		log_warnx("certificates", "no certificate in %s, " REMEDY, path);
	x509_trust_free(trust);
	return NULL;
}
