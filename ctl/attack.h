/* attack.h -- techniques of MITRE ATT&CK that evidence points to: what they are called, and where they stand. */
#pragma once

#include <stddef.h>

/* Columns of the matrix (enterprise), in its order. */
enum attack_tactic {
	ATTACK_RECONNAISSANCE,
	ATTACK_RESOURCES,
	ATTACK_INITIAL_ACCESS,
	ATTACK_EXECUTION,
	ATTACK_PERSISTENCE,
	ATTACK_EVASION,
	ATTACK_CREDENTIALS,
	ATTACK_DISCOVERY,
	ATTACK_LATERAL,
	ATTACK_COLLECTION,
	ATTACK_CONTROL,
	ATTACK_EXFILTRATION,
	ATTACK_IMPACT,
	ATTACK_OTHER, /* a number that is not known here */
	ATTACK_TACTICS,
};

const char *attack_tactic_name(enum attack_tactic t);

/*
 * Look a number up: "T1046", "T1071.001". Of a sub-technique that is not known, its technique.
 *
 * ret_name  what it is called; "" when it is not known
 * returns   the column where it stands; of those that stand in several, the one that a sensor of the network means
 */
enum attack_tactic attack_find(const char *id, const char **ret_name);
