/* store_schema.h -- what a store is made of (docs/STORE.md): its tables, its views, its indexes. */
#pragma once

enum {
	STORE_APPLICATION_ID = 0x6e616964, /* "naid": file(1) and we tell a store by it */
	STORE_VERSION = 2,                 /* `user_version`; another one has other tables */
};

/* The statements that make tables and views where there is nothing; NULL ends them. */
extern const char *const store_schema[];

/*
 * What it is looked up by; nothing is done where they are there already. Over files they are made at the
 * end, which costs a fourth of keeping them up to date.
 */
extern const char *const store_indexes[];
