using Larkspur.Cli.Calls;
using Spectre.Console;

namespace Larkspur.Cli.Output;

/// <summary>
/// Secrets come from a file or the input: an argument would be seen in the list of processes and stay in the shell's history. On a terminal they are asked for, and not shown.
/// </summary>
internal static class SecretInput
{
    /// <param name="path">A file, or <c>-</c>.</param>
    /// <param name="what">What is asked for.</param>
    /// <param name="cancellation">Ctrl+C.</param>
    /// <exception cref="CallFailure">It cannot be read, is empty, or has several lines.</exception>
    public static async Task<string> ReadAsync(string path, string what, CancellationToken cancellation)
    {
        var text = path == "-" && !Console.IsInputRedirected ? await AskAsync(what, cancellation) : await InputFile.TextAsync(path, cancellation);
        // Editors and echo end a line; the secret has none.
        var secret = text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
        if (secret.Length == 0) throw new CallFailure(ExitCodes.Usage, $"{what}: {InputFile.NameOf(path)} is empty.");
        return secret.Contains('\n', StringComparison.Ordinal) ? throw new CallFailure(ExitCodes.Usage, $"{what}: {InputFile.NameOf(path)} has more than one line.") : secret;
    }

    private static Task<string> AskAsync(string what, CancellationToken cancellation)
    {
        // On the error stream: the output may go to a file.
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return new TextPrompt<string>(Markup.Escape(what) + " (not shown):").Secret(null).ShowAsync(terminal, cancellation);
    }
}
