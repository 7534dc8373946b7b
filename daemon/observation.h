/*
 * observation.h -- one typed thing a host was seen to do.
 *
 * Everything profiles, windows and detectors know, they are told through this type, whether it came
 * from packets or from somebody else's flow log. An observation is built on the stack, handed down,
 * and gone: copy values out of it, never keep pointers into it.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/conn_state.h"
#include "daemon/decode/tunnel_kind.h"
#include "daemon/weird.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum obs_kind {
	OBS_FLOW_START,   /* the first packet of a conversation */
	OBS_FLOW_INTERIM, /* it goes on: every `flow.interim` */
	OBS_FLOW_END,     /* it ended, timed out, or made room */
	OBS_ARP,          /* one ARP message */
	OBS_TUNNEL,       /* a conversation turned out to carry packets, or such a one ended */
	OBS_WEIRD,        /* something odd, in a way that somebody may have meant */
	/* Transactions: what was said in a conversation (transactions/). */
	OBS_DNS,
	OBS_HTTP,     /* a request and its response */
	OBS_TLS,      /* a handshake */
	OBS_QUIC,     /* how a connection began */
	OBS_X509,     /* a certificate that was shown */
	OBS_FILE,     /* a body or document that was carried */
	OBS_SSH,      /* a session: banners, key exchange, log-in */
	OBS_SMTP,     /* one message */
	OBS_FTP,      /* a command and its reply */
	OBS_LOGIN,    /* a log-in by any protocol, and whether it was let in */
	OBS_SOFTWARE, /* a program and its version, as a host tells it */
	OBS_IRC,
	OBS_DHCP,
	OBS_NAME, /* a host says its own name, or another's */
	OBS_NTP,
	OBS_SNMP,
	OBS_SIP,
	OBS_SMB,      /* a share */
	OBS_SMB_FILE, /* one of its files */
	OBS_NTLM,
	OBS_DCE_RPC,
	OBS_KERBEROS,
	OBS_RDP,
	OBS_MYSQL,
	OBS_REDIS,
	OBS_MQTT,       /* a session was opened */
	OBS_MQTT_TOPIC, /* something was published, or subscribed to */
	OBS_SOCKS,
	OBS_BITTORRENT,
	OBS_MINING,
	OBS_STUN,
	OBS_ND,    /* a message of IPv6's neighbour discovery */
	OBS_ALERT, /* another sensor raised its voice */
	OBS_PEER,  /* somebody whom the host talked with, told again: lists have changed since */
	OBS_KIND_COUNT,
};

#define OBS_BIT(kind) (UINT64_C(1) << (kind))

/* Which side of an observation the profile is that looks at it. */
enum obs_role {
	ROLE_CLIENT, /* it opened the conversation, asked, or spoke */
	ROLE_SERVER, /* it was asked */
};

/* "C" and 17 base-62 digits, as Zeek's; the same bytes give the same uid. */
struct flow_uid {
	char text[20];
};

/* What one side of a conversation sent. */
struct flow_side {
	uint64_t packets;
	uint64_t ip_bytes; /* of the IP packets, headers included */
	uint64_t
		payload_bytes; /* TCP: by sequence numbers, so lost and retransmitted bytes count once */
	uint64_t missed_bytes; /* TCP: acknowledged but never seen */
};

enum { FLOW_HISTORY_MAX = 24 };

/*
 * What carried a conversation that travelled in a tunnel. A tunnel that sends each direction under ports
 * of its own (VXLAN, Geneve) has a conversation for each.
 */
struct obs_outside {
	enum tunnel_kind kind;
	uint8_t depth;    /* 1: the conversation outside is in no tunnel itself */
	uint8_t ip_proto; /* of the packets outside */
	uint32_t id;      /* VNI, key, TEID or session of the first packet; 0 if there is none */
	struct addr src, dst;    /* ends of the first packet's outside */
	struct flow_uid uids[2]; /* the conversation that brought the first packet; and if the other
				  * direction came through another, that one: "" if not */
};

/*
 * A conversation, seen from the side that opened it.
 *
 * Totals are since its start. Deltas are since the previous observation of the same conversation:
 * their sum over all its observations is the total. Counters take deltas, rules on length and size
 * take totals.
 */
struct obs_flow {
	uint64_t id; /* at most 2^53 - 1; equal in all observations of the conversation */
	struct flow_uid uid;
	struct addr orig, resp; /* who opened it, and to whom */
	uint16_t orig_port;     /* host order; ICMP: the type, as Zeek has it */
	uint16_t resp_port;     /* host order; ICMP: the code, or the counterpart's type */
	uint8_t ip_proto;
	bool has_macs;
	struct mac orig_mac, resp_mac;
	uint16_t vlan, inner_vlan; /* of the first packet; 0 is none */
	uint16_t interface;        /* where the first packet was seen */
	uint32_t observed_on;      /* bit n: packets were seen on interface n */

	uint64_t start_ns;
	uint64_t last_ns;     /* its last packet; last_ns - start_ns is its duration */
	uint64_t previous_ns; /* last_ns of the previous observation, start_ns if there was none */
	struct flow_side orig_total, resp_total;
	struct flow_side orig_delta, resp_delta;

	enum conn_state state;
	enum flow_end_reason ended;
	bool established;    /* behaviour §4.4 on `state` and the packets so far */
	bool flipped;        /* roles were swapped: history has '^' */
	bool begun;          /* of a log: its beginning was told by itself before */
	const char *history; /* Zeek's history letters; "" if none */
	const char *service; /* what parsers recognised: "ssl", "smtp,ssl"; "" if nothing */
	bool service_known; /* who saw it would have named a service: without one there was none that is known */
	const char *label; /* what somebody else called it ("From-Botnet-V1"); "" if nobody did */
	const char *
		ignored_by; /* the rule of the whitelist by which nobody looked at it; NULL: they did */
	const struct obs_outside *outside; /* what carried it; NULL if it travelled by itself */
};

/*
 * A conversation is told as a tunnel at the first conversation inside it, and once more at its own end;
 * never for the packets in it, however many.
 */
struct obs_tunnel {
	enum tunnel_kind kind;
	bool closed; /* it ended */
	uint32_t id; /* of the first packet that showed it; 0 if it has none, and at its end */
	const struct obs_flow *flow; /* the conversation outside as it stands */
};

struct obs_arp {
	uint16_t operation; /* 1 request, 2 reply */
	struct mac eth_src, eth_dst;
	struct mac sender_mac, target_mac;
	struct addr sender, target;
};

/* Whom a host talked with in a window that is still open; `role` is the host's. */
struct obs_peer {
	struct addr peer;
	uint16_t port; /* the responder's; ICMP: the code */
	uint8_t ip_proto;
	bool established;           /* one of their conversations was */
	uint64_t first_ns, last_ns; /* when the first and the last of them began */
};

struct obs_weird {
	enum weird kind;
	struct addr src, dst;        /* of the packet that showed it */
	uint16_t src_port, dst_port; /* 0 when it has none */
	uint8_t ip_proto;
	uint64_t id;         /* of its conversation; 0 when it is of none that is known */
	struct flow_uid uid; /* "" then */
};

/* The conversation in which something was said. */
struct obs_talk {
	uint64_t id; /* as its struct obs_flow has it */
	struct flow_uid uid;
	struct addr orig, resp;
	uint16_t orig_port, resp_port;
	uint8_t ip_proto;
};

struct observation {
	enum obs_kind kind;
	enum obs_role role; /* filled in by the engine for each profile it is shown to */
	uint64_t
		ts_ns; /* its own time: of the packet that caused it, or of the flow's last packet */
	uint16_t interface;
	/* Of a transaction; the engine's to fill in: a parser knows no conversations. */
	const struct obs_talk *talk;
	uint64_t began_ns; /* of a transaction: its first packet's time; 0: as ts_ns */
	union {
		const struct obs_flow *flow;     /* OBS_FLOW_* */
		const struct obs_arp *arp;       /* OBS_ARP */
		const struct obs_tunnel *tunnel; /* OBS_TUNNEL */
		const struct obs_weird *weird;   /* OBS_WEIRD */
		const struct obs_peer *peer;     /* OBS_PEER */
		const void *said;                /* any transaction's struct */
		const struct obs_dns *dns;
		const struct obs_http *http;
		const struct obs_tls *tls;
		const struct obs_quic *quic;
		const struct obs_x509 *x509;
		const struct obs_file *file;
		const struct obs_ssh *ssh;
		const struct obs_smtp *smtp;
		const struct obs_ftp *ftp;
		const struct obs_login *login;
		const struct obs_software *software;
		const struct obs_irc *irc;
		const struct obs_dhcp *dhcp;
		const struct obs_name *name;
		const struct obs_ntp *ntp;
		const struct obs_snmp *snmp;
		const struct obs_sip *sip;
		const struct obs_smb *smb;
		const struct obs_smb_file *smb_file;
		const struct obs_ntlm *ntlm;
		const struct obs_dce_rpc *dce_rpc;
		const struct obs_kerberos *kerberos;
		const struct obs_rdp *rdp;
		const struct obs_mysql *mysql;
		const struct obs_redis *redis;
		const struct obs_mqtt *mqtt;
		const struct obs_mqtt_topic *mqtt_topic;
		const struct obs_socks *socks;
		const struct obs_bittorrent *bittorrent;
		const struct obs_mining *mining;
		const struct obs_stun *stun;
		const struct obs_nd *nd;
		const struct obs_alert *alert;
	};
};

/* Is it of a conversation itself, and `flow` what it has? */
static inline bool
observation_is_flow(const struct observation *o)
{
	return o->kind <= OBS_FLOW_END;
}
