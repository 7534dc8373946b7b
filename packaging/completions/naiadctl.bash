# bash completion of naiadctl; made by naiadctl --completion bash
_naiadctl() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
	local command= options i
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--socket | -s | --dir | -d | --completion | --host | --type | --level | --since | --limit | --window | --html | --md | --for | --scope | --note | --conf) ((i++)) ;;
		-*) ;;
		*) command=${COMP_WORDS[i]}; break ;;
		esac
	done
	COMPREPLY=()
	case $before in
	-s | --socket) compopt -o default; return ;;
	-d | --dir) compopt -o default; return ;;
	--completion) COMPREPLY=($(compgen -W 'bash zsh fish' -- "$word")); return ;;
	--host) return ;;
	--type) return ;;
	--level) COMPREPLY=($(compgen -W 'info low medium high critical' -- "$word")); return ;;
	--since) return ;;
	--limit) return ;;
	--window) return ;;
	--html) compopt -o default; return ;;
	--md) compopt -o default; return ;;
	--for) return ;;
	--scope) COMPREPLY=($(compgen -W 'pair host kind' -- "$word")); return ;;
	--note) return ;;
	--conf) compopt -o default; return ;;
	esac
	options=' --socket --dir --json --completion --version --help'
	case $command in
	evidence) options+=' --host --type --level --since --limit' ;;
	alerts) options+=' --host --type --level --since --limit' ;;
	devices) options+=' --limit' ;;
	profiles) options+=' --host --limit' ;;
	flows) options+=' --host --limit --window' ;;
	timeline) options+=' --host --limit --window' ;;
	report) options+=' --html --md' ;;
	config) options+=' --conf' ;;
	mute) options+=' --for --scope --note --conf' ;;
	doctor) options+=' --conf' ;;
	esac
	case $word in
	-*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
	*) [ -n "$command" ] || COMPREPLY=($(compgen -W 'status evidence alerts explain devices profiles flows timeline report config mute doctor selftest schema metrics reload reopen log-level' -- "$word")) ;;
	esac
}
complete -F _naiadctl naiadctl
