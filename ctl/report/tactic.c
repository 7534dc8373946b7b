#include "ctl/report/tactic.h"

#include "daemon/base/attack.h"

#include <string.h>

static const struct {
	const char *id, *name;
} tactics[TACTIC_COLUMNS] = {
	{ "TA0043", "Reconnaissance" },
	{ "TA0042", "Resource Development" },
	{ "TA0001", "Initial Access" },
	{ "TA0002", "Execution" },
	{ "TA0003", "Persistence" },
	{ "TA0004", "Privilege Escalation" },
	{ "TA0005", "Defense Evasion" },
	{ "TA0006", "Credential Access" },
	{ "TA0007", "Discovery" },
	{ "TA0008", "Lateral Movement" },
	{ "TA0009", "Collection" },
	{ "TA0011", "Command and Control" },
	{ "TA0010", "Exfiltration" },
	{ "TA0040", "Impact" },
	{ "", "Other" },
};

const char *
tactic_name(size_t column)
{
	return tactics[column].name;
}

size_t
tactic_of(const char *technique, const char **ret_name)
{
	const struct attack *row = attack_find(technique);
	size_t column = 0;

	*ret_name = row == NULL ? "" : row->technique_name;
	while (column < TACTIC_OTHER &&
		(row == NULL || strcmp(row->tactic, tactics[column].id) != 0))
		column++;
	return column;
}
