/* sip_sample.h -- a call by SIP, as both transports' tests have it. */
#pragma once

#include "tests/support/proto_rig.h"

static const char sip_invite[] = "INVITE sip:bob@example.com SIP/2.0\r\n"
				 "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1;rport\r\n"
				 "v: SIP/2.0/UDP 10.0.0.3 ; branch=2\r\n"
				 "FROM: <sip:alice@example.com>;tag=1\r\n"
				 "t:<sip:bob@example.com>\r\n"
				 "i: 7@example.com\r\n"
				 "CSeq: 1 INVITE\r\n"
				 "s: lunch\r\n"
				 " today\r\n"
				 "User-Agent:\tphone 1.0 \r\n"
				 "Reply-To: <sip:carol@example.com>\r\n"
				 "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
				 "Content-Type: application/sdp\r\n"
				 "l: 4\r\n"
				 "\r\n"
				 "v=0\n";
static const char sip_trying[] = "SIP/2.0 100 Trying hard\r\n"
				 "Via: SIP/2.0/UDP 10.0.0.1;received=10.0.0.2;branch=z9hG4bK1\r\n"
				 "f: <sip:alice@example.com>;tag=1\r\n"
				 "To: <sip:bob@example.com>;tag=2\r\n"
				 "Content-Length: 0\r\n"
				 "\r\n";
static const char sip_ok[] = "SIP/2.0 200 OK\r\n"
			     "c: text/plain\r\n"
			     "Warning: 399 wait\r\n"
			     "Content-Length: 2\r\n"
			     "\r\n"
			     "ok";

static const struct proto_piece sip_call[] = {
	{ true, sip_invite, sizeof(sip_invite) - 1 },
	{ false, sip_trying, sizeof(sip_trying) - 1 },
	{ false, sip_ok, sizeof(sip_ok) - 1 },
};

enum { SIP_PIECES = sizeof(sip_call) / sizeof(sip_call[0]) };

#define SIP_REQUEST_TOLD                                                                          \
	"sip trans_depth=0 method=INVITE uri=sip:bob@example.com date=Thu, 01 Jan 1970 00:00:00 " \
	"GMT request_from=<sip:alice@example.com> request_to=<sip:bob@example.com>"

/* What is told of it. */
static const char sip_told[] = SIP_REQUEST_TOLD
	" response_from=<sip:alice@example.com> "
	"response_to=<sip:bob@example.com>;tag=2 reply_to=<sip:carol@example.com> "
	"call_id=7@example.com seq=1 INVITE subject=lunch "
	"request_path=[SIP/2.0/UDP 10.0.0.1|SIP/2.0/UDP 10.0.0.3 ; branch=2] "
	"response_path=[SIP/2.0/UDP 10.0.0.1;received=10.0.0.2] user_agent=phone 1.0 "
	"status_code=100 status_msg=Trying hard request_body_len=4 "
	"response_body_len=0\n" SIP_REQUEST_TOLD
	" reply_to=<sip:carol@example.com> call_id=7@example.com seq=1 INVITE "
	"subject=lunch request_path=[SIP/2.0/UDP 10.0.0.1|SIP/2.0/UDP 10.0.0.3 ; "
	"branch=2] user_agent=phone 1.0 status_code=200 status_msg=OK "
	"warning=399 wait request_body_len=4 response_body_len=2 "
	"content_type=text/plain\n";
