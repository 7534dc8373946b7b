/* attack.h -- the ATT&CK techniques that our evidence points to (Enterprise matrix). */
#pragma once

struct attack {
	const char *technique;      /* "T1046" */
	const char *technique_name; /* "Network Service Discovery" */
	const char *tactic;         /* "TA0007" */
	const char *tactic_name;    /* "Discovery" */
};

/* returns the row of `technique`, or NULL when it has none; static, never freed */
const struct attack *attack_find(const char *technique);
