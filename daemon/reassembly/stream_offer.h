/*
 * stream_offer.h -- bytes go to who reads the stream, without the one that is urgent.
 *
 * An urgent byte is out of band for a host's program unless it asks otherwise, which hardly any does
 * (RFC 6093 section 3.1): the reader gets what the program gets.
 */
#pragma once

#include "daemon/reassembly/stream_deliver.h"

/*
 * Offer the bytes at `next`, which moves behind them when they are taken.
 *
 * is_last  a hole that will not be filled comes after them: the reader must decide
 */
enum stream_verdict stream_offer(
	const struct stream_work *w, unsigned side, struct cursor bytes, bool is_last);
