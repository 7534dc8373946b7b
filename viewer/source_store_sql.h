/* source_store_sql.h -- what a store is asked, as SQL; columns are read in the order in which they stand there. */
#pragma once

enum store_question {
	ASK_VERSION, /* of the data: it is another number after somebody wrote */
	ASK_BEGIN,
	ASK_END,
	ASK_PROFILE,
	ASK_ANCHOR,
	ASK_WINDOW_ROWS,
	ASK_PROFILES,
	ASK_WINDOWS,
	ASK_SUMS,
	ASK_ALL_SUMS,
	ASK_ENTRY_COUNT,
	ASK_ENTRIES,
	ASK_FLOWS_BY_UID,
	ASK_FLOWS_OF_WINDOW,
	ASK_EVIDENCE_OF_WINDOW,
	ASK_EVIDENCE_OF_HOST,
	ASK_EVIDENCE,
	ASK_EVIDENCE_UIDS,
	ASK_ALERTS,
	ASK_ALERT_EVIDENCE,
	ASK_SOURCE_PORTS,
	ASK_PEERS,
	ASK_PORTS,
	ASK_PORTS_BY_PEER,
	ASK_TUPLES,
	ASK_SERVER_NAMES,
	ASK_ADDRESS,
	ASK_ADDRESS_NAMES,
	ASK_DEVICES,
	ASK_DEVICE_ADDRESSES,
	ASK_DEVICE_NAMES,
	ASK_LOSSES,
	ASK_RUN,
	STORE_QUESTIONS,
};

extern const char *const source_store_sql[STORE_QUESTIONS];
