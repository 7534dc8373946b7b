/* tunnel_kind.h -- what a packet can travel in. */
#pragma once

enum tunnel_kind {
	TUNNEL_NONE,
	TUNNEL_IP,      /* IP in IP: 4in4, 6in4, 4in6, 6in6 */
	TUNNEL_GRE,     /* GRE version 0: IP, Ethernet, MPLS, PPP, WCCP in it */
	TUNNEL_PPTP,    /* GRE version 1: PPP in it */
	TUNNEL_ERSPAN,  /* a switch's mirror port, types I to III, in GRE */
	TUNNEL_ETHERIP, /* Ethernet in IP */
	TUNNEL_MPLS,    /* labels in IP or UDP */
	TUNNEL_TEREDO,
	TUNNEL_VXLAN, /* and VXLAN-GPE */
	TUNNEL_GENEVE,
	TUNNEL_GTP,    /* user data of mobile networks, GTPv1-U */
	TUNNEL_L2TP,   /* version 2: PPP in UDP */
	TUNNEL_TZSP,   /* what an access point or a switch mirrors */
	TUNNEL_CAPWAP, /* between access points and their controller */
	TUNNEL_AYIYA,
	TUNNEL_KIND_COUNT,
};

/* Its name as the service of the conversation outside: "gre", "vxlan", "gtpv1"; "" for TUNNEL_NONE. */
const char *tunnel_name(enum tunnel_kind kind);
