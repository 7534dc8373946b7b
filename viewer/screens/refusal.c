#include "viewer/screens/refusal.h"

const char *
refusal_without_window(const struct model *m)
{
	return m->has_window ? NULL : "select a window first: Enter on a host, then on a window";
}
