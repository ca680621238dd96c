namespace Larkspur.Cli.Completion;

/// <summary>
/// One script per shell. Each asks the command itself, with the line up to the cursor, by the directive <c>[suggest:LENGTH]</c> of System.CommandLine, and leaves file
/// names to the shell. The line begins with the word <c>larkspur</c> however the command was called: by that word the parser knows where it begins.
/// </summary>
internal static class CompletionScripts
{
    private const string Bash = """
        # larkspur: completion for bash. Load it with: source <(larkspur completion bash)
        _larkspur() {
          local line=${COMP_LINE:0:COMP_POINT} command=${COMP_WORDS[0]} word found
          word=${line##*[[:space:]]}
          case $line in *[[:space:]]*) ;; *) return ;; esac
          line="larkspur ${line#*[[:space:]]}"
          command=${command/#\~/$HOME}
          COMPREPLY=()
          while IFS= read -r found; do
            case $found in '') ;; "$word"*) COMPREPLY+=("$found") ;; esac
          done < <("$command" "[suggest:${#line}]" "$line" 2>/dev/null </dev/null)
        }
        complete -o default -F _larkspur larkspur ./larkspur

        """;

    private const string Zsh = """
        #compdef larkspur
        # larkspur: completion for zsh. Load it with: source <(larkspur completion zsh), after compinit.
        _larkspur() {
          local line=${BUFFER[1,CURSOR]}
          line="larkspur ${line#*[[:space:]]}"
          local -a found
          found=("${(@f)$("${words[1]/#\~/$HOME}" "[suggest:${#line}]" "$line" 2>/dev/null </dev/null)}")
          found=(${found:#})
          if (( ${#found} )); then compadd -- $found; else _files; fi
        }
        compdef _larkspur larkspur ./larkspur

        """;

    private const string Fish = """
        # larkspur: completion for fish. Keep it as ~/.config/fish/completions/larkspur.fish
        function __larkspur_suggest
            set -l words (commandline -opc)
            set -l line (string join ' ' -- larkspur $words[2..-1] (commandline -ct))
            $words[1] "[suggest:"(string length -- $line)"]" $line 2>/dev/null </dev/null
        end
        complete -c larkspur -a '(__larkspur_suggest)'

        """;

    private const string PowerShell = """
        # larkspur: completion for PowerShell. Add it to your profile: larkspur completion powershell | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName larkspur -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $text = $commandAst.ToString()
            if ($cursorPosition -gt $text.Length) { $text = $text.PadRight($cursorPosition) } else { $text = $text.Substring(0, $cursorPosition) }
            $line = 'larkspur ' + ($text -replace '^\S+\s*', '')
            & $commandAst.CommandElements[0].Value "[suggest:$($line.Length)]" $line 2>$null | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }

        """;

    public static string Of(string shell) => shell switch { "bash" => Bash, "zsh" => Zsh, "fish" => Fish, _ => PowerShell };
}
