#include "exporters/zeek_arp.h"

#include <stddef.h>

enum { REQUEST = 1, REPLY = 2 };

const char *
zeek_arp_operation(uint16_t operation)
{
	if (operation == REQUEST)
		return "request";
	return operation == REPLY ? "reply" : NULL;
}
