/* capture_socket.h -- what a packet socket is to receive at all: the kernel's filter on it. */
#pragma once

#include <stdint.h>

/*
 * Receive everything but the sent side of loopback, at most `snaplen` bytes of each.
 *
 * A packet over loopback is sent and received there. libpcap shows the received side and throws the
 * sent one away, after the kernel has counted it: no sum of counters would come out. Without this,
 * frames are also copied into the ring whole and cut only when they are read.
 *
 * fd       a packet socket
 * returns  0 or -errno
 * source   libpcap 1.10.3 pcap-linux.c, linux_check_direction() and the end of
 *          pcap_handle_packet_mmap()
 */
int capture_socket_select(int fd, uint32_t snaplen);

/* Receive nothing any more; what is in the ring stays. returns 0 or -errno. */
int capture_socket_deafen(int fd);
