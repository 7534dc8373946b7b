# What `cmake --install` puts where; read-only data of ours goes to share/naiad.
# tests/integration/install.sh has the list of files with their modes; a line here is a line there.
#
# The prefix is chosen when configuring (-DCMAKE_INSTALL_PREFIX=/usr), because the unit names the
# program. Settings are in /etc with any prefix, unless CMAKE_INSTALL_SYSCONFDIR says otherwise.

set(units ${CMAKE_INSTALL_PREFIX}/lib)

# A file that its owner edits is put there once, and never over an edited one.
function(naiad_install_settings from to)
	get_filename_component(directory ${to} DIRECTORY)
	get_filename_component(name ${to} NAME)
	install(CODE "
		if(EXISTS \"\$ENV{DESTDIR}${to}\")
			message(STATUS \"Kept: \$ENV{DESTDIR}${to}\")
		else()
			file(INSTALL \"${CMAKE_SOURCE_DIR}/${from}\" DESTINATION \"${directory}\" RENAME \"${name}\")
		endif()")
endfunction()

configure_file(systemd/naiad.service.in ${CMAKE_BINARY_DIR}/generated/naiad.service @ONLY)
configure_file(packaging/grafana/provisioning.yaml.in ${CMAKE_BINARY_DIR}/generated/provisioning.yaml @ONLY)

install(TARGETS naiad RUNTIME DESTINATION ${CMAKE_INSTALL_SBINDIR})
install(TARGETS naiadctl naiad-view RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${CMAKE_BINARY_DIR}/generated/naiad.service DESTINATION ${units}/systemd/system)
install(FILES systemd/naiad.sysusers DESTINATION ${units}/sysusers.d RENAME naiad.conf)
install(FILES systemd/naiad.tmpfiles DESTINATION ${units}/tmpfiles.d RENAME naiad.conf)
naiad_install_settings(packaging/naiad.yaml ${CMAKE_INSTALL_FULL_SYSCONFDIR}/naiad/naiad.yaml)
naiad_install_settings(packaging/naiad.logrotate ${CMAKE_INSTALL_FULL_SYSCONFDIR}/logrotate.d/naiad)
install(FILES packaging/prometheus/naiad.rules.yaml DESTINATION ${CMAKE_INSTALL_DATADIR}/naiad/prometheus)
install(FILES packaging/grafana/evidence_overview.json packaging/grafana/sensor_health.json
	${CMAKE_BINARY_DIR}/generated/provisioning.yaml DESTINATION ${CMAKE_INSTALL_DATADIR}/naiad/grafana)
install(FILES README.md CHANGELOG.md LICENSE docs/CONFIG.md docs/DETECTORS.md docs/FALSE-POSITIVES.md docs/INPUTS.md
	docs/INTELLIGENCE.md docs/METRICS.md docs/NAIADCTL.md docs/REDIS.md docs/REPORT.md docs/STORE.md docs/VIEWER.md
	docs/WHITELIST.md docs/ZEEK-DIFFERENCES.md
	DESTINATION ${CMAKE_INSTALL_DOCDIR})
# Made by naiadctl --completion, compared by tests/integration/naiadctl_case.sh.
install(FILES packaging/completions/naiadctl.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
	RENAME naiadctl)
install(FILES packaging/completions/_naiadctl DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES packaging/completions/naiadctl.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
