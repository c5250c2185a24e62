using System.CommandLine;
using SiteMonitor.Cli.Output;

namespace SiteMonitor.Cli.Commands;

/// <summary>Defines <c>completion</c>: prints a script by which a shell completes commands and options.</summary>
internal static class CompletionCommand
{
    // Each script asks the program itself, by System.CommandLine's directive [suggest:POSITION], for the line without its first word.
    private const string Bash = """
        _sitemonitor() {
          local line="${COMP_LINE#* }" point=$((COMP_POINT - ${#COMP_WORDS[0]} - 1))
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$point]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _sitemonitor sitemonitor
        """;

    private const string Zsh = """
        #compdef sitemonitor
        _sitemonitor() {
          local line="${BUFFER#* }" point=$((CURSOR - ${#words[1]} - 1))
          local -a found=("${(@f)$("${words[1]}" "[suggest:$point]" "$line" 2>/dev/null)}")
          compadd -- "${found[@]}"
        }
        compdef _sitemonitor sitemonitor
        """;

    private const string Fish = """
        complete -c sitemonitor -f -a '(begin
          set -l line (string replace -r "^\S+ " "" -- (commandline -cp))
          sitemonitor "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null
        end)'
        """;

    private const string Pwsh = """
        Register-ArgumentCompleter -Native -CommandName sitemonitor -ScriptBlock {
          param($word, $ast, $cursor)
          $line = $ast.ToString() -replace '^\S+ ?', ''
          $point = [Math]::Min($line.Length, [Math]::Max(0, $cursor - ($ast.ToString().Length - $line.Length)))
          sitemonitor "[suggest:$point]" "$line" 2>$null | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
          }
        }
        """;

    public static Command Create(Terminal terminal)
    {
        Argument<string> shell = new("shell") { Description = "bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        Command command = new("completion", "Print a script that lets your shell complete commands and options.");
        command.Arguments.Add(shell);
        command.SetAction(arguments => terminal.Out.WriteRawLine(arguments.GetRequiredValue(shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            _ => Pwsh,
        }));
        return command;
    }
}
