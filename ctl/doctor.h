/*
 * doctor.h -- what is wrong with a sensor, and what to do about it.
 *
 * Facts are read in one place and judged in another: each judgement is a function of facts, and adds rows.
 */
#pragma once

#include "ctl/arguments.h"
#include "ctl/exit_code.h"
#include "ctl/member.h"

#include <stdint.h>

enum { DOCTOR_ROWS_MAX = 128, DOCTOR_TEXT_MAX = 480, DOCTOR_AREA_MAX = 48 };

enum doctor_state { DOCTOR_OK, DOCTOR_WARN, DOCTOR_BAD };

struct doctor_row {
	enum doctor_state state;
	const char *state_text; /* "OK", "WARN", "BAD" */
	const char *area;       /* what was looked at */
	const char *text;       /* a sentence */
	const char *remedy;     /* the command or setting; "" of what is well */
	char area_memory[DOCTOR_AREA_MAX];
	char text_memory[DOCTOR_TEXT_MAX];
	char remedy_memory[DOCTOR_TEXT_MAX];
};

struct doctor {
	struct doctor_row rows[DOCTOR_ROWS_MAX];
	size_t count;
};

extern const struct member_table doctor_rows;

/* What is past the bound is left out. returns the row, for doctor_remedy(); or NULL */
struct doctor_row *doctor_add(struct doctor *d, const char *area, enum doctor_state state,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* What to do about it; a NULL row is passed over. */
void doctor_remedy(struct doctor_row *row, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

bool doctor_is_bad(const struct doctor *d);

/* Its rows, as a table for people or as JSON. */
void doctor_show(const struct doctor *d, bool json, const struct table_terminal *terminal);

/* ---- an interface ---- */

struct doctor_interface {
	const char *name;
	bool exists, up, running;
	bool wants_promiscuous, knows_promiscuous, promiscuous;
	bool sees; /* a sensor captures on it now */
	bool knows_offload, gro, lro;
};

void doctor_interface_read(const char *name, struct doctor_interface *ret);
void doctor_interface_judge(struct doctor *d, const struct doctor_interface *i);
/* Those of capture.interfaces, in settings as --print-config prints them. */
void doctor_interfaces_of(struct doctor *d, const char *settings);

/* ---- a sensor, and the file of its settings ---- */

/*
 * Does it answer, does naiad take them.
 *
 * file       NULL: there is none, the defaults are in force
 * error      why not, a line; NULL: it does
 * is_denied  it is not to us that it does
 */
void doctor_answer_judge(struct doctor *d, const char *socket, const char *error, bool is_denied);
void doctor_settings_judge(struct doctor *d, const char *file, const char *error, bool is_denied);

/* ---- what a sensor says: its "status" and its "metrics" ---- */

/* Packets that were lost, directions that are missing, silence; of each interface. */
void doctor_traffic_judge(
	struct doctor *d, const json_t *status, const json_t *metrics, uint64_t now_ns);
/* Lists of threat intelligence. */
void doctor_feeds_judge(struct doctor *d, const json_t *metrics, uint64_t now_ns);
/* Outputs, memory, the last reload. */
void doctor_sensor_judge(struct doctor *d, const json_t *status);

/* ---- the machine ---- */

struct doctor_clock {
	uint64_t now_ns;
	bool knows_sync, synchronised;
	double steps; /* of the packets' clock; 0: none */
};

void doctor_clock_read(struct doctor_clock *ret);
void doctor_clock_judge(struct doctor *d, const struct doctor_clock *c);

struct doctor_file {
	const char *setting, *path; /* path "": not set */
	const char *gives;          /* what is unknown without it */
	const char *get;            /* how to get one */
	const char *renew;          /* how to get a newer one */
	bool readable;
	uint64_t age_s;
};

void doctor_file_judge(struct doctor *d, const struct doctor_file *f);

struct doctor_disk {
	const char *path;
	bool known;
	uint64_t total, available; /* bytes */
	uint64_t store, store_max; /* bytes of the store; 0: there is none */
};

void doctor_disk_judge(struct doctor *d, const struct doctor_disk *f);

struct doctor_right {
	const char *program; /* "": not installed */
	bool runs;           /* a sensor answers */
	bool root, has_capability, has_unit;
};

void doctor_right_judge(struct doctor *d, const struct doctor_right *r);

/* Files, disk and rights as they are. settings: as --print-config prints them; NULL: not known */
void doctor_host(struct doctor *d, const char *settings, bool runs, const char *program);

/* A value of settings that were printed: "site", "vendors". returns false when it is not there, or null */
bool doctor_setting(
	const char *settings, const char *section, const char *key, char *ret, size_t size);

/* All of it, printed. returns EXIT_REFUSED when something is bad */
enum exit_code doctor_run(const struct arguments *a, const struct table_terminal *terminal);
