// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser

/// The completions for bash. The parser's script supports neither aliases, nor options before the command, nor commands
/// after `help`; a function around it puts the words into an order that it supports.
enum BashCompletions {
    static func script(around script: String) -> String {
        let registration = "complete -o filenames -F _backendctl backendctl"
        let own = script.replacing(registration, with: "")
        return own + function + registration.replacing("_backendctl", with: "_backendctl_in_order")
    }

    /// The branches that replace aliases by their commands.
    private static var aliases: String {
        Backendctl.configuration.subcommands.flatMap { command in
            command.configuration.aliases.map { alias in
                "    \(alias)) command='\(command.configuration.commandName ?? "")' ;;\n"
            }
        }.joined()
    }

    private static var function: String {
        #"""
        _backendctl_in_order() {
            # Readline splits at = and :, which are part of an option with its value, and of a name.
            local -a all=() options=()
            local -i index next=0
            local word command
            for ((index = 1; index <= COMP_CWORD; index++)); do
                word="${COMP_WORDS[index]}"
                if [[ "${word}" == '=' && "${COMP_WORDS[index - 1]}" == -* ]]; then
                    if ((index == COMP_CWORD)); then all+=(''); fi
                elif ((${#all[@]} > 0)) && [[ "${word}" == ':' || "${all[-1]}" == *: ]]; then
                    all[-1]+="${word}"
                else
                    all+=("${word}")
                fi
            done
            local -ir last=${#all[@]}-1
            while ((next < last)); do
                case "${all[next]}" in
                \#(GlobalArguments.withValue.sorted().joined(separator: "|")))
                    if ((next + 1 == last)); then break; fi
                    options+=("${all[@]:next:2}")
                    next+=2
                    ;;
                *) break ;;
                esac
            done

            command="${all[next]}"
            case "${command}" in
        \#(aliases)    -*)
                # Any command has these options.
                command='list'
                next+=-1
                ;;
            esac
            local -a words=("${COMP_WORDS[0]}")
            if ((next == last)); then
                words+=("${all[last]}")
            elif [[ "${command}" == 'help' ]]; then
                words+=("${all[@]:next + 1}")
            elif [[ "${command}" == 'config' ]] && ((next + 1 < last)); then
                words+=("${command}" "${all[next + 1]}" "${options[@]}" "${all[@]:next + 2}")
            else
                words+=("${command}" "${options[@]}" "${all[@]:next + 1}")
            fi
            local -a COMP_WORDS=("${words[@]}")
            local -i COMP_CWORD=${#words[@]}-1
            local COMP_LINE="${words[*]}"
            local -i COMP_POINT=${#COMP_LINE}
            _backendctl "${1}" "${words[-1]}" "${words[-2]}"
            local -r before="${words[-1]%"${words[-1]##*:}"}"
            if [[ "${COMP_WORDBREAKS}" == *:* ]]; then COMPREPLY=("${COMPREPLY[@]#"${before}"}"); fi
        }


        """#
    }
}
