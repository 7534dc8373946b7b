#include "daemon/conn_state.h"

#include <string.h>

const char *
conn_state_name(enum conn_state s)
{
	static const char *const names[CONN_STATE_COUNT] = {
		[CONN_S0] = "S0",
		[CONN_S1] = "S1",
		[CONN_SF] = "SF",
		[CONN_REJ] = "REJ",
		[CONN_S2] = "S2",
		[CONN_S3] = "S3",
		[CONN_RSTO] = "RSTO",
		[CONN_RSTR] = "RSTR",
		[CONN_RSTOS0] = "RSTOS0",
		[CONN_RSTRH] = "RSTRH",
		[CONN_SH] = "SH",
		[CONN_SHR] = "SHR",
		[CONN_OTH] = "OTH",
	};

	return names[s];
}

bool
conn_state_of_name(const char *name, enum conn_state *ret_state)
{
	for (enum conn_state s = CONN_S0; s < CONN_STATE_COUNT; s++)
		if (strcmp(name, conn_state_name(s)) == 0) {
			*ret_state = s;
			return true;
		}
	return false;
}

const char *
flow_end_reason_name(enum flow_end_reason r)
{
	static const char *const names[FLOW_END_REASON_COUNT] = {
		[FLOW_END_NONE] = "none",
		[FLOW_END_CLOSED] = "closed",
		[FLOW_END_TIMEOUT] = "timeout",
		[FLOW_END_REUSED] = "tcp_reuse",
		[FLOW_END_EVICTED] = "forced",
		[FLOW_END_CAPTURE] = "shutdown",
	};

	return names[r];
}

bool
conn_state_established(enum conn_state s, uint64_t packets)
{
	switch (s) {
	case CONN_S1:
	case CONN_S2:
	case CONN_S3:
	case CONN_SF:
	case CONN_RSTO:
	case CONN_OTH:
		return true;
	case CONN_RSTR:
		/* Three packets are a SYN, its answer and the RST: nothing was said. */
		return packets > 3;
	case CONN_S0:
	case CONN_REJ:
	case CONN_RSTOS0:
	case CONN_RSTRH:
	case CONN_SH:
	case CONN_SHR:
	case CONN_STATE_COUNT:
		break;
	}
	return false;
}
