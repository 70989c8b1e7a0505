# shellcheck shell=bash
# Completes reeld's commands, options, storyboards, and the names of a running daemon's batches and shots.
#
# For one user: source this file from ~/.bashrc. For all: install it as
# /usr/share/bash-completion/completions/reeld.

# What says which daemon is meant, as it was typed so far.
_reeld_place() {
    local i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        --state | --config) printf '%s\n%s\n' "${COMP_WORDS[i]}" "${COMP_WORDS[i + 1]}" ;;
        --sandbox) printf '%s\n' --sandbox ;;
        esac
    done
}

# Names from the daemon, quietly: without one there are none.
_reeld_names() {
    local place
    mapfile -t place < <(_reeld_place)
    "${COMP_WORDS[0]}" names "${place[@]}" "$1" 2>/dev/null
}

_reeld() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' i
    local commands='run serve submit status wait nightly cancel retry resolve pause resume priority why dashboard check
        report models sandbox help'
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        if [[ ${COMP_WORDS[i]} != -* ]]; then
            command=${COMP_WORDS[i]}
            break
        fi
    done
    if [[ -z $command ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$commands --help --version" -- "$current")
        return
    fi
    case $previous in
    --state | --output | --watch)
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
        return
        ;;
    --config)
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
        ;;
    --only)
        mapfile -t COMPREPLY < <(compgen -W 'queued creating rendering in_doubt held succeeded failed cancelled' \
            -- "$current")
        return
        ;;
    esac
    if [[ $current == -* ]]; then
        local options
        options=$("${COMP_WORDS[0]}" "$command" --help 2>/dev/null | grep -oE -- '--[a-z][a-z-]+' | sort -u)
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
        return
    fi
    case $command in
    run | submit | check)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -d -- "$current"; compgen -f -X '!*.y?(a)ml' -- "$current")
        ;;
    status | cancel | retry)
        mapfile -t COMPREPLY < <(compgen -W "$(_reeld_names "$current")" -- "$current")
        ;;
    resolve | why)
        mapfile -t COMPREPLY < <(compgen -W "$(_reeld_names "$current")" -- "$current")
        # A shot is wanted: its batch is completed up to the slash.
        if [[ $current != */* ]]; then
            compopt -o nospace 2>/dev/null
            COMPREPLY=("${COMPREPLY[@]/%//}")
        fi
        ;;
    wait | pause | resume | priority | report)
        mapfile -t COMPREPLY < <(compgen -W "$(_reeld_names '')" -- "$current")
        ;;
    nightly)
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
        ;;
    help)
        mapfile -t COMPREPLY < <(compgen -W 'config' -- "$current")
        ;;
    esac
}

complete -F _reeld reeld
