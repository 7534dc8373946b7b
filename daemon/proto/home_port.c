/*
 * Ports that IANA gave to protocols that are recognised here, and at which people expect nothing else. Ports where
 * anything may be (8080, 8443) have no row, nor have those of protocols that are not read.
 */
#include "daemon/proto/home_port.h"

#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

static const struct {
	uint16_t port;
	uint8_t ip_proto;
	const char *name;
} homes[] = {
	{ 21, IPPROTO_TCP, "ftp" },
	{ 22, IPPROTO_TCP, "ssh" },
	{ 23, IPPROTO_TCP, "telnet" },
	{ 25, IPPROTO_TCP, "smtp" },
	{ 53, IPPROTO_TCP, "dns" },
	{ 53, IPPROTO_UDP, "dns" },
	{ 67, IPPROTO_UDP, "dhcp" },
	{ 69, IPPROTO_UDP, "tftp" },
	{ 80, IPPROTO_TCP, "http" },
	{ 88, IPPROTO_TCP, "krb_tcp" },
	{ 88, IPPROTO_UDP, "krb" },
	{ 110, IPPROTO_TCP, "pop3" },
	{ 123, IPPROTO_UDP, "ntp" },
	{ 137, IPPROTO_UDP, "dns" },
	{ 143, IPPROTO_TCP, "imap" },
	{ 161, IPPROTO_UDP, "snmp" },
	{ 443, IPPROTO_TCP, "ssl" },
	{ 443, IPPROTO_UDP, "quic" },
	{ 445, IPPROTO_TCP, "smb" },
	{ 465, IPPROTO_TCP, "ssl" },
	{ 465, IPPROTO_TCP, "smtp" },
	{ 514, IPPROTO_UDP, "syslog" },
	{ 587, IPPROTO_TCP, "smtp" },
	{ 853, IPPROTO_TCP, "ssl" },
	{ 993, IPPROTO_TCP, "ssl" },
	{ 995, IPPROTO_TCP, "ssl" },
	{ 1900, IPPROTO_UDP, "ssdp" },
	{ 3306, IPPROTO_TCP, "mysql" },
	{ 3389, IPPROTO_TCP, "rdp" },
	{ 3389, IPPROTO_TCP, "ssl" },
	{ 5353, IPPROTO_UDP, "dns" },
	{ 5355, IPPROTO_UDP, "dns" },
	{ 6379, IPPROTO_TCP, "redis" },
};

bool
home_port_is_others(uint16_t port, uint8_t ip_proto, const char *name)
{
	bool is_home = false;

	for (size_t i = 0; i < sizeof(homes) / sizeof(homes[0]); i++) {
		if (homes[i].port != port || homes[i].ip_proto != ip_proto)
			continue;
		if (strcmp(homes[i].name, name) == 0)
			return false;
		is_home = true;
	}
	return is_home;
}
