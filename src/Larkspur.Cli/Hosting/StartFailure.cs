using Larkspur.Gateway.Common;
using Larkspur.Gateway.Redaction;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Larkspur.Cli.Hosting;

/// <summary>Starts hosts so that a failed start is one sentence for a person, not a stack, and says how to mend it.</summary>
internal static class StartFailure
{
    /// <summary>Stopped before it had started: what a shell expects after Ctrl+C.</summary>
    public const int Interrupted = 130;

    /// <summary>
    /// The framework logs a failed start with its whole stack; the command says it in words instead. Once the host runs,
    /// the same log category tells of background work that died, so it is silent during the start only.
    /// </summary>
    public static Func<WebApplication, CancellationToken, Task> QuietStart(WebApplicationBuilder builder)
    {
        var started = false;
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started && level >= LogLevel.Information);
        return async (app, cancellation) =>
        {
            await app.StartAsync(cancellation);
            started = true;
        };
    }

    /// <summary>Whether the command can say it in a sentence.</summary>
    public static bool IsKnown(Exception error) => error is SettingsException or IOException or FormatException or InvalidOperationException or UnauthorizedAccessException;

    public static int Tell(Exception error, params string[] args)
    {
        AnsiConsole.MarkupLineInterpolated($"[red]larkspur could not start:[/] {CommandText.Hide(Reason(error), args)}");
        if (error is IOException && error.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase))
            AnsiConsole.WriteLine("Another program holds the port. Choose others with LARKSPUR_GATEWAY_URLS and LARKSPUR_EMULATOR_URLS.");
        return 1;
    }

    private static string Reason(Exception error) => error is FormatException && error.Message.StartsWith("Invalid url", StringComparison.Ordinal)
        ? $"{error.Message}. Write addresses like http://127.0.0.1:8081 (LARKSPUR_EMULATOR_URLS, LARKSPUR_GATEWAY_URLS)"
        : error.Message;
}
