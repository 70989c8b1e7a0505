# Completes reeld's commands, options, storyboards, and the names of a running daemon's batches and shots.
#
# Install it as ~/.config/fish/completions/reeld.fish, or /usr/share/fish/vendor_completions.d/reeld.fish.

# Names from the daemon that the line means, quietly: without one there are none.
function __reeld_names
    set -l words (commandline -opc)
    set -l place
    for i in (seq 2 (count $words))
        switch $words[$i]
            case --state --config
                set -a place $words[$i] $words[(math $i + 1)]
            case --sandbox
                set -a place --sandbox
        end
    end
    $words[1] names $place -- $argv[1] 2>/dev/null
end

set -l commands run serve submit status wait nightly cancel retry resolve pause resume priority why dashboard check report models sandbox help
complete -c reeld -f
complete -c reeld -n "not __fish_seen_subcommand_from $commands" -a "$commands"
complete -c reeld -n "__fish_seen_subcommand_from run submit check" -a "(__fish_complete_suffix .yaml)"
complete -c reeld -n "__fish_seen_subcommand_from status cancel retry resolve why" -a "(__reeld_names (commandline -ct))"
complete -c reeld -n "__fish_seen_subcommand_from wait pause resume priority report" -a "(__reeld_names '')"
complete -c reeld -n "__fish_seen_subcommand_from nightly" -a "(__fish_complete_directories)"
complete -c reeld -n "__fish_seen_subcommand_from help" -a config
complete -c reeld -l config -r -F -d "Configuration file"
complete -c reeld -l state -r -a "(__fish_complete_directories)" -d "State folder"
complete -c reeld -l sandbox -d "The daemon that was started with --sandbox"
complete -c reeld -l json -d "As JSON on standard output"
complete -c reeld -s q -l quiet -d "Say nothing but warnings and errors"
complete -c reeld -n "__fish_seen_subcommand_from run submit" -l again -d "Also when it was rendered already"
complete -c reeld -n "__fish_seen_subcommand_from submit" -l priority -x -d "-100 to 100"
complete -c reeld -n "__fish_seen_subcommand_from status" -l watch -d "Draw it anew each second"
complete -c reeld -n "__fish_seen_subcommand_from status" -l only -x -a "queued creating rendering in_doubt held succeeded failed cancelled"
complete -c reeld -n "__fish_seen_subcommand_from wait nightly" -l timeout -x -d "Wait no longer than this"
complete -c reeld -n "__fish_seen_subcommand_from resolve" -l created -x -d "The prediction that it made"
complete -c reeld -n "__fish_seen_subcommand_from resolve" -l not-created -d "It made none (=2 the second time)"
