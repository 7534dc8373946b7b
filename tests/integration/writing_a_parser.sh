#!/bin/sh
# docs/WRITING-A-PARSER.md does what it says: its commands, as they stand there, end in a green test.
. "$(dirname -- "$0")/page"

follow docs/WRITING-A-PARSER.md PROTOCOL daemon/proto
