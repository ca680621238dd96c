using System.CommandLine;
using Larkspur.Cli.Calls;

namespace Larkspur.Cli.Completion;

/// <summary><c>larkspur completion</c>: prints the script that makes a shell complete verbs, options and their values.</summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "Which shell." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "powershell");
        return new Verb("completion", "Print a script for your shell that completes verbs, options and their values.",
            "source <(larkspur completion bash)", "larkspur completion fish > ~/.config/fish/completions/larkspur.fish") { shell }.Does((parsed, _, _) =>
        {
            Console.Out.Write(CompletionScripts.Of(parsed.GetValue(shell)!).ReplaceLineEndings("\n"));
            return Task.FromResult(ExitCodes.Done);
        });
    }
}
