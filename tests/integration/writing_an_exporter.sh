#!/bin/sh
# docs/WRITING-AN-EXPORTER.md does what it says: its commands, as they stand there, end in a green test.
. "$(dirname -- "$0")/page"

follow docs/WRITING-AN-EXPORTER.md EXPORTER exporters
