#!/bin/sh
# docs/WRITING-A-DETECTOR.md does what it says: its commands, as they stand there, end in a green test.
. "$(dirname -- "$0")/page"

follow docs/WRITING-A-DETECTOR.md DETECTOR detectors
