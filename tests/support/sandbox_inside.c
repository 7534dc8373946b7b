/*
 * sandbox_inside engine|writer|none [reopen] [wait] [user NAME] -- enter a sandbox and try to leave it.
 *
 * Becomes what the daemon's processes become, with the places of sandbox_probes.h, and prints a line
 * for each attempt, then what the kernel says of this process: "status CapEff 0000000000000000". With
 * `wait` it prints "ready" instead and waits to be ended, so that something else can try.
 * `sandbox_inside abi` prints the ABI of the kernel's Landlock, or 0.
 */
#include "daemon/loop/privilege/privilege.h"
#include "tests/support/sandbox_probes.h"

#include <errno.h>
#include <linux/landlock.h>
#include <openssl/evp.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As capture_live opens an interface: socket, ring, counters. */
static int
open_loopback(void *context)
{
	char error[PCAP_ERRBUF_SIZE];
	struct pcap_stat counters;

	(void)context;
	pcap_t *p = pcap_create("lo", error);
	if (p == NULL)
		return -ENOMEM;
	(void)pcap_set_promisc(p, 1);
	(void)pcap_set_timeout(p, 100);
	int result = pcap_activate(p);
	if (result >= 0 && pcap_setnonblock(p, 1, error) == 0 && pcap_stats(p, &counters) == 0)
		result = 0;
	else
		result = result == PCAP_ERROR_PERM_DENIED ? -EPERM : -EIO;
	pcap_close(p);
	return result;
}

/* libcrypto looks for its settings when it is first used. */
static int
hash_something(void)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned length = 0;

	return EVP_Digest("naiad", 5, hash, &length, EVP_sha256(), NULL) == 1 ? 0 : -EIO;
}

static void
tell_status(void)
{
	static const char *const wanted[] = { "Uid:", "Groups:", "Umask:", "CapInh:", "CapPrm:",
		"CapEff:", "CapBnd:", "CapAmb:", "NoNewPrivs:", "Seccomp:" };
	char line[256];
	char value[128];
	struct stat st;
	struct rlimit core;

	FILE *f = fopen("/proc/self/status", "re");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
			size_t length = strlen(wanted[i]);
			if (strncmp(line, wanted[i], length) != 0)
				continue;
			value[0] = '\0';
			(void)sscanf(line + length, "%127s", value);
			(void)printf("status %.*s %s\n", (int)length - 1, wanted[i], value);
		}
	if (f != NULL)
		(void)fclose(f);
	/* a process that cannot be dumped or traced has its /proc owned by root */
	if (stat("/proc/self/mem", &st) == 0)
		(void)printf("status MemOwner %u\n", (unsigned)st.st_uid);
	if (getrlimit(RLIMIT_CORE, &core) == 0)
		(void)printf("status Core %llu\n", (unsigned long long)core.rlim_max);
}

int
main(int argc, char *argv[])
{
	const struct sandbox_place place = sandbox_place_from_environment();
	const char *reads[] = { place.read, NULL };
	const char *writes[] = { place.write, NULL };
	struct privilege_plan plan = { .sandbox = true, .read_paths = reads };
	bool wait = false;
	char error[512];

	for (int i = 2; i < argc; i++) {
		plan.keep_net_raw |= strcmp(argv[i], "reopen") == 0;
		wait |= strcmp(argv[i], "wait") == 0;
		if (strcmp(argv[i], "user") == 0 && i + 1 < argc)
			plan.user = argv[++i];
	}
	if (argc == 2 && strcmp(argv[1], "abi") == 0) {
		long abi = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0,
			LANDLOCK_CREATE_RULESET_VERSION);
		(void)printf("%ld\n", abi < 0 ? 0 : abi);
		return 0;
	}
	if (argc < 2 || place.read == NULL || place.write == NULL || place.other == NULL) {
		(void)fprintf(stderr, "usage: sandbox_inside engine|writer|none, see its source\n");
		return 2;
	}
	if (strcmp(argv[1], "writer") == 0) {
		plan.process = PRIVILEGE_WRITER;
		plan.write_paths = writes;
	}
	(void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	if (strcmp(argv[1], "none") != 0 && privilege_drop(&plan, error, sizeof(error)) != 0) {
		(void)fprintf(stderr, "%s\n", error);
		return 1;
	}
	if (wait) {
		(void)printf("ready\n");
		for (;;)
			(void)poll(NULL, 0, -1);
	}
	sandbox_probes_run(STDOUT_FILENO, &place);
	sandbox_probe_tell(STDOUT_FILENO, "hash_something", hash_something());
	sandbox_probe_tell(
		STDOUT_FILENO, "open_interface", privilege_with_net_raw(open_loopback, NULL));
	tell_status();
	return 0;
}
