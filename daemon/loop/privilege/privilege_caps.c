#include "daemon/loop/privilege/privilege_caps.h"

#include "daemon/loop/privilege/privilege.h"

#include <assert.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's three sets as it takes them since 2.6.26: two words of 32 capabilities. */
struct caps {
	struct __user_cap_data_struct word[_LINUX_CAPABILITY_U32S_3];
};

#define NET_RAW CAP_TO_MASK(CAP_NET_RAW)
static_assert(CAP_TO_INDEX(CAP_NET_RAW) == 0, "CAP_NET_RAW is in the first word");

static int
caps_get(struct caps *ret_caps)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };

	return syscall(SYS_capget, &header, ret_caps->word) == 0 ? 0 : -errno;
}

static int
caps_set(const struct caps *c)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };

	return syscall(SYS_capset, &header, c->word) == 0 ? 0 : -errno;
}

int
privilege_caps_empty_bounding(void)
{
	/* Not to CAP_LAST_CAP: the kernel may know more of them than our header does. */
	for (unsigned long cap = 0;; cap++)
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) != 0)
			return errno == EINVAL ? 0 : -errno;
}

int
privilege_caps_leave(bool keep_net_raw)
{
	struct caps now;
	struct caps left = { 0 };

	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0)
		return -errno;
	int error = caps_get(&now);
	if (error != 0)
		return error;
	if (keep_net_raw)
		left.word[0].permitted = now.word[0].permitted & NET_RAW;
	return caps_set(&left);
}

bool
privilege_caps_net_raw(void)
{
	struct caps now;

	return caps_get(&now) == 0 && (now.word[0].permitted & NET_RAW) != 0;
}

int
privilege_with_net_raw(int (*act)(void *context), void *context)
{
	struct caps before;

	int error = caps_get(&before);
	if (error != 0)
		return error;
	if ((before.word[0].effective & NET_RAW) != 0)
		return act(context); /* it is awake: start, as root */

	struct caps raised = before;
	raised.word[0].effective |= NET_RAW;
	error = caps_set(&raised); /* -EPERM when it is not permitted */
	if (error != 0)
		return error;
	int result = act(context);
	error = caps_set(&before);
	assert(error == 0); /* to give up is always allowed; to go on with it awake is not */
	(void)error;
	return result;
}
