#include "ctl/attack.h"

#include <string.h>

static const struct {
	const char *id, *name;
	enum attack_tactic tactic;
} techniques[] = {
	{ "T1003.006", "DCSync", ATTACK_CREDENTIALS },
	{ "T1008", "Fallback Channels", ATTACK_CONTROL },
	{ "T1016", "System Network Configuration Discovery", ATTACK_DISCOVERY },
	{ "T1016.001", "Internet Connection Discovery", ATTACK_DISCOVERY },
	{ "T1018", "Remote System Discovery", ATTACK_DISCOVERY },
	{ "T1021", "Remote Services", ATTACK_LATERAL },
	{ "T1021.002", "SMB/Windows Admin Shares", ATTACK_LATERAL },
	{ "T1021.003", "Distributed Component Object Model", ATTACK_LATERAL },
	{ "T1021.004", "Remote Services: SSH", ATTACK_LATERAL },
	{ "T1029", "Scheduled Transfer", ATTACK_EXFILTRATION },
	{ "T1030", "Data Transfer Size Limits", ATTACK_EXFILTRATION },
	{ "T1036", "Masquerading", ATTACK_EVASION },
	{ "T1040", "Network Sniffing", ATTACK_CREDENTIALS },
	{ "T1041", "Exfiltration Over C2 Channel", ATTACK_EXFILTRATION },
	{ "T1046", "Network Service Discovery", ATTACK_DISCOVERY },
	{ "T1047", "Windows Management Instrumentation", ATTACK_EXECUTION },
	{ "T1048", "Exfiltration Over Alternative Protocol", ATTACK_EXFILTRATION },
	{ "T1048.003", "Exfiltration Over Unencrypted Non-C2 Protocol", ATTACK_EXFILTRATION },
	{ "T1059", "Command and Scripting Interpreter", ATTACK_EXECUTION },
	{ "T1071", "Application Layer Protocol", ATTACK_CONTROL },
	{ "T1071.001", "Web Protocols", ATTACK_CONTROL },
	{ "T1071.003", "Mail Protocols", ATTACK_CONTROL },
	{ "T1071.004", "Application Layer Protocol: DNS", ATTACK_CONTROL },
	{ "T1078", "Valid Accounts", ATTACK_INITIAL_ACCESS },
	{ "T1090", "Proxy", ATTACK_CONTROL },
	{ "T1090.003", "Multi-hop Proxy", ATTACK_CONTROL },
	{ "T1090.004", "Domain Fronting", ATTACK_CONTROL },
	{ "T1095", "Non-Application Layer Protocol", ATTACK_CONTROL },
	{ "T1102", "Web Service", ATTACK_CONTROL },
	{ "T1102.001", "Dead Drop Resolver", ATTACK_CONTROL },
	{ "T1105", "Ingress Tool Transfer", ATTACK_CONTROL },
	{ "T1110", "Brute Force", ATTACK_CREDENTIALS },
	{ "T1110.001", "Password Guessing", ATTACK_CREDENTIALS },
	{ "T1110.003", "Password Spraying", ATTACK_CREDENTIALS },
	{ "T1124", "System Time Discovery", ATTACK_DISCOVERY },
	{ "T1132.001", "Standard Encoding", ATTACK_CONTROL },
	{ "T1135", "Network Share Discovery", ATTACK_DISCOVERY },
	{ "T1190", "Exploit Public-Facing Application", ATTACK_INITIAL_ACCESS },
	{ "T1203", "Exploitation for Client Execution", ATTACK_EXECUTION },
	{ "T1204.001", "Malicious Link", ATTACK_EXECUTION },
	{ "T1204.002", "Malicious File", ATTACK_EXECUTION },
	{ "T1210", "Exploitation of Remote Services", ATTACK_LATERAL },
	{ "T1219", "Remote Access Software", ATTACK_CONTROL },
	{ "T1430", "Location Tracking", ATTACK_COLLECTION },
	{ "T1499", "Endpoint Denial of Service", ATTACK_IMPACT },
	{ "T1499.001", "OS Exhaustion Flood", ATTACK_IMPACT },
	{ "T1543.003", "Windows Service", ATTACK_PERSISTENCE },
	{ "T1557", "Adversary-in-the-Middle", ATTACK_CREDENTIALS },
	{ "T1557.002", "ARP Cache Poisoning", ATTACK_CREDENTIALS },
	{ "T1557.003", "DHCP Spoofing", ATTACK_CREDENTIALS },
	{ "T1558", "Steal or Forge Kerberos Tickets", ATTACK_CREDENTIALS },
	{ "T1566.002", "Spearphishing Link", ATTACK_INITIAL_ACCESS },
	{ "T1567", "Exfiltration Over Web Service", ATTACK_EXFILTRATION },
	{ "T1567.003", "Exfiltration to Text Storage Sites", ATTACK_EXFILTRATION },
	{ "T1568", "Dynamic Resolution", ATTACK_CONTROL },
	{ "T1568.002", "Domain Generation Algorithms", ATTACK_CONTROL },
	{ "T1569.002", "Service Execution", ATTACK_EXECUTION },
	{ "T1571", "Non-Standard Port", ATTACK_CONTROL },
	{ "T1572", "Protocol Tunneling", ATTACK_CONTROL },
	{ "T1573", "Encrypted Channel", ATTACK_CONTROL },
	{ "T1573.002", "Asymmetric Cryptography", ATTACK_CONTROL },
	{ "T1583.001", "Acquire Infrastructure: Domains", ATTACK_RESOURCES },
	{ "T1583.003", "Acquire Infrastructure: Virtual Private Server", ATTACK_RESOURCES },
	{ "T1587.003", "Develop Capabilities: Digital Certificates", ATTACK_RESOURCES },
	{ "T1588.004", "Obtain Capabilities: Digital Certificates", ATTACK_RESOURCES },
	{ "T1590.002", "Victim Network Information: DNS", ATTACK_RECONNAISSANCE },
	{ "T1595", "Active Scanning", ATTACK_RECONNAISSANCE },
	{ "T1595.001", "Scanning IP Blocks", ATTACK_RECONNAISSANCE },
	{ "T1595.002", "Vulnerability Scanning", ATTACK_RECONNAISSANCE },
	{ "T1599", "Network Boundary Bridging", ATTACK_EVASION },
};

const char *
attack_tactic_name(enum attack_tactic t)
{
	static const char *const names[ATTACK_TACTICS] = {
		[ATTACK_RECONNAISSANCE] = "Reconnaissance",
		[ATTACK_RESOURCES] = "Resource Development",
		[ATTACK_INITIAL_ACCESS] = "Initial Access",
		[ATTACK_EXECUTION] = "Execution",
		[ATTACK_PERSISTENCE] = "Persistence",
		[ATTACK_EVASION] = "Defense Evasion",
		[ATTACK_CREDENTIALS] = "Credential Access",
		[ATTACK_DISCOVERY] = "Discovery",
		[ATTACK_LATERAL] = "Lateral Movement",
		[ATTACK_COLLECTION] = "Collection",
		[ATTACK_CONTROL] = "Command and Control",
		[ATTACK_EXFILTRATION] = "Exfiltration",
		[ATTACK_IMPACT] = "Impact",
		[ATTACK_OTHER] = "Other",
	};

	return names[t];
}

static enum attack_tactic
find(const char *id, size_t length, const char **ret_name)
{
	for (size_t i = 0; i < sizeof(techniques) / sizeof(techniques[0]); i++)
		if (strlen(techniques[i].id) == length &&
			strncmp(techniques[i].id, id, length) == 0) {
			*ret_name = techniques[i].name;
			return techniques[i].tactic;
		}
	*ret_name = "";
	return ATTACK_OTHER;
}

enum attack_tactic
attack_find(const char *id, const char **ret_name)
{
	enum attack_tactic t = find(id, strlen(id), ret_name);

	return t == ATTACK_OTHER ? find(id, strcspn(id, "."), ret_name) : t;
}
