using System.CommandLine;

namespace Federation.Cli.Commands;

/// <summary><c>federation completion bash|zsh|fish</c>: a script that lets the shell complete commands, options and values.</summary>
internal static class CompletionCommand
{
    // System.CommandLine answers "[suggest:POSITION]" with one completion a line.
    private const string Bash = """
        # federation completion for bash; add to ~/.bashrc:  eval "$(federation completion bash)"
        _federation() {
          local IFS=$'\n'
          local current="${COMP_WORDS[COMP_CWORD]}"
          COMPREPLY=( $(compgen -W "$(federation "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${current}") )
        }
        complete -o default -F _federation federation
        """;

    private const string Zsh = """
        # federation completion for zsh; add to ~/.zshrc after compinit:  eval "$(federation completion zsh)"
        _federation() {
          local -a found
          found=( "${(@f)$(federation "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}" )
          if [[ -n "${found[1]}" ]]; then compadd -- "${found[@]}"; else _files; fi
        }
        compdef _federation federation
        """;

    private const string Fish = """
        # federation completion for fish; save to ~/.config/fish/completions/federation.fish
        function __federation_complete
          set -l line (commandline -p)
          federation "[suggest:"(commandline -C)"]" "$line" 2>/dev/null
        end
        complete -c federation -a "(__federation_complete)"
        """;

    public static Command Create() => new("completion", "Prints a script for the shell that completes commands, options and values.")
    {
        Script("bash", Bash),
        Script("zsh", Zsh),
        Script("fish", Fish),
    };

    private static Command Script(string shell, string script)
    {
        var command = new Command(shell, $"For {shell}: the first line says where it goes.");
        command.Runs((scope, _) =>
        {
            scope.WriteLine(script);
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }
}
