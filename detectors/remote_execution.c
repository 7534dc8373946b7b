/*
 * remote_execution -- a host makes another one run something.
 *
 * Windows can be told over the network to run a program, and those who move from host to host tell it: as a
 * service that is created and started, as a method of WMI, as a task, as a printer's driver. Each of these calls
 * that was not refused is told once for each server, at the high level. It convicts when a service was created
 * *and* started, when a method was executed by a host that had logged in to WMI, and when a printer's driver
 * was added, which ordinary clients ask for locally: none of them happens by chance. What was told before it
 * convicts is told again then. Only calls that were seen to be answered convict, for the reason that netlogon.c
 * gives.
 *
 * Bounds: MAX_SERVERS servers a window; others are not watched.
 *
 * Not told apart: administrators who install services remotely. `convict: false`, or the whitelist, is for them.
 * Calls that are encrypted have no names, and a program that lies there already needs no new service.
 *
 * Source: detections §8 row 21.
 */
#include "detectors/detector.h"

#include "daemon/transactions/dce_rpc.h"

enum { MAX_SERVERS = 64 };

static const double CONFIDENCE = 0.9;

struct config {
	bool convict;
};

static const struct config_item config_items[] = {
	CONFIG_BOOL(struct config, convict, true,
		"A service that was created and started, a WMI method, or a printer's driver is a conviction."),
	CONFIG_END,
};

static const struct evidence_kind execution = {
	.name = "REMOTE_EXECUTION",
	.signature_id = 5200305,
	.technique = "T1569.002",
	.unit = "calls",
	.title = "Remote execution",
	.may_convict = true,
};

/* What was done at a server, as bits. */
enum deed {
	CREATED = 1,   /* a service */
	LOGGED_IN = 2, /* to WMI */
	STARTED = 4,   /* a service */
	EXECUTED = 8,  /* a method of WMI */
	SCHEDULED = 16,
	ADDED_DRIVER = 32,
};

/* The endpoint, and how the names of the calls begin. */
static const struct call {
	const char *endpoint, *operation;
	enum deed deed;
	unsigned after; /* deeds that make it a conviction; the deed itself: alone; 0: never */
	const char *text;
} calls[] = {
	{ "svcctl", "CreateService", CREATED, 0, "created a service" },
	{ "svcctl", "StartService", STARTED, CREATED, "started a service" },
	{ "IWbemLevel1Login", "NTLMLogin", LOGGED_IN, 0, "logged in to WMI" },
	{ "IWbemServices", "ExecMethod", EXECUTED, LOGGED_IN, "executed a WMI method" },
	{ "atsvc", "NetrJobAdd", SCHEDULED, 0, "scheduled a task" },
	{ "ITaskSchedulerService", "SchRpcRegisterTask", SCHEDULED, 0, "scheduled a task" },
	{ "spoolss", "RpcAddPrinterDriverEx", ADDED_DRIVER, ADDED_DRIVER,
		"added a printer driver" },
};

struct server {
	struct addr addr; /* the key */
	/* Deeds: those that were seen, of these those with an answer, those that were told, that convicted. */
	unsigned deeds, answered, told, convicted;
};

static const struct arena_map_shape server_shape = {
	.item_size = sizeof(struct server),
	.key_size = offsetof(struct server, deeds),
	.capacity = MAX_SERVERS,
};

struct state {
	struct arena_map servers;
};

/* returns NULL when it is none of them */
static const struct call *
call_of(const struct obs_dce_rpc *rpc)
{
	if (rpc->endpoint == NULL || rpc->operation == NULL)
		return NULL;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (strcmp(rpc->endpoint, calls[i].endpoint) == 0 &&
			strncmp(rpc->operation, calls[i].operation, strlen(calls[i].operation)) ==
				0)
			return &calls[i];
	return NULL;
}

static void
report(struct detect *d, const struct server *s, const struct call *call,
	const struct obs_talk *talk, bool convicts)
{
	char server[ADDR_TEXT_MAX];
	char object[EVIDENCE_OBJECT_MAX];
	struct strbuf b;

	addr_format(&s->addr, server);
	strbuf_init(&b, object, sizeof(object));
	strbuf_printf(&b, "%s %s", server, call->endpoint);
	evidence_raise(d,
		&(struct finding){
			.kind = &execution,
			.threat = THREAT_HIGH,
			.confidence = CONFIDENCE,
			.role = EVIDENCE_ATTACKER,
			.decisive = convicts,
			.about = &s->addr,
			.port = talk->resp_port,
			.ip_proto = talk->ip_proto,
			.observed = 1,
			.threshold = 1,
			.object = object,
			.uids = &talk->uid,
			.uid_count = 1,
		},
		"%s on %s (%s %s)%s", call->text, server, call->endpoint, call->operation,
		call->deed == STARTED && convicts ? " that it had created" : "");
}

static bool
wants(const struct site *site, const struct observation *o)
{
	(void)site;
	return o->role == ROLE_CLIENT && o->dce_rpc->fault == NULL && call_of(o->dce_rpc) != NULL;
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct call *call = call_of(o->dce_rpc);
	struct state *state = d->window_state;
	struct server *s = arena_map_get(
		&state->servers, &server_shape, d->memory, d->hash_key, &o->talk->resp);

	if (s == NULL)
		return;
	s->deeds |= call->deed;
	if (o->dce_rpc->rtt_ns != TRANSACTION_UNSET)
		s->answered |= call->deed;
	bool convicts = cfg->convict && (s->answered & call->deed) != 0 &&
			(s->answered & call->after) != 0 && (s->convicted & call->deed) == 0;
	if (call->deed == LOGGED_IN || ((s->told & call->deed) != 0 && !convicts) ||
		(call->deed == STARTED && (s->deeds & CREATED) == 0))
		return; /* services are started remotely, and WMI is asked, every day */
	s->told |= call->deed;
	if (convicts)
		s->convicted |= call->deed;
	report(d, s, call, o->talk, convicts);
}

const struct detector detector_remote_execution = {
	.name = "remote_execution",
	.summary = "A host makes another one run something.",
	.subscribes = OBS_BIT(OBS_DCE_RPC),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &execution, NULL },
	.wants = wants,
	.observe = observe,
};
