/* attack_matrix.h -- evidence of all hosts by the technique of ATT&CK that it points to. */
#pragma once

#include "viewer/model.h"

struct attack_technique {
	const char *id, *name, *tactic; /* name: "" when the table has no row of it */
	size_t column, row;             /* in the matrix: only tactics that were seen are columns */
	size_t count, hosts;
	size_t first; /* its evidence, in the matrix' order */
	const struct source_evidence *last;
};

/* In the memory of the picture. */
struct attack_matrix {
	const struct source_evidence **evidence; /* by technique, host and time */
	struct attack_technique *techniques;     /* by column, then as often as seen */
	size_t count, columns;
	size_t silenced; /* evidence that a rule took out: it is in no count */
	bool is_full;    /* memory was out: nothing is here */
};

/* The source is asked; the model's filter holds. */
struct attack_matrix attack_matrix_of(struct model *m);

struct attack_host {
	size_t count;
	const struct source_evidence *last;
};

/* Hosts of a technique, those with most evidence first. returns how many lie at *ret */
size_t attack_matrix_hosts(const struct attack_matrix *x, const struct attack_technique *t,
	struct arena *memory, struct attack_host **ret);
