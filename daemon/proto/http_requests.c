#include "daemon/proto/http_requests.h"

#include "daemon/proto/wire_text.h"

#include <assert.h>

struct http_request *
http_requests_add(struct http_requests *q, uint64_t began_ns, uint32_t depth)
{
	assert(q->count < HTTP_REQUESTS_MAX);
	struct http_request *r = &q->at[q->count++];

	*r = (struct http_request){ .began_ns = began_ns, .depth = depth, .base = q->texts_size };
	return r;
}

void
http_requests_drop(struct http_requests *q, struct http_request *r)
{
	size_t behind = (size_t)(&q->at[q->count] - (r + 1));
	uint16_t base = r->base;
	uint16_t size = r->size;

	memmove(r, r + 1, behind * sizeof(*r));
	q->count--;
	memmove(&q->texts[base], &q->texts[base + size], (size_t)(q->texts_size - base - size));
	q->texts_size = (uint16_t)(q->texts_size - size);
	for (size_t i = 0; i < behind; i++)
		r[i].base = (uint16_t)(r[i].base - size);
}

struct http_request *
http_requests_oldest(struct http_requests *q)
{
	return q->count > 0 && !q->at[0].is_alone ? &q->at[0] : NULL;
}

struct http_request *
http_requests_newest(struct http_requests *q)
{
	return q->count > 0 ? &q->at[q->count - 1] : NULL;
}

void
http_requests_text(struct http_requests *q, enum http_text which, struct cursor text, size_t most)
{
	struct http_request *r = http_requests_newest(q);
	size_t room = sizeof(q->texts) - q->texts_size;

	if (r == NULL || r->text_at[which] != 0 || room == 0)
		return;
	size_t size = wire_text(q->texts + q->texts_size, most < room ? most : room, text) + 1;
	r->text_at[which] = (uint16_t)(r->size + 1);
	r->size = (uint16_t)(r->size + size);
	q->texts_size = (uint16_t)(q->texts_size + size);
}

const char *
http_requests_text_of(
	const struct http_requests *q, const struct http_request *r, enum http_text which)
{
	return r->text_at[which] == 0 ? NULL : &q->texts[r->base + r->text_at[which] - 1];
}
