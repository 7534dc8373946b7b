#include "daemon/loop/listen_address.h"

#include "daemon/base/addr.h"
#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { QUOTED_MAX = 80, PORT_MAX = 65535, UNIX_ERROR_MAX = 256 };

static const char unix_prefix[] = "unix:";

/* returns false unless `text` is a number up to 65535 and nothing else */
static bool
port_parse(const char *text, uint16_t *ret_port)
{
	unsigned value = 0;

	if (*text == '\0')
		return false;
	for (; *text >= '0' && *text <= '9'; text++) {
		value = value * 10 + (unsigned)(*text - '0');
		if (value > PORT_MAX)
			return false;
	}
	if (*text != '\0')
		return false;
	*ret_port = (uint16_t)value;
	return true;
}

bool
listen_address_parse(const char *text, struct addr *ret_addr, uint16_t *ret_port)
{
	bool brackets = text[0] == '[';
	const char *end = brackets ? strchr(text, ']') : strchr(text, ':');
	char host[ADDR_TEXT_MAX];

	text += brackets;
	if (end == NULL || (size_t)(end - text) >= sizeof(host))
		return false;
	memcpy(host, text, (size_t)(end - text));
	host[end - text] = '\0';
	end += brackets;
	return *end == ':' && port_parse(end + 1, ret_port) && addr_parse(host, ret_addr) &&
	       addr_is_v4(ret_addr) != brackets;
}

static int
say(struct strbuf *error, int result, const char *what, const char *text)
{
	log_quote(error, text, strlen(text), QUOTED_MAX);
	strbuf_printf(error, ": %s", what);
	return result;
}

static int
say_errno(struct strbuf *error, int result, const char *text)
{
	const char *what = strerror(-result);

	if (result == -EADDRINUSE)
		what = "somebody else listens there; stop it, or name another address";
	else if (result == -EADDRNOTAVAIL)
		what = "this machine does not have that address";
	return say(error, result, what, text);
}

static int
listen_on(const struct sockaddr *address, socklen_t length, int backlog)
{
	int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1;

	if (fd < 0)
		return -errno;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	/* "[::]:9947" is IPv6 alone: who wants IPv4 says so. */
	if (address->sa_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, address, length) == 0 && listen(fd, backlog) == 0)
		return fd;
	int result = -errno;
	(void)close(fd);
	return result;
}

static int
tcp_open(const struct addr *addr, in_port_t port, int backlog, struct listen_address *a)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = port };
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = port };
	bool is_four = addr_is_v4(addr);
	char text[ADDR_TEXT_MAX];
	socklen_t length = sizeof(six);

	memcpy(&six.sin6_addr, addr->byte, sizeof(six.sin6_addr));
	memcpy(&four.sin_addr, addr->byte + 12, sizeof(four.sin_addr));
	int fd = is_four ? listen_on((const struct sockaddr *)&four, sizeof(four), backlog)
			 : listen_on((const struct sockaddr *)&six, sizeof(six), backlog);
	if (fd < 0)
		return fd;
	a->fd = fd;
	/* The port is in the same place of both. */
	if (getsockname(a->fd, (struct sockaddr *)&six, &length) == 0)
		port = six.sin6_port;
	(void)snprintf(a->text, sizeof(a->text), is_four ? "%s:%u" : "[%s]:%u",
		addr_format(addr, text), ntohs(port));
	a->is_public = !addr_is_loopback(addr);
	return 0;
}

static int
unix_open(const char *path, int backlog, const struct unix_socket_owner *owner,
	struct listen_address *a, struct strbuf *error)
{
	char text[UNIX_ERROR_MAX];
	int result;

	if (path[0] != '/')
		return say(error, -EINVAL, "a path after unix: begins with /", path);
	result = unix_socket_open(&a->unix_socket, path, backlog, owner, text, sizeof(text));
	if (result < 0) {
		strbuf_text(error, text);
		return result;
	}
	a->fd = a->unix_socket.fd;
	(void)snprintf(a->text, sizeof(a->text), "%s%s", unix_prefix, path);
	return 0;
}

int
listen_address_open(const char *text, int backlog, const struct unix_socket_owner *owner,
	struct listen_address *ret_address, char *ret_error, size_t error_size)
{
	struct strbuf error;
	struct addr addr;
	uint16_t port;

	strbuf_init(&error, ret_error, error_size);
	*ret_address = (struct listen_address){ .fd = -1, .unix_socket = { .fd = -1 } };
	if (strncmp(text, unix_prefix, strlen(unix_prefix)) == 0)
		return unix_open(text + strlen(unix_prefix), backlog, owner, ret_address, &error);
	if (!listen_address_parse(text, &addr, &port))
		return say(&error, -EINVAL,
			"no address to listen on; write ADDRESS:PORT, [ADDRESS]:PORT or "
			"unix:/PATH, in numbers",
			text);
	int result = tcp_open(&addr, htons(port), backlog, ret_address);
	return result < 0 ? say_errno(&error, result, text) : 0;
}

void
listen_address_close(struct listen_address *a)
{
	if (a->unix_socket.fd >= 0)
		unix_socket_close(&a->unix_socket);
	else if (a->fd >= 0)
		(void)close(a->fd);
	a->fd = -1;
}
