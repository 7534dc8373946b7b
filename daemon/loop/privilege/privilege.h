/*
 * privilege.h -- from here on this process can do its own work and nothing else.
 *
 * Called once in each process (the engine, which reads hostile bytes, and the writer, which owns the
 * files), after everything that needs a right has been opened and before the first packet.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum privilege_process {
	PRIVILEGE_ENGINE, /* packets in, listeners that are bound; opens files for reading only */
	PRIVILEGE_WRITER, /* files, and connections to syslog; never sees a packet */
};

/* All of it is borrowed for the call. */
struct privilege_plan {
	enum privilege_process process;
	const char *user;  /* whom root becomes; NULL: root stays root, without its capabilities */
	bool keep_net_raw; /* CAP_NET_RAW stays permitted, asleep, for privilege_with_net_raw() */
	bool sandbox;      /* Landlock and the filter of system calls too */
	pid_t may_signal;  /* the one other process that kill(2) reaches; 0: none */
	const char *const *read_paths;  /* ends in NULL; one that is not there is left out */
	const char *const *write_paths; /* ends in NULL; each must be there; the writer's only */
};

/*
 * Give up everything that the plan does not name. There is no way back.
 *
 * In order: user and groups; capabilities, the bounding set where that is allowed; no new
 * privileges, no core dumps, not traceable, umask 0027; Landlock; the filter of system calls. A
 * kernel without Landlock or seccomp costs a line in the log, said by the engine, and nothing else.
 *
 * What follows from it for the caller:
 *   - after it the engine opens nothing for writing and makes no connection: a datagram socket that
 *     it will write to (NOTIFY_SOCKET) is opened before, and connected if its name is abstract;
 *   - a rule holds for the directory that is there now: one that is removed and made again, or
 *     mounted over, is another; name its parent where that must work;
 *   - becoming another user clears PR_SET_PDEATHSIG;
 *   - a leak check at exit (LeakSanitizer) needs what is refused here.
 *
 * ret_error  what is wrong and what to do, one line
 * returns    0; -ENOENT no such user, or a write path is not there; -EINVAL the plan contradicts
 *            itself; another -errno. After an error the process is half closed: end it
 * cost       some ms, most of them building the filter
 */
int privilege_drop(const struct privilege_plan *plan, char *ret_error, size_t error_size);

/*
 * Call `act` with CAP_NET_RAW in effect, and put it back to sleep. Works before privilege_drop() too.
 *
 * returns  what `act` returned; -EPERM, and no call, when this process does not hold it
 */
int privilege_with_net_raw(int (*act)(void *context), void *context);
