/*
 * attack.c -- techniques by id, sorted, so that a look-up is a binary search over constants.
 *
 * Ids, names and tactics are those of the Enterprise matrix (attack.mitre.org, v17); T1430 is of the
 * Mobile one. A technique that stands under several tactics is listed with the one that our evidence
 * points to (detections §6): what is written has room for one.
 */
#include "daemon/base/attack.h"

#include <stdlib.h>
#include <string.h>

#define RECONNAISSANCE   "TA0043", "Reconnaissance"
#define RESOURCES        "TA0042", "Resource Development"
#define INITIAL_ACCESS   "TA0001", "Initial Access"
#define EXECUTION        "TA0002", "Execution"
#define PERSISTENCE      "TA0003", "Persistence"
#define EVASION          "TA0005", "Defense Evasion"
#define CREDENTIALS      "TA0006", "Credential Access"
#define DISCOVERY        "TA0007", "Discovery"
#define LATERAL_MOVEMENT "TA0008", "Lateral Movement"
#define COLLECTION       "TA0009", "Collection"
#define EXFILTRATION     "TA0010", "Exfiltration"
#define COMMAND          "TA0011", "Command and Control"
#define IMPACT           "TA0040", "Impact"

/* In strcmp() order of the id; a test holds it. */
static const struct attack rows[] = {
	{ "T1003.006", "DCSync", CREDENTIALS },
	{ "T1008", "Fallback Channels", COMMAND },
	{ "T1016", "System Network Configuration Discovery", DISCOVERY },
	{ "T1016.001", "Internet Connection Discovery", DISCOVERY },
	{ "T1018", "Remote System Discovery", DISCOVERY },
	{ "T1021", "Remote Services", LATERAL_MOVEMENT },
	{ "T1021.002", "SMB/Windows Admin Shares", LATERAL_MOVEMENT },
	{ "T1021.003", "Distributed Component Object Model", LATERAL_MOVEMENT },
	{ "T1021.004", "SSH", LATERAL_MOVEMENT },
	{ "T1029", "Scheduled Transfer", EXFILTRATION },
	{ "T1030", "Data Transfer Size Limits", EXFILTRATION },
	{ "T1036", "Masquerading", EVASION },
	{ "T1040", "Network Sniffing", CREDENTIALS },
	{ "T1041", "Exfiltration Over C2 Channel", EXFILTRATION },
	{ "T1046", "Network Service Discovery", DISCOVERY },
	{ "T1047", "Windows Management Instrumentation", EXECUTION },
	{ "T1048", "Exfiltration Over Alternative Protocol", EXFILTRATION },
	{ "T1048.003", "Exfiltration Over Unencrypted Non-C2 Protocol", EXFILTRATION },
	{ "T1059", "Command and Scripting Interpreter", EXECUTION },
	{ "T1071", "Application Layer Protocol", COMMAND },
	{ "T1071.001", "Web Protocols", COMMAND },
	{ "T1071.003", "Mail Protocols", COMMAND },
	{ "T1071.004", "DNS", COMMAND },
	{ "T1078", "Valid Accounts", INITIAL_ACCESS },
	{ "T1090", "Proxy", COMMAND },
	{ "T1090.003", "Multi-hop Proxy", COMMAND },
	{ "T1090.004", "Domain Fronting", COMMAND },
	{ "T1095", "Non-Application Layer Protocol", COMMAND },
	{ "T1102", "Web Service", COMMAND },
	{ "T1102.001", "Dead Drop Resolver", COMMAND },
	{ "T1105", "Ingress Tool Transfer", COMMAND },
	{ "T1110", "Brute Force", CREDENTIALS },
	{ "T1110.001", "Password Guessing", CREDENTIALS },
	{ "T1110.003", "Password Spraying", CREDENTIALS },
	{ "T1124", "System Time Discovery", DISCOVERY },
	{ "T1132.001", "Standard Encoding", COMMAND },
	{ "T1135", "Network Share Discovery", DISCOVERY },
	{ "T1190", "Exploit Public-Facing Application", INITIAL_ACCESS },
	{ "T1203", "Exploitation for Client Execution", EXECUTION },
	{ "T1204.001", "Malicious Link", EXECUTION },
	{ "T1204.002", "Malicious File", EXECUTION },
	{ "T1210", "Exploitation of Remote Services", LATERAL_MOVEMENT },
	{ "T1219", "Remote Access Tools", COMMAND },
	{ "T1430", "Location Tracking", COLLECTION },
	{ "T1499.001", "OS Exhaustion Flood", IMPACT },
	{ "T1543.003", "Windows Service", PERSISTENCE },
	{ "T1557", "Adversary-in-the-Middle", CREDENTIALS },
	{ "T1557.002", "ARP Cache Poisoning", CREDENTIALS },
	{ "T1557.003", "DHCP Spoofing", CREDENTIALS },
	{ "T1558", "Steal or Forge Kerberos Tickets", CREDENTIALS },
	{ "T1566.002", "Spearphishing Link", INITIAL_ACCESS },
	{ "T1567", "Exfiltration Over Web Service", EXFILTRATION },
	{ "T1567.003", "Exfiltration to Text Storage Sites", EXFILTRATION },
	{ "T1568", "Dynamic Resolution", COMMAND },
	{ "T1568.002", "Domain Generation Algorithms", COMMAND },
	{ "T1569.002", "Service Execution", EXECUTION },
	{ "T1571", "Non-Standard Port", COMMAND },
	{ "T1572", "Protocol Tunneling", COMMAND },
	{ "T1573", "Encrypted Channel", COMMAND },
	{ "T1573.002", "Asymmetric Cryptography", COMMAND },
	{ "T1583.001", "Domains", RESOURCES },
	{ "T1583.003", "Virtual Private Server", RESOURCES },
	{ "T1587.003", "Digital Certificates", RESOURCES },
	{ "T1588.004", "Digital Certificates", RESOURCES },
	{ "T1590.002", "DNS", RECONNAISSANCE },
	{ "T1595", "Active Scanning", RECONNAISSANCE },
	{ "T1595.001", "Scanning IP Blocks", RECONNAISSANCE },
	{ "T1595.002", "Vulnerability Scanning", RECONNAISSANCE },
	{ "T1599", "Network Boundary Bridging", EVASION },
};

static int
compare(const void *technique, const void *row)
{
	return strcmp(technique, ((const struct attack *)row)->technique);
}

const struct attack *
attack_find(const char *technique)
{
	return bsearch(technique, rows, sizeof(rows) / sizeof(rows[0]), sizeof(rows[0]), compare);
}
