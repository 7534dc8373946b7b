#include "daemon/loop/capture/capture_filter.h"

#include "daemon/base/log.h"
#include "daemon/input/capture_input.h"
#include "daemon/loop/capture/capture_link.h"

#include <errno.h>
#include <stdio.h>

static struct capture_filter_program *
find(struct capture_filter *f, uint16_t link)
{
	for (unsigned i = 0; i < f->count; i++)
		if (f->programs[i].link == link)
			return &f->programs[i];
	return NULL;
}

int
capture_filter_add(struct capture_filter *f, uint16_t link, char *ret_error, size_t error_size)
{
	if (f->text == NULL || find(f, link) != NULL || f->count == CAPTURE_FILTER_LINKS_MAX)
		return 0;
	struct capture_filter_program *p = &f->programs[f->count];
	pcap_t *dead = pcap_open_dead(capture_link_dlt(link), CAPTURE_FRAME_MAX);
	if (dead == NULL)
		return -ENOMEM;

	*p = (struct capture_filter_program){ .link = link };
	f->count++;
	p->usable =
		pcap_compile(dead, &p->bpf, f->text, /* optimize= */ 1, PCAP_NETMASK_UNKNOWN) == 0;
	if (!p->usable)
		(void)snprintf(ret_error, error_size, "filter '%s': %s (on link type %s)", f->text,
			pcap_geterr(dead), capture_link_name(link));
	pcap_close(dead);
	return p->usable ? 0 : -EINVAL;
}

/* A link type that the file did not announce before its first packet. */
static struct capture_filter_program *
add_late(struct capture_filter *f, uint16_t link)
{
	char error[256];

	if (capture_filter_add(f, link, error, sizeof(error)) == -EINVAL)
		log_warnx("capture", "%s: frames of that link type are left out", error);
	return find(f, link);
}

bool
capture_filter_match(struct capture_filter *f, const struct frame *frame)
{
	const struct pcap_pkthdr header = { .caplen = frame->captured, .len = frame->wire };

	if (f->text == NULL)
		return true;
	const struct capture_filter_program *p = find(f, frame->link);
	if (p == NULL)
		p = add_late(f, frame->link);
	return p != NULL && p->usable && pcap_offline_filter(&p->bpf, &header, frame->bytes) != 0;
}

void
capture_filter_done(struct capture_filter *f)
{
	for (unsigned i = 0; i < f->count; i++)
		if (f->programs[i].usable)
			pcap_freecode(&f->programs[i].bpf);
	f->count = 0;
}
