# SPDX-License-Identifier: Apache-2.0
# Completion of viztracer in bash: it asks the command which options there are.

_viztracer() {
    local current=${COMP_WORDS[COMP_CWORD]}
    local previous=${COMP_WORDS[COMP_CWORD - 1]}
    local command=record options='' values='' typed word
    local of letter name value is_there

    for word in "${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
        case $word in
        view | export | report | diff) command=$word ;;
        -*) continue ;;
        esac
        break
    done
    while read -r of letter name value is_there; do
        if [[ $of != "$command" || $is_there != yes ]]; then
            continue
        fi
        options+=" --$name"
        if [[ ${previous//-/_} != "__$name" ]]; then
            continue
        elif [[ $name == format ]]; then
            values='json json.gz vzt html folded speedscope pftrace pstats'
            values+=' callgrind csv'
        elif [[ $name == view ]]; then
            values='timeline flame functions sandwich source events info'
        elif [[ $name == dump ]]; then
            values='text ansi json'
        elif [[ $name == align ]]; then
            values='start clock'
        elif [[ $value == *'|'* ]]; then
            values=${value//|/ }
        fi
    done < <("${COMP_WORDS[0]}" --list_options 2>/dev/null)
    COMPREPLY=()
    if [[ -n $values ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$values" -- "$current")
    elif [[ $current == -* ]]; then
        typed=${current#-}
        typed=${typed#-}
        mapfile -t COMPREPLY < <(
            compgen -W "$options" -- "--${typed//-/_}")
    elif [[ $COMP_CWORD == 1 ]]; then
        mapfile -t COMPREPLY < <(
            compgen -W 'view export report diff' -- "$current"
            compgen -f -- "$current")
    fi
}

complete -o default -o filenames -F _viztracer viztracer
