/*
 * live.h -- the running sensor from inside, for the files that make it up together.
 *
 * run_live.c starts and stops it, live_confine.c gives up its rights, live_capture.c feeds the engine, live_input.c too,
 * from other programs' logs, live_service.c talks to the service manager and takes signals, live_state.c keeps what
 * survives a restart, live_reload.c takes new settings, live_feeds.c new lists, live_losses.c tells when something was
 * lost, live_metrics.c and live_control.c answer who asks. All of them run on one loop, in one thread.
 */
#pragma once

#include "daemon/base/metric.h"
#include "daemon/config/config.h"
#include "daemon/engine/engine.h"
#include "daemon/engine/interface_names.h"
#include "daemon/loop/capture/capture_set.h"
#include "daemon/loop/known_files.h"
#include "daemon/loop/loop_lag.h"
#include "daemon/loop/notify.h"
#include "daemon/loop/privilege/privilege.h"
#include "daemon/loop/process_metrics.h"
#include "daemon/loop/reload.h"
#include "daemon/loop/run_live.h"
#include "daemon/loop/unix_socket.h"
#include "daemon/record/loss_span.h"
#include "daemon/settings/settings_settle.h"
#include "exporters/exporter.h"

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

struct control;
struct control_input;
struct feed_files;
struct input_position;
struct live_control;
struct live_feed;
struct live_inputs;
struct live_metrics;
struct metrics_http;
struct recent;
struct writer;

/* Timers and signals, in one place to free them. */
enum live_event {
	LIVE_EVENT_TICK,   /* packet time goes on without packets */
	LIVE_EVENT_SECOND, /* interfaces, watchdog, status, state */
	LIVE_EVENT_LINKS,
	LIVE_EVENT_FEEDS, /* a slice of the lists, while they are read */
	LIVE_EVENT_HUP,
	LIVE_EVENT_USR1,
	LIVE_EVENT_USR2,
	LIVE_EVENT_INT,
	LIVE_EVENT_TERM,
	LIVE_EVENT_COUNT,
};

enum {
	LIVE_TICK_MS = 200,
	LIVE_SAMPLE_EVERY = 1024, /* packets of which one is timed */
	LIVE_STATE_BYTES = 4 * 1024 * 1024,
	LIVE_INPUT_LOSSES = 3, /* bad, dropped, ahead */
	LIVE_LOSSES_INTERFACE = 3,
	LIVE_LOSSES_ELSEWHERE = LIVE_INPUT_LOSSES + 1, /* the writer's */
	LIVE_OWN_MAX = 64,
};

/* Settings as the engine uses them. Two, since the old ones are in use while new ones are made. */
struct live_settings {
	struct settings settings;
	struct setting_cidr home[SETTINGS_HOME_MAX];
};

/* How the last reading of the settings went; at first that of the start. */
struct live_reload {
	uint64_t good_ns; /* wall clock of the last that was good */
	uint64_t at_ns;   /* of the last reload, good or not; 0: none yet */
	struct reload last;
};

/* What was lost outside of the engine, as it was at the last look, by interface and elsewhere. */
struct live_losses {
	struct loss_span interfaces[CAPTURE_SET_MAX][LIVE_LOSSES_INTERFACE];
	uint64_t interface_ns[CAPTURE_SET_MAX];
	struct loss_span elsewhere[LIVE_LOSSES_ELSEWHERE];
	uint64_t at_ns;
};

struct live {
	const struct run_live *plan;
	struct config *config; /* in force; at first the plan's */
	struct live_settings settled[2];
	unsigned settled_count;
	struct cidr prefixes[SETTINGS_PREFIXES_MAX]; /* at the start: the sandbox asks no more */
	size_t prefix_count;
	struct addr own
		[LIVE_OWN_MAX]; /* of the interfaces, at the start: `info` lends them to the writer */
	const char *listened[CAPTURE_SET_MAX]; /* names of the interfaces, likewise */
	struct run_info info;
	const struct unix_socket_owner *owner; /* whom root becomes; NULL: we stay who we are */
	struct unix_socket_owner owner_found;
	struct interface_names names;
	struct interface_names told; /* in records: the same, and the inputs behind them */
	size_t interface_count;
	struct notify notify;

	struct event_base *base;
	struct event *events[LIVE_EVENT_COUNT];
	struct engine *engine;
	struct known_files known;        /* the engine's */
	struct feed_files *intelligence; /* NULL: there are no lists */
	struct writer *writer;
	struct record_sink to_writer;
	struct record_sink sink; /* what the engine writes to: `recent`, then the writer */
	struct capture_set *captures;
	struct live_feed *feeds; /* one an interface */
	enum capture_role roles[CAPTURE_SET_MAX];
	struct live_inputs *inputs;
	struct live_losses losses;
	int links; /* link_watch's descriptor, or -1 */
	struct metrics_http *http;
	struct live_metrics *metrics;
	struct control *control;
	struct live_control *commands;
	struct recent *recent;
	int state_error; /* the writer's: of the last writing, 0 or -errno */
	uint8_t *state;  /* LIVE_STATE_BYTES, the writer's while writer_is_saving() */

	uint64_t started_ns; /* monotonic */
	uint64_t started_wall_ns;
	uint64_t seconds; /* since the start */
	uint64_t frames;
	uint64_t handled; /* frames, when the watchdog last looked */
	struct metric_histogram packet_cost;
	struct loop_lag lag;
	struct process_metrics process;
	struct live_reload reload;
	bool is_ready;
	int exit_code;
};

/* run_live.c */

/* End the loop; the first exit code that is not EXIT_OK holds. */
void live_stop(struct live *l, int exit_code);

/* live_confine.c */

/* Find whom root becomes, if there is such a user; live_confine() says it when there is not. */
void live_owner_find(struct live *l);
/*
 * Make the directories that will be written to; none where live_owner_find() found nobody to give them to.
 *
 * returns  false, with a line, when one cannot be made
 */
bool live_directories_ready(const struct live *l);
/* Give up what `process` does not need. returns 0, or -errno with a line */
int live_confine(struct live *l, enum privilege_process process);
/* In the writer, and see that it can write then. returns 0, or -errno with a line */
int live_confine_writer(struct live *l);

/* live_capture.c; exit codes that are not EXIT_OK have been logged */
int live_capture_check(struct live *l);
int live_capture_open(struct live *l);
/* Wait for packets. returns false when memory is out */
bool live_capture_start(struct live *l);
/* Look after interfaces that went or came back; once a second. */
void live_capture_second(struct live *l);
/* Take what is in the rings, for `most_ns` at the most, and capture nothing any more. */
void live_capture_finish(struct live *l, uint64_t most_ns);
void live_capture_close(struct live *l);

/* live_input.c; exit codes that are not EXIT_OK have been logged */
int live_input_check(struct live *l);
/* What needs rights; and, when they are given up, the files. */
int live_input_open(struct live *l);
int live_input_open_files(struct live *l);
/* Wait for what others write. returns false when memory is out */
bool live_input_start(struct live *l);
/* Look at files of which nothing was heard, once a second; at what waits for its other direction, each tick. */
void live_input_second(struct live *l);
void live_input_tick(struct live *l);
/* Time that an engine may be told while nothing comes; UINT64_MAX: there are no inputs. */
uint64_t live_input_idle_ns(const struct live *l);
/* Bytes of memory that they take beside the engine, about. */
uint64_t live_input_bytes(const struct live *l);
/* How they are, for who asks: each writes up to `room`, valid until the next call, and returns how many. */
size_t live_input_metrics(struct live *l, struct metric_source *ret, size_t room);
size_t live_input_status(struct live *l, struct control_input *ret, size_t room);
/* " reads zeek PATH, ..." */
void live_input_say(const struct live *l, struct strbuf *out);
/* What was lost, for the end. */
void live_input_losses(struct live *l, struct record_loss ret[LIVE_INPUT_LOSSES]);
/* Take what lies in the sockets, and nothing any more. */
void live_input_finish(struct live *l);
void live_input_close(struct live *l);

/* live_losses.c */

/* What is counted neither by the engine nor by interfaces. */
void live_losses_elsewhere(struct live *l, struct record_loss ret[LIVE_LOSSES_ELSEWHERE]);
/* From now on losses have a time. Look once a second, and at the end after the last packet. */
void live_losses_start(struct live *l);
void live_losses_look(struct live *l);
void live_losses_end(struct live *l);

/* live_feeds.c */

/* Read the lists of threat intelligence, and lend them to an engine's plan, which has settings and suffixes. */
void live_feeds_open(struct live *l, struct engine_plan *plan);
/* returns false when memory is out */
bool live_feeds_start(struct live *l);
/* Look after them once a second; begin anew when somebody asks, after l->config is what it is from now on. */
void live_feeds_second(struct live *l);
void live_feeds_reload(struct live *l);
/* returns false when there are none */
bool live_feeds_metrics(const struct live *l, struct metric_source *ret);
/* After the engine. */
void live_feeds_close(struct live *l);

/* live_service.c */
bool live_service_start(struct live *l);
/* One line on what it did, at the end. */
void live_service_say_end(const struct live *l);
/* Make a timer or signal. returns false when memory is out */
bool live_event_add(struct live *l, enum live_event which, evutil_socket_t fd, short what,
	unsigned every_ms, event_callback_fn act);

/* live_state.c */

/* Before the first packet: go on where the last run left off. */
void live_state_restore(struct live *l);
/* Hand what is known to the writer, if the last time is through. */
void live_state_save(struct live *l);
/* The engine's end, and its state after that. */
void live_state_finish(struct live *l, const struct record_loss *lost, size_t lost_count);
/*
 * In the writer, before it opens anything: wait for the writer of an earlier run, which may outlive
 * its daemon, to be done with the same files; and keep out a second sensor.
 * returns 0, or -errno with a line
 */
int live_state_lock(const struct live *l);
/* In the writer: write it down. */
int live_state_write(struct live *l, const void *bytes, size_t length);

/* In the writer: write down how far the inputs were read. In the engine, at the start: how far that was. */
void live_state_note(const struct live *l, const void *bytes, size_t length);
size_t live_state_positions(const struct live *l, struct input_position *ret);

/* live_reload.c */

/* What l->info borrows from the settings in force. */
void live_info_settings(struct live *l);
/* The settings of `c` with what was left open filled in, valid until the call after the next. */
const struct settings *live_settle(struct live *l, const struct config *c);
/* Those that the engine has now. */
const struct settings *live_settings_now(const struct live *l);
/* Read the settings again, and the lists; settings with a mistake change nothing. returns false then */
bool live_reload(struct live *l);

/* What hangs on no other struct; here for the list of all metrics. */
extern const struct metric live_metric_rows[];

/* live_metrics.c, live_control.c; exit codes that are not EXIT_OK have been logged */
int live_metrics_open(struct live *l);
void live_metrics_close(struct live *l);
/* The settings in force are others. */
void live_metrics_settings(struct live *l);
/* How many sources there are now; they are valid until the next call. */
size_t live_metrics_collect(void *live, struct metric_source *ret, size_t room);
int live_control_open(struct live *l);
void live_control_close(struct live *l);
