/*
 * notify_listen PATH -- stand in for systemd at the end of $NOTIFY_SOCKET.
 *
 * Each message becomes a line: milliseconds on the monotonic clock, then the message, its line feeds
 * as blanks. Ends when it is killed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>

enum { MESSAGE_MAX = 4096 };

static void
tell(char *message)
{
	struct timespec now;

	for (char *at = strchr(message, '\n'); at != NULL; at = strchr(at, '\n'))
		*at = ' ';
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	(void)printf("%lld %s\n", (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000, message);
	(void)fflush(stdout);
}

int
main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char message[MESSAGE_MAX];
	ssize_t length = 0;

	if (argc != 2 || strlen(argv[1]) >= sizeof(address.sun_path)) {
		(void)fputs("usage: notify_listen PATH\n", stderr);
		return 2;
	}
	memcpy(address.sun_path, argv[1], strlen(argv[1]) + 1);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
		perror(argv[1]);
		return EXIT_FAILURE;
	}
	while ((length = recv(fd, message, sizeof(message) - 1, 0)) >= 0) {
		message[length] = '\0';
		tell(message);
	}
	perror("recv");
	return EXIT_FAILURE;
}
