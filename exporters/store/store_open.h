/*
 * store_open.h -- a store's file: made, opened again or refused; and how its rows get onto the disk.
 *
 * Rows are written in transactions of many. A transaction that fails is given up as a whole, what is in the file
 * stays as it was: whoever reads, and whoever opens it after a crash, finds whole transactions.
 */
#pragma once

#include "exporters/store/store_statement.h"

#include <stdbool.h>
#include <stdint.h>

struct run_info;

enum { STORE_TEXT_MAX = 64 * 1024, STORE_PAGE_BYTES = 4096 };

struct store {
	char *path;
	bool live;
	bool is_locked;
	int lock_fd; /* of the file, while it is locked */
	int64_t run; /* the row of this run */
	struct store_statements statements;
	bool begun;                /* a transaction is open */
	uint64_t log_pages_max;    /* at which the log is moved into the file, and cut */
	uint64_t wal_pages;        /* that a reader keeps from being moved into the file */
	char text[STORE_TEXT_MAX]; /* scratch of whoever puts a text together */
};

/*
 * Open a store. Over files it is made anew; live it is opened again, and made if it is not there.
 *
 * path     below the output directory unless it begins with '/'
 * size_max bytes that the file and its log are to take
 * memory   bytes that SQLite may take
 * returns  0; -EEXIST: there is something that is no store, or that the run reads; -EPROTO: it is a store of
 *          another version; -EBUSY: another run writes to it; another -errno. Nothing is changed then, the line that tells the person is logged,
 *          and store_close() accepts it
 */
int store_open(struct store *s, const struct run_info *run, const char *path, uint64_t size_max,
	uint64_t memory);

/* Begin a transaction unless one is open. returns false when that failed */
bool store_begin(struct store *s);
/* End it: what was written is there. returns false when it is not; store_give_up() is due then */
bool store_commit(struct store *s);
/* Undo what was written since store_begin(), and forget that something failed. returns why it did, for a person */
const char *store_give_up(struct store *s);

/* Without a commit: move what readers no longer keep from the log into the file. Between two transactions. */
void store_log_move(struct store *s);

/* Bytes of the file as it would be with everything moved into it, and how many of them are free. */
uint64_t store_size(struct store *s);
uint64_t store_free(struct store *s);

/* End the last transaction, and close. returns 0, or -EIO when something is not in the file; logged */
int store_close(struct store *s);
