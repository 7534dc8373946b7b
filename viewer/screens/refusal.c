#include "viewer/screens/refusal.h"

const char *
refusal_without_window(const struct model *m)
{
	if (m->has_window)
		return NULL;
	return m->tree_count == 0 ? "no host was seen: there is nothing to show"
				  : "select a window first: Enter on a host, then on a window";
}
