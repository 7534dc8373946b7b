#include "daemon/loop/trust_file.h"

#include "daemon/base/log.h"
#include "daemon/proto/x509_trust.h"
#include "daemon/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Debian's bundle has 220 KiB. */
enum { FILE_BYTES_MAX = 8 * 1024 * 1024 };

#define REMEDY                                                                                                   \
	"no chain of certificates is verified; install ca-certificates, or set protocols.trust_store to a file " \
	"of certificates in PEM, or to \"\""

/* returns the bytes that were read, or -errno */
static ssize_t
read_all(int fd, char *ret_text, size_t room)
{
	size_t size = 0;

	while (size < room) {
		ssize_t n = read(fd, ret_text + size, room - size);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			break;
		if (n > 0)
			size += (size_t)n;
	}
	return (ssize_t)size;
}

/* The whole file. returns its bytes, or -errno */
static ssize_t
file_text(const char *path, char **ret_text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t result = -EFBIG;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) != 0)
		result = -errno;
	else if (!S_ISREG(st.st_mode))
		result = -EINVAL;
	else if (st.st_size <= FILE_BYTES_MAX)
		result = (*ret_text = malloc((size_t)st.st_size + 1)) == NULL
				 ? -ENOMEM
				 : read_all(fd, *ret_text, (size_t)st.st_size);
	(void)close(fd);
	return result;
}

struct x509_trust *
trust_file_load(const struct settings *s)
{
	const char *path = s->protocols.trust_store;
	char *text = NULL;
	bool any = false;

	if (s->protocols.read != PROTOCOLS_ALL || path == NULL || path[0] == '\0')
		return NULL;
	ssize_t size = file_text(path, &text);
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
