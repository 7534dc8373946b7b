/*
 * proto.h -- payload to observation: the one shape of every protocol parser.
 *
 * A parser is asked whether the first bytes of a flow are its own, is fed while it wants more, and
 * emits observations. It knows neither the flow table nor the detectors.
 *
 * Of TCP it is fed the bytes of both sides in the order of each side's numbers, cut anywhere, each
 * once; a gap stands for what will not come. A side whose first bytes nobody took before the other
 * side's were recognised is fed from where it stands by then.
 */
#pragma once

#include "daemon/base/cursor.h"
#include "daemon/decode/packet.h"
#include "daemon/observation.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum proto_verdict {
	PROTO_MORE, /* keep feeding me */
	PROTO_DONE, /* I have seen all I want of this flow */
	/*
	 * What I read is over, and in the same flow another protocol begins (STARTTLS, a proxy's CONNECT): all
	 * are asked about the next bytes. Nothing of mine is pending. Over datagrams all others are asked
	 * about this one, and about a few that follow.
	 */
	PROTO_HANDOVER,
	/*
	 * The first bytes lied. In answer to the first call for a flow: the next parser is asked about
	 * the same bytes; later it is as PROTO_DONE.
	 */
	PROTO_NOT_MINE,
};

enum proto_guess {
	PROTO_NO,
	PROTO_YES,
	PROTO_PERHAPS, /* TCP only: too few bytes to tell; ask again when there are more */
};

struct x509_trust;
struct protocol;

/* Another conversation that was announced in this one. */
struct proto_expected {
	struct addr opener, end; /* who will open it, and to whom */
	uint16_t port;           /* of `end` */
	const struct protocol *protocol;
};

/* Which files are digested. */
enum proto_digests {
	PROTO_DIGESTS_CODE, /* all but pictures, sound, films and fonts */
	PROTO_DIGESTS_ALL,
	PROTO_DIGESTS_NONE,
};

/* What a parser is handed for one call. */
struct proto_call {
	uint64_t ts_ns;       /* of the packet by which the bytes are known to be next */
	struct addr src, dst; /* who sent these bytes, and to whom */
	uint16_t src_port, dst_port;
	uint16_t interface;
	uint8_t hop_limit; /* of the datagram that brought the bytes; TCP: 0 */
	bool from_orig;    /* whether the sender opened the conversation */
	bool is_cut;       /* the packet had more payload than the capture has of it */
	enum proto_digests digests;
	/*
	 * OBS_BIT() of kinds that nobody hears: no outlet, timeline or detector. What would go into those alone need
	 * not be worked out; the names that hosts go by are learned from them all the same (site_hear.h).
	 */
	uint64_t unheard;
	void *state; /* of this flow; before its first call zeroed as struct protocol says */
	struct x509_trust *trust;        /* who may sign certificates; NULL: nobody asks */
	struct x509_cache *certificates; /* that were shown lately; NULL: each is parsed */
	void (*emit)(void *context, const struct observation *o);
	void (*weird)(void *context, enum weird kind); /* tell of something odd in these bytes */
	void (*expect)(void *context, const struct proto_expected *expected);
	/*
	 * Within this protocol the flow carries another one: its name is one more of the flow's services. Said as
	 * often as one likes; `service` is of static storage.
	 */
	void (*also)(void *context, const char *service);
	void *context;
};

/* Does anybody hear one of these kinds, OBS_BIT() of each? */
static inline bool
proto_is_heard(const struct proto_call *call, uint64_t kinds)
{
	return (kinds & ~call->unheard) != 0;
}

/* From the first to the last of them. */
struct byte_range {
	uint8_t first, last;
};

/* Ranges of bytes, for struct protocol's `begins`; behind them one that has none. */
#define PROTO_BEGINS(...) ((const struct byte_range[]){ __VA_ARGS__, { 1, 0 } })
#define PROTO_LETTER(letter)                               \
	{ (letter), (letter) },                            \
	{                                                  \
		(letter) - 'a' + 'A', (letter) - 'a' + 'A' \
	}

struct protocol {
	const char *name; /* the flow's service; "" when it is none */
	uint8_t ip_proto; /* IPPROTO_UDP, IPPROTO_TCP, or another one whose packets have a payload */
	size_t state_size; /* of what is remembered of a flow, at most STREAM_STATE_MAX */
	/* Of these so many, from the beginning, are zeroed before the first call; 0: all. What is behind them is room. */
	size_t state_zeroed;
	/* Bytes that looks_like() may take for a first one: it is not asked about others. NULL: about all. */
	const struct byte_range *begins;
	/*
	 * Could these first bytes of one side be ours? Cheap; the ports are only a hint. `call` has no
	 * state. NULL: bytes do not tell; another parser expects the flow.
	 */
	enum proto_guess (*looks_like)(const struct proto_call *call, struct cursor first_bytes);
	/*
	 * One message, or the next bytes of one side of the stream (TCP). Of ICMP and ICMPv6 the message
	 * begins with its type; of all others it is what is behind the transport header.
	 */
	enum proto_verdict (*parse)(struct proto_call *call, struct cursor bytes);
	/* TCP: so many bytes of that side were lost. NULL: it does not matter. */
	enum proto_verdict (*gap)(struct proto_call *call, uint32_t missing);
	/*
	 * All but TCP: does it remember nothing by now? Then the state goes, and is there again, zeroed, with
	 * the next message. NULL: it is kept to the end.
	 */
	bool (*is_idle)(const void *state);
	/*
	 * How many bytes of the state, from the first on, must stay while nothing is said for a while? The others are
	 * as before the first call when more is said, or in `end`. NULL: all.
	 */
	size_t (*keeps)(const void *state);
	/*
	 * The flow ended, or had to make room for others, while the parser wanted more: tell what is
	 * pending. Not called after PROTO_DONE. `call` is the originator's. NULL: nothing ever is.
	 */
	void (*end)(struct proto_call *call);
};

/* Bytes of a state that are zeroed before the first call. */
static inline size_t
proto_state_zeroed(const struct protocol *p)
{
	return p->state_zeroed > 0 ? p->state_zeroed : p->state_size;
}

enum { PROTOCOLS_MAX = 63 };

extern const struct protocol *const protocols[];
extern const size_t protocol_count;
