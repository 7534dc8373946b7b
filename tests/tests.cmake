# Every test is one executable and one ctest. A unit's test has the unit's name.
#
# A TIMEOUT ends what hangs, and says nothing of how fast a machine is: it is far above what a test takes on two slow cores
# that others use as well.
enable_testing()
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)

# The rig stands in for the core (evidence_raise and its kin), so it comes before every library.
add_library(detector_rig STATIC tests/support/detector_rig.c)
target_link_libraries(detector_rig PUBLIC naiad_detectors naiad_core)
target_link_options(detector_rig PUBLIC -Wl,--wrap=site_is_resolved)

# Frames and capture files for tests, made from what a test wants to say.
add_library(packet_build STATIC tests/support/packet_build.c tests/support/packet_build_link.c
	tests/support/tunnel_build.c
	tests/support/decode_rig.c)
target_link_libraries(packet_build PUBLIC naiad_decode)
add_library(capture_rig STATIC tests/support/capture_build.c tests/support/capture_rig.c)
target_link_libraries(capture_rig PUBLIC naiad_loop PkgConfig::CMOCKA)
add_library(told STATIC tests/support/told.c)
target_link_libraries(told PUBLIC naiad_config naiad_core)
add_library(link_build STATIC tests/support/link_build.c)
target_link_libraries(link_build PUBLIC house)
add_library(engine_rig STATIC tests/support/engine_rig.c)
target_link_libraries(engine_rig PUBLIC naiad_config naiad_core)
add_library(sensor_rig STATIC tests/support/sensor_rig.c)
target_link_libraries(sensor_rig PUBLIC naiad_config naiad_core)
add_library(capture_twice STATIC tests/support/capture_twice.c)
target_link_libraries(capture_twice PUBLIC naiad_loop)
# Whoever links it has every allocation of its own go through it.
add_library(failing_alloc OBJECT tests/support/failing_alloc.c)
target_link_libraries(failing_alloc PUBLIC house)
foreach(function malloc calloc realloc strdup mmap)
	target_link_options(failing_alloc INTERFACE -Wl,--wrap=${function})
endforeach()
# A sensor that is not there, behind a control socket that is.
add_library(control_fake STATIC tests/support/control_fake.c)
target_link_libraries(control_fake PUBLIC naiad_loop)
add_executable(control_server tests/support/control_server.c)
target_link_libraries(control_server PRIVATE control_fake)
add_executable(control_abuse tests/support/control_abuse.c)
target_link_libraries(control_abuse PRIVATE house)

function(naiad_test dir name)
	add_executable(${name} tests/${dir}/${name}.c)
	target_link_libraries(${name} PRIVATE ${ARGN} PkgConfig::CMOCKA)
	target_compile_definitions(${name} PRIVATE TESTS_DIR="${CMAKE_SOURCE_DIR}/tests")
	add_test(NAME ${dir}/${name} COMMAND ${name})
	set_tests_properties(${dir}/${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
endfunction()

# A source that says what a test of the report wants; and the report as a program.
add_library(report_rig STATIC tests/support/report_rig.c)
target_link_libraries(report_rig PUBLIC naiad_ctl)
add_executable(report_file tests/support/report_file.c)
target_link_libraries(report_file PRIVATE naiad_ctl)

file(GLOB unit_tests CONFIGURE_DEPENDS tests/unit/test_*.c)
foreach(path IN LISTS unit_tests)
	get_filename_component(name ${path} NAME_WE)
	naiad_test(unit ${name} packet_build capture_rig engine_rig sensor_rig control_fake
		link_build naiad_loop naiad_ctl)
	if(name MATCHES "^test_(case_lists|html|report)")
		target_link_libraries(${name} PRIVATE report_rig)
	endif()
endforeach()

# The viewer's parts, with a source and screens that are not there.
add_library(fake_view OBJECT tests/support/fake_source.c tests/support/fake_screens.c)
target_link_libraries(fake_view PUBLIC naiad_viewer)
foreach(name bar columns filter grid key_text keymap list model model_key screen_help show term term_signals view_options)
	target_link_libraries(test_${name} PRIVATE fake_view)
endforeach()


# The viewer's screens over a story that is told by a test.
add_library(view_sample OBJECT tests/support/view_sample.c tests/support/view_sample_screens.c)
target_link_libraries(view_sample PUBLIC naiad_viewer)
foreach(name head main_address main_evidence main_timeline main_tree page sheet show_evidence timeline_find
	screen_alerts screen_all_evidence screen_devices screen_explain screen_flows screen_main)
	target_link_libraries(test_${name} PRIVATE view_sample)
endforeach()

# The viewer's screens of ports, tuples and places, over a window that a test made up.
add_library(places_view OBJECT tests/support/places_sample.c tests/support/places_screens.c)
target_link_libraries(places_view PUBLIC naiad_viewer)
foreach(name attack_matrix letters_show log_bar map_canvas map_land map_places map_tally rhythm screen_attack
		screen_beacon screen_map sorted table_screen tuple_screen)
	target_link_libraries(test_${name} PRIVATE places_view)
endforeach()

target_link_options(test_writer PRIVATE -Wl,--wrap=_exit) # a child may take its time for it

# Oracles that not every machine has: without them their tests are skipped, and say so. (Debian 12's htp.pc names a
# directory that is not there.)
find_library(HTP_LIBRARY htp)
if(HTP_LIBRARY)
	target_link_libraries(test_http_oracle PRIVATE ${HTP_LIBRARY})
	target_compile_definitions(test_http_oracle PRIVATE HAVE_LIBHTP)
endif()
pkg_check_modules(LDNS QUIET IMPORTED_TARGET ldns)
if(LDNS_FOUND)
	target_link_libraries(test_dns_oracle PRIVATE PkgConfig::LDNS)
	target_compile_definitions(test_dns_oracle PRIVATE HAVE_LDNS)
endif()

# These have the rig in place of the kernel and of libpcap's live half.
foreach(name test_capture_handle test_capture_live test_capture_set)
	target_sources(${name} PRIVATE tests/support/live_rig.c)
endforeach()

foreach(name test_source_store test_source_store_answers)
	target_sources(${name} PRIVATE tests/support/source_rig.c tests/support/store_build.c)
endforeach()

# A fuzz target is a libFuzzer program with NAIAD_FUZZ; without it any compiler replays its corpus.
file(GLOB fuzz_targets CONFIGURE_DEPENDS tests/fuzz/fuzz_*.c)
if(NAIAD_FUZZ)
	target_compile_options(house INTERFACE -fsanitize=fuzzer-no-link)
	# What compares no bytes of an input need not tell libFuzzer what it compares: half of the time.
	foreach(layer naiad_base naiad_core naiad_detectors packet_build)
		target_compile_options(${layer} PRIVATE -fno-sanitize-coverage=trace-cmp)
	endforeach()
endif()
foreach(path IN LISTS fuzz_targets)
	get_filename_component(target ${path} NAME_WE)
	string(REPLACE "fuzz_" "" name ${target})
	add_executable(${target} ${path})
	target_link_libraries(${target} PRIVATE packet_build sensor_rig capture_twice control_fake
		failing_alloc
		naiad_loop)
	set(replay)
	if(NAIAD_FUZZ)
		target_link_options(${target} PRIVATE -fsanitize=fuzzer)
		set(replay -runs=0)
	else()
		target_sources(${target} PRIVATE tests/fuzz/replay_main.c)
	endif()
	add_test(NAME fuzz/${name} COMMAND ${target} ${replay}
		${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
	set_tests_properties(fuzz/${name} PROPERTIES TIMEOUT 300)
endforeach()

# Damages captures and analyses them (tests/fuzz/malformed).
add_executable(malformed_captures tests/fuzz/malformed_captures.c)
target_link_libraries(malformed_captures PRIVATE naiad_loop)

foreach(name IN LISTS detector_names)
	naiad_test(detectors test_${name} detector_rig) # a detector without a test does not configure
endforeach()

# Packets made to blind a sensor: each set prints a line for each of its cases.
add_library(evasion_rig STATIC tests/evasion/evasion_rig.c tests/evasion/parts.c)
target_link_libraries(evasion_rig PUBLIC packet_build engine_rig)
add_library(conversation STATIC tests/evasion/conversation.c tests/evasion/deliver.c)
target_link_libraries(conversation PUBLIC packet_build told naiad_loop)
target_link_libraries(test_mirror PRIVATE failing_alloc) # memory that is out, too
target_link_libraries(test_redis_link PRIVATE failing_alloc)
target_link_libraries(test_engine_parse PRIVATE evasion_rig) # which tells a stream in a few words
file(GLOB evasion_sets CONFIGURE_DEPENDS tests/evasion/evasion_*.c)
list(FILTER evasion_sets EXCLUDE REGEX "/evasion_rig\\.c$")
foreach(path IN LISTS evasion_sets)
	get_filename_component(target ${path} NAME_WE)
	string(REPLACE "evasion_" "" name ${target})
	add_executable(${target} ${path})
	target_link_libraries(${target} PRIVATE evasion_rig)
	add_test(NAME evasion/${name} COMMAND ${target})
	set_tests_properties(evasion/${name} PROPERTIES TIMEOUT 300)
endforeach()

target_link_libraries(evasion_conversations PRIVATE conversation)
target_compile_definitions(evasion_conversations PRIVATE TESTS_DIR="${CMAKE_SOURCE_DIR}/tests")
set_tests_properties(evasion/conversations PROPERTIES TIMEOUT 900 COST 100) # tens of thousands of conversations: a minute of a processor

# Checks of the house itself, and the real binary driven from outside: scripts, one ctest each.
file(GLOB scripts CONFIGURE_DEPENDS tests/checks/*.sh tests/evaluation/*.sh tests/integration/*.sh)
foreach(path IN LISTS scripts)
	get_filename_component(name ${path} NAME_WE)
	get_filename_component(dir ${path} DIRECTORY)
	get_filename_component(dir ${dir} NAME)
	add_test(NAME ${dir}/${name} COMMAND ${path})
	set_tests_properties(${dir}/${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600
		ENVIRONMENT "NAIAD=$<TARGET_FILE:naiad>;NAIAD_BUILD=${CMAKE_BINARY_DIR};NAIAD_SOURCE=${CMAKE_SOURCE_DIR};CC=${CMAKE_C_COMPILER}")
endforeach()
# The program of integration/live_capture.sh.
add_executable(live_capture tests/integration/live_capture.c)
target_link_libraries(live_capture PRIVATE naiad_loop)
# The program of integration/slips_listings.sh.
add_executable(slips_listings tests/integration/slips_listings.c)
target_link_libraries(slips_listings PRIVATE naiad_config naiad_input naiad_core)

# All that a source of the viewer says, for integration/source_agreement.sh.
add_executable(source_rows tests/support/source_rows.c)
target_link_libraries(source_rows PRIVATE naiad_source)

# These compile or analyse the whole tree again: first in the queue, and no two at a time.
set_tests_properties(checks/tidy checks/clang_build checks/no_static_data integration/writing
	PROPERTIES TIMEOUT 1200 PROCESSORS 2 COST 1000)
# These wait more than they work: in the third place that tests/run has, beside the ones above.
set_tests_properties(integration/live_detections integration/live_reload integration/metrics_http integration/prometheus
	integration/live_disk integration/syslog integration/live_capture integration/prometheus_live
	integration/live_service integration/live_writer integration/live_syslog integration/live_refusals
	integration/metrics_live unit/test_control unit/test_http_clients unit/test_redis_claim unit/test_redis_outlet
	unit/test_redis_target unit/test_source_redis_link
	PROPERTIES COST 900)

# The outlets of a live sensor alone, driven by scripts.
add_executable(outlet_driver tests/support/outlet_driver.c)
target_link_libraries(outlet_driver PRIVATE naiad_loop)
# The outlets of a run over a file, given nothing but hostile texts (tests/integration/store_hostile.sh).
add_executable(store_hostile tests/support/store_hostile.c)
target_link_libraries(store_hostile PRIVATE naiad_loop PkgConfig::CMOCKA)

# These build the release.
set_tests_properties(checks/no_static_data evaluation/false_positives evaluation/table integration/failing_allocations integration/memory
	integration/live_clock integration/live_kill integration/live_memory integration/memory_profiles integration/redis_away
	integration/redis_dirty integration/soak integration/store_kill integration/viewer_large
	integration/zeek_conn_log integration/zeek_logs
	PROPERTIES RESOURCE_LOCK release)

# Writes the captures of tests/golden/, so that they can be compared with what is committed.
add_executable(golden_make_captures tests/golden/make_captures.c)
target_link_libraries(golden_make_captures PRIVATE packet_build naiad_base)
# What is told of a capture, so that it can be compared with what is committed beside it.
add_executable(golden_tell tests/golden/tell.c)
target_link_libraries(golden_tell PRIVATE told naiad_loop)

# The tools of tests/bench/run, built here so that they are held to the same warnings.
add_executable(bench_measure tests/bench/measure.c)
target_link_libraries(bench_measure PRIVATE house)
add_executable(bench_make_capture tests/bench/make_capture.c)
target_link_libraries(bench_make_capture PRIVATE house)
add_executable(bench_intel tests/bench/intel.c)
target_link_libraries(bench_intel PRIVATE naiad_core)

# The clients of integration/memory_profiles.sh.
add_executable(bench_make_hosts tests/bench/make_hosts.c)
target_link_libraries(bench_make_hosts PRIVATE packet_build naiad_base)

# Floods (reliability M1 to M5, and M9): reduced here, in full by tests/flood/run.
file(GLOB flood_sources CONFIGURE_DEPENDS tests/flood/*.c)
add_executable(flood ${flood_sources})
target_link_libraries(flood PRIVATE packet_build naiad_config naiad_core)
foreach(id M1 M2 M3 M4 M5 M9)
	add_test(NAME flood/${id} COMMAND flood ${id})
	set_tests_properties(flood/${id} PROPERTIES TIMEOUT 300)
endforeach()

# The one of tests/soak/run.
add_executable(soak_feed tests/soak/feed.c)
target_link_libraries(soak_feed PRIVATE packet_build naiad_base)

# For the integration tests of /metrics: the listener without a sensor, and those who abuse it.
add_executable(metrics_server tests/support/metrics_server.c)
target_link_libraries(metrics_server PRIVATE naiad_loop)
add_executable(http_abuse tests/support/http_abuse.c)
target_link_libraries(http_abuse PRIVATE house)
# What goes into a sandbox and tries to leave it (tests/integration/sandbox.sh). The last two are not
# sanitized: they come before, and into, programs that may be or not be.
add_executable(sandbox_inside tests/support/sandbox_inside.c tests/support/sandbox_probes.c)
target_link_libraries(sandbox_inside PRIVATE naiad_loop)
add_library(sandbox_preload MODULE tests/support/sandbox_preload.c tests/support/sandbox_probes.c)
add_executable(under_unit tests/support/under_unit.c)
target_link_libraries(under_unit PRIVATE PkgConfig::SECCOMP)
foreach(target sandbox_preload under_unit)
	target_link_libraries(${target} PRIVATE house)
	target_compile_options(${target} PRIVATE -fno-sanitize=all)
	target_link_options(${target} PRIVATE -fno-sanitize=all)
endforeach()

# What the tests of the live sensor send to it, hear from it, and put below it. The last goes below the
# release as well: it has the warnings of the house, and none of its sanitizers.
add_executable(make_sweeps tests/support/make_sweeps.c)
target_link_libraries(make_sweeps PRIVATE packet_build naiad_base)
add_executable(make_geo tests/support/make_geo.c)
target_link_libraries(make_geo PRIVATE naiad_base)
add_executable(notify_listen tests/support/notify_listen.c)
target_link_libraries(notify_listen PRIVATE house)
add_library(capture_preload MODULE tests/support/capture_preload.c)
target_compile_options(capture_preload PRIVATE
	$<TARGET_PROPERTY:house,INTERFACE_COMPILE_OPTIONS> -fno-sanitize=all)

# Below the release as well: allocations that fail (tests/integration/failing_allocations.sh).
add_library(alloc_preload MODULE tests/support/alloc_preload.c)
target_compile_definitions(alloc_preload PRIVATE _DEFAULT_SOURCE)
target_compile_options(alloc_preload PRIVATE
	$<TARGET_PROPERTY:house,INTERFACE_COMPILE_OPTIONS> -fno-sanitize=all)
# And a kill in the middle of a write (tests/integration/store_kill.sh).
add_library(kill_preload MODULE tests/support/kill_preload.c)
target_compile_definitions(kill_preload PRIVATE _GNU_SOURCE)
target_compile_options(kill_preload PRIVATE
	$<TARGET_PROPERTY:house,INTERFACE_COMPILE_OPTIONS> -fno-sanitize=all)

# What stands between an exporter and a collector (tests/integration/netflow_oracle.sh).
add_executable(netflow_relay tests/support/netflow_relay.c)
target_link_libraries(netflow_relay PRIVATE naiad_input)

# Writes docs/METRICS.md.
add_executable(print_metrics tests/support/print_metrics.c)
target_link_libraries(print_metrics PRIVATE naiad_loop)
# Writes docs/DETECTORS.md.
add_executable(print_detectors tests/support/print_detectors.c)
target_link_libraries(print_detectors PRIVATE naiad_config naiad_detectors naiad_core)
# The longest that wait for the release go first: last, one of them would have a core to itself and the other nobody.
set_tests_properties(integration/zeek_logs integration/zeek_conn_log integration/redis_away PROPERTIES COST 500)
