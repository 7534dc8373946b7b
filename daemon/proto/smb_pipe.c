#include "daemon/proto/smb_pipe.h"

static struct smb_pipe *
pipe_of(struct smb_pipes *p, uint64_t file)
{
	for (size_t i = 0; i < SMB_PIPES; i++)
		if (p->at[i].is_open && p->at[i].file == file)
			return &p->at[i];
	return NULL;
}

static void
end(struct smb_pipe *pipe, const struct proto_call *call)
{
	dce_rpc_calls_end(&pipe->calls, call);
	*pipe = (struct smb_pipe){ 0 };
}

void
smb_pipe_opened(struct smb_pipes *p, const struct proto_call *call, uint64_t file)
{
	struct smb_pipe *pipe = pipe_of(p, file);

	if (pipe == NULL) {
		pipe = &p->at[p->next];
		p->next = (uint8_t)((p->next + 1) % SMB_PIPES);
	}
	end(pipe, call);
	pipe->is_open = true;
	pipe->file = file;
}

bool
smb_pipe_is_open(const struct smb_pipes *p, uint64_t file)
{
	for (size_t i = 0; i < SMB_PIPES; i++)
		if (p->at[i].is_open && p->at[i].file == file)
			return true;
	return false;
}

void
smb_pipe_data(struct smb_pipes *p, const struct proto_call *call, uint64_t file, struct cursor data)
{
	struct smb_pipe *pipe = pipe_of(p, file);
	uint32_t size = dce_rpc_size(data);

	if (pipe == NULL || size == 0 || size == UINT32_MAX)
		return;
	call->also(call->context, "dce_rpc");
	(void)dce_rpc_message(&pipe->calls, call, data);
}

void
smb_pipe_closed(struct smb_pipes *p, const struct proto_call *call, uint64_t file)
{
	struct smb_pipe *pipe = pipe_of(p, file);

	if (pipe != NULL)
		end(pipe, call);
}

void
smb_pipes_end(struct smb_pipes *p, const struct proto_call *call)
{
	for (size_t i = 0; i < SMB_PIPES; i++)
		end(&p->at[i], call);
}
