/*
 * tunnel.h -- packets that travel inside packets.
 *
 * One question for every packet, and for the few that may be the outside of a tunnel one more: what is
 * in it. The packet inside is decoded by the same decoders, down to its own ports and payload, and may
 * be the outside of another. A port alone convinces nobody: what is in there must have the form.
 *
 * Sources: RFC 2003, 2473, 4213 (IP); 2784, 2890, 2637 (GRE, PPTP); 3378 (EtherIP); 4023, 7510 (MPLS);
 * 4380 (Teredo); 7348 (VXLAN); 8926 (Geneve); 2661 (L2TP); 5415 (CAPWAP); 3GPP TS 29.281 (GTP-U);
 * draft-foschiano-erspan, draft-massar-v6ops-ayiya, draft-ietf-nvo3-vxlan-gpe, Wireshark's page on TZSP.
 */
#pragma once

#include "daemon/decode/packet.h"
#include "daemon/decode/tunnel_kind.h"

/*
 * Which tunnel may this packet be the outside of?
 *
 * p        decoded, and no fragment of one
 * returns  by IP's protocol, by port, or for Teredo by the first bytes; TUNNEL_NONE for nearly all
 * cost     a compare or two for what is none
 */
enum tunnel_kind tunnel_of(const struct packet *p);

/*
 * Decode the packet inside.
 *
 * outer      its frame still in place
 * kind       from tunnel_of(), or what earlier packets of the conversation were
 * ret_inner  written whole when true is returned, views into the same frame. `tunnel` may be finer
 *            than `kind` (ERSPAN and PPTP are told from GRE here). PACKET_OTHER, with an anomaly that
 *            says why, when it could not be followed: a header that nobody understands
 *            (ANOMALY_TUNNEL_HEADER), one tunnel too many (ANOMALY_TUNNEL_DEPTH), or what the
 *            decoders of the inside noted
 * returns    false when this is no such tunnel after all, or nothing is in it (control, keep-alive)
 * cost       as decode(), and about 20 ns for `tunnel_chain`; no allocation
 */
bool tunnel_decode(const struct packet *outer, enum tunnel_kind kind, struct packet *ret_inner);
