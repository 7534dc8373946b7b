# bash completion of naiadctl; made by naiadctl --completion bash
_naiadctl() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
	case $before in
	-s | --socket) COMPREPLY=($(compgen -f -- "$word")); return ;;
	-d | --dir) COMPREPLY=($(compgen -f -- "$word")); return ;;
	--completion) COMPREPLY=($(compgen -W 'bash zsh fish' -- "$word")); return ;;
	--host) COMPREPLY=(); return ;;
	--type) COMPREPLY=(); return ;;
	--level) COMPREPLY=($(compgen -W 'info low medium high critical' -- "$word")); return ;;
	--since) COMPREPLY=(); return ;;
	--limit) COMPREPLY=(); return ;;
	--window) COMPREPLY=(); return ;;
	--html) COMPREPLY=($(compgen -f -- "$word")); return ;;
	--md) COMPREPLY=($(compgen -f -- "$word")); return ;;
	--for) COMPREPLY=(); return ;;
	--scope) COMPREPLY=($(compgen -W 'pair host kind' -- "$word")); return ;;
	--note) COMPREPLY=(); return ;;
	--conf) COMPREPLY=($(compgen -f -- "$word")); return ;;
	esac
	case $word in
	-*) COMPREPLY=($(compgen -W '--socket --dir --json --completion --version --help --host --type --level --since --limit --window --html --md --for --scope --note --conf' -- "$word")) ;;
	*) COMPREPLY=($(compgen -W 'status evidence alerts explain profiles devices flows timeline report config mute doctor selftest schema metrics reload reopen log-level' -- "$word")) ;;
	esac
}
complete -F _naiadctl naiadctl
