/*
 * Hosts lie in order of first sight; a sorted index finds them. Findings are rare, so that twelve
 * comparisons and a short move are nothing, and unlike a hash table there is no key for a peer to
 * aim at.
 */
#include "exporters/summary_hosts.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Beyond any evidence: its weight is at most 1. */
static const double ALERT_WEIGHT = 1000;

int
summary_hosts_init(struct summary_hosts *s, uint32_t capacity)
{
	assert(capacity > 0 && capacity <= SUMMARY_HOSTS_MAX);
	memset(s, 0, sizeof(*s));
	s->hosts = calloc(capacity, sizeof(*s->hosts));
	s->by_addr = calloc(capacity, sizeof(*s->by_addr));
	s->capacity = capacity;
	return s->hosts != NULL && s->by_addr != NULL ? 0 : -ENOMEM;
}

void
summary_hosts_done(struct summary_hosts *s)
{
	free(s->hosts);
	free(s->by_addr);
	memset(s, 0, sizeof(*s));
}

static int
addr_order(const struct addr *a, const struct addr *b)
{
	return memcmp(a->byte, b->byte, sizeof(a->byte));
}

/* Where `a` stands in the index, or should. */
static uint32_t
index_of(const struct summary_hosts *s, const struct addr *a)
{
	uint32_t low = 0;
	uint32_t high = s->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (addr_order(&s->hosts[s->by_addr[middle]].addr, a) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The host without an alert that has the least to say; ties go to the highest address. NULL if none. */
static const struct summary_host *
least(const struct summary_hosts *s)
{
	const struct summary_host *found = NULL;

	for (uint32_t i = 0; i < s->count; i++) {
		const struct summary_host *h = &s->hosts[s->by_addr[i]];

		if (h->alerts == 0 && (found == NULL || h->score <= found->score))
			found = h;
	}
	return found;
}

static void
index_remove(struct summary_hosts *s, const struct addr *a)
{
	uint32_t at = index_of(s, a);

	memmove(s->by_addr + at, s->by_addr + at + 1, (s->count - at - 1) * sizeof(*s->by_addr));
	s->count--;
}

/* Room for a host that is not there yet. returns its place, or UINT32_MAX when there is none */
static uint32_t
room_make(struct summary_hosts *s, bool alert)
{
	if (s->count < s->capacity)
		return s->count;

	const struct summary_host *victim = alert ? least(s) : NULL;
	if (victim == NULL)
		return UINT32_MAX;
	s->rest_evidence += victim->evidence;
	index_remove(s, &victim->addr);
	return (uint32_t)(victim - s->hosts);
}

/* returns NULL when it is unknown and there is no room for it */
static struct summary_host *
host_get(struct summary_hosts *s, const struct addr *a, uint64_t ts_ns, bool alert)
{
	uint32_t at = index_of(s, a);

	if (at < s->count && addr_equal(&s->hosts[s->by_addr[at]].addr, a))
		return &s->hosts[s->by_addr[at]];

	uint32_t place = room_make(s, alert);
	if (place == UINT32_MAX)
		return NULL;
	at = index_of(s, a); /* it moves when another one went */
	memmove(s->by_addr + at + 1, s->by_addr + at, (s->count - at) * sizeof(*s->by_addr));
	s->by_addr[at] = place;
	s->count++;
	s->hosts[place] = (struct summary_host){
		.addr = *a, .first_ns = ts_ns, .last_ns = ts_ns, .weight = -1
	};
	return &s->hosts[place];
}

static void
host_touch(struct summary_host *h, uint64_t ts_ns, double sum)
{
	h->first_ns = ts_ns < h->first_ns ? ts_ns : h->first_ns;
	h->last_ns = ts_ns > h->last_ns ? ts_ns : h->last_ns;
	h->score = sum > h->score ? sum : h->score;
}

static void
host_text(struct summary_host *h, double weight, const char *text)
{
	if (weight < h->weight) /* of equals the latest stays: what it counted is higher */
		return;
	h->weight = weight;
	(void)snprintf(h->text, sizeof(h->text), "%s", text);
}

/* returns SUMMARY_TYPES_MAX when it found no room */
static uint32_t
type_count(struct summary_hosts *s, const char *name)
{
	uint32_t i = 0;

	while (i < s->type_count && strcmp(s->types[i].name, name) != 0)
		i++;
	if (i == SUMMARY_TYPES_MAX) {
		s->other_types++;
		return i;
	}
	if (i == s->type_count) {
		(void)snprintf(s->types[i].name, sizeof(s->types[i].name), "%s", name);
		s->type_count++;
	}
	s->types[i].count++;
	return i;
}

static void
host_type(struct summary_host *h, uint32_t type)
{
	uint32_t i = 0;

	while (i < h->type_count && h->types[i].type != type)
		i++;
	if (i == SUMMARY_HOST_TYPES_MAX || type == SUMMARY_TYPES_MAX) {
		h->other_types++;
		return;
	}
	if (i == h->type_count)
		h->types[h->type_count++].type = type;
	h->types[i].count++;
}

void
summary_hosts_evidence(struct summary_hosts *s, const struct record_evidence *e, uint64_t ts_ns)
{
	uint32_t type = type_count(s, e->kind->name);
	struct summary_host *h = host_get(s, &e->host, ts_ns, false);

	if (h == NULL) {
		s->rest_evidence++;
		return;
	}
	h->evidence++;
	host_touch(h, ts_ns, e->sum);
	host_type(h, type);
	/* What was done to a host says less about it than what it did. */
	double weight = threat_value(e->threat) * e->confidence;
	host_text(h, e->role == EVIDENCE_ATTACKER ? weight : weight / 100, e->text);
}

static void
host_window(struct summary_host *h, int64_t number)
{
	for (uint32_t i = 0; i < h->window_count; i++)
		if (h->windows[i] == number)
			return;
	if (h->window_count == SUMMARY_WINDOWS_MAX)
		h->other_windows++;
	else
		h->windows[h->window_count++] = number;
}

void
summary_hosts_alert(struct summary_hosts *s, const struct record_alert *a, uint64_t ts_ns)
{
	struct summary_host *h = host_get(s, &a->host, ts_ns, true);

	if (h == NULL) {
		s->rest_alerts++;
		return;
	}
	h->alerts++;
	host_touch(h, ts_ns, a->sum);
	host_window(h, a->window.number);
	host_text(h, ALERT_WEIGHT + a->sum, a->reason);
}

static int
host_order(const void *left, const void *right)
{
	const struct summary_host *a = *(const struct summary_host *const *)left;
	const struct summary_host *b = *(const struct summary_host *const *)right;

	if ((a->alerts > 0) != (b->alerts > 0))
		return a->alerts > 0 ? -1 : 1;
	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return addr_order(&a->addr, &b->addr);
}

size_t
summary_hosts_rank(const struct summary_hosts *s, const struct summary_host **ret_ranked)
{
	size_t alerted = 0;

	for (uint32_t i = 0; i < s->count; i++) {
		ret_ranked[i] = &s->hosts[s->by_addr[i]];
		alerted += ret_ranked[i]->alerts > 0 ? 1 : 0;
	}
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	qsort(ret_ranked, s->count, sizeof(ret_ranked[0]), host_order);
	return alerted;
}

static int
type_order(const void *left, const void *right)
{
	const struct summary_type *a = *(const struct summary_type *const *)left;
	const struct summary_type *b = *(const struct summary_type *const *)right;

	return strcmp(a->name, b->name);
}

void
summary_types_rank(const struct summary_hosts *s, const struct summary_type **ret_ranked)
{
	for (uint32_t i = 0; i < s->type_count; i++)
		ret_ranked[i] = &s->types[i];
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	qsort(ret_ranked, s->type_count, sizeof(ret_ranked[0]), type_order);
}
