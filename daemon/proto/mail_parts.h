/*
 * mail_parts.h -- what a mail carries (RFC 2045, RFC 2046): each part of it that is no multipart is a file.
 *
 * Read as it comes, cut anywhere. Of a part are kept its name, and what carried.h keeps of a file; its bytes
 * are decoded for that, and never kept. Mails in mails are followed. Deeper than MAIL_LEVELS_MAX a multipart
 * is one file; parts after the first MAIL_PARTS_MAX are not told.
 */
#pragma once

#include "daemon/proto/carried.h"
#include "daemon/proto/mail_code.h"

#include <stdbool.h>

enum {
	MAIL_LEVELS_MAX = 4,
	MAIL_PARTS_MAX = 100,
	MAIL_BOUNDARY_MAX = 70, /* bytes of one (RFC 2046 section 5.1.1) */
	MAIL_PART_LINE_MAX =
		512, /* of a header's line with those that go on with it; the rest is cut */
	MAIL_FILENAME_MAX = 160, /* the NUL included; the rest is cut */
	MAIL_FUIDS_MAX = 8,      /* files that are listed with the mail */
};

/* All zero is the beginning of a mail. */
struct mail_parts {
	uint8_t phase;    /* enum phase of mail_parts.c */
	uint8_t levels;   /* multiparts that are open */
	uint8_t count;    /* parts so far, the mail itself included */
	uint8_t line_end; /* bytes of the last line's end: it belongs to a boundary if one follows */
	bool is_in_line;  /* the line is known to be no boundary */
	bool has_cr;      /* one came last */
	bool is_ended;    /* a header's line ended: it may go on in the next one */
	bool is_multipart, is_message;
	uint16_t held; /* bytes at `line` */
	uint8_t fuid_count;
	uint32_t serial; /* of the conversation's next file */
	struct mail_decoder decoder;
	char line[MAIL_PART_LINE_MAX]; /* of a header; or what may be a boundary */
	char boundary[MAIL_LEVELS_MAX][MAIL_BOUNDARY_MAX + 1];
	char filename[MAIL_FILENAME_MAX];
	char fuids[MAIL_FUIDS_MAX][FILE_UID_MAX];
	struct carried file;
};

/* The next bytes of a mail, its header included. */
void mail_parts_read(struct mail_parts *p, const struct proto_call *call, struct cursor bytes);

/* So many bytes are missing. */
void mail_parts_gap(struct mail_parts *p, const struct proto_call *call, uint32_t missing);

/* No more comes: tell the part that was coming. The list of files stays. */
void mail_parts_end(struct mail_parts *p, const struct proto_call *call);

/* The next mail of the conversation begins. */
void mail_parts_forget(struct mail_parts *p);
