#include "exporters/zeek_tunnel.h"

const char *
zeek_tunnel_type(enum tunnel_kind kind)
{
	static const char *const types[TUNNEL_KIND_COUNT] = {
		[TUNNEL_NONE] = "Tunnel::NONE",
		[TUNNEL_IP] = "Tunnel::IP",
		[TUNNEL_GRE] = "Tunnel::GRE",
		[TUNNEL_PPTP] = "Tunnel::GRE",
		[TUNNEL_ERSPAN] = "Tunnel::GRE",
		[TUNNEL_ETHERIP] = "Tunnel::ETHERIP",
		[TUNNEL_MPLS] = "Tunnel::MPLS",
		[TUNNEL_TEREDO] = "Tunnel::TEREDO",
		[TUNNEL_VXLAN] = "Tunnel::VXLAN",
		[TUNNEL_GENEVE] = "Tunnel::GENEVE",
		[TUNNEL_GTP] = "Tunnel::GTPv1",
		[TUNNEL_L2TP] = "Tunnel::L2TP",
		[TUNNEL_TZSP] = "Tunnel::TZSP",
		[TUNNEL_CAPWAP] = "Tunnel::CAPWAP",
		[TUNNEL_AYIYA] = "Tunnel::AYIYA",
	};

	return types[kind];
}

const char *
zeek_tunnel_action(bool closed)
{
	return closed ? "Tunnel::CLOSE" : "Tunnel::DISCOVER";
}
