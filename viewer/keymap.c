/*
 * keymap.c -- the two sets of keys.
 *
 * The talk's letters stay where they were. What it did not have took letters that are free in both sets; g, G, H, L, M,
 * j and k are the lists'. "Second names" are those of other generations that mean nothing else here.
 */
#include "viewer/keymap.h"

#define SHOWS(letter, id, short_name, sentence)                          \
	{                                                                \
		letter, HOTKEY_SCREEN, SCREEN_##id, short_name, sentence \
	}
#define DOES(letter, what, short_name, sentence)                         \
	{                                                                \
		letter, HOTKEY_##what, SCREEN_MAIN, short_name, sentence \
	}
#define ALSO(letter, id)                                       \
	{                                                      \
		letter, HOTKEY_SCREEN, SCREEN_##id, NULL, NULL \
	}

/* What has no key in any generation of Kalipso. */
#define BEYOND                                                                          \
	SHOWS('a', ALERTS, "alerts", "alerts, and the arithmetic that made them"),      \
		SHOWS('x', EXPLAIN, "why", "why: the evidence under the cursor"),       \
		SHOWS('F', FLOWS, "flows", "flows of the window, or of the evidence"),  \
		SHOWS('l', BEACON, "beacon", "intervals and letters of a tuple"),       \
		SHOWS('v', DEVICES, "devices", "devices of the network"),               \
		SHOWS('T', ATTACK, "attack", "techniques of ATT&CK that were seen"),    \
		DOES('/', FILTER, "find",                                               \
			"only rows that hold a text; column \"who\" is not looked at"), \
		DOES('w', COPY, NULL, "copy what is under the cursor"),                 \
		DOES('u', MUTE, NULL, "copy the command that mutes the evidence")

static const struct hotkey talk[] = {
	SHOWS('e', SOURCE_PORTS, "sources", "source ports as client"),
	SHOWS('c', PEERS, "peers", "destination addresses as client"),
	SHOWS('b', SERVER_PORTS, "served", "destination ports as server"),
	SHOWS('p', PORTS, "ports", "destination ports as client"),
	SHOWS('n', PORTS_BY_PEER, "ports+ips", "destination ports as client, by address"),
	SHOWS('h', OUT_TUPLES, "out", "out-tuples and their letters"),
	SHOWS('i', IN_TUPLES, "in", "in-tuples and their letters"),
	SHOWS('m', MAP, "map", "world map of the out-tuples"),
	SHOWS('z', ALL_EVIDENCE, "evidence", "evidence of all windows of the host"),
	DOES('o', AGAIN, "again", "read again"),
	BEYOND,
	SHOWS('?', HELP, "help", "this help"),
	DOES('q', QUIT, "quit", "leave"),
};

static const struct hotkey last[] = {
	SHOWS('e', SOURCE_PORTS, "sources", "source ports as client"),
	SHOWS('d', PEERS, "peers", "destination addresses as client"),
	SHOWS('r', SERVER_PORTS, "served", "destination ports as server"),
	SHOWS('p', PORTS, "ports", "destination ports as client"),
	SHOWS('t', PORTS_BY_PEER, "ports+ips", "destination ports as client, by address"),
	SHOWS('i', OUT_TUPLES, "out", "out-tuples and their letters"),
	SHOWS('y', IN_TUPLES, "in", "in-tuples and their letters"),
	SHOWS('m', MAP, "map", "world map of the out-tuples"),
	SHOWS('z', ALL_EVIDENCE, "evidence", "evidence of all windows of the host"),
	DOES('o', AGAIN, "again", "read again"),
	BEYOND,
	SHOWS('h', HELP, "help", "this help"),
	DOES('q', QUIT, "quit", "leave"),
	ALSO('?', HELP),
	ALSO('c', PEERS),
	ALSO('b', SERVER_PORTS),
	ALSO('n', PORTS_BY_PEER),
	ALSO('f', PORTS),
};

#define COUNT(keys) (sizeof(keys) / sizeof((keys)[0]))

const struct hotkey *
keymap(bool keys_last, size_t *ret_count)
{
	*ret_count = keys_last ? COUNT(last) : COUNT(talk);
	return keys_last ? last : talk;
}

const struct hotkey *
keymap_find(bool keys_last, int key)
{
	size_t count = 0;
	const struct hotkey *keys = keymap(keys_last, &count);

	for (size_t i = 0; i < count; i++)
		if (keys[i].key == key)
			return &keys[i];
	return NULL;
}
