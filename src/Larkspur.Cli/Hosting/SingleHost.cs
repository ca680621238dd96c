using Larkspur.Emulator;
using Larkspur.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace Larkspur.Cli.Hosting;

/// <summary><c>run</c> and <c>emulator</c>: one host in this process until it is told to stop.</summary>
internal static class SingleHost
{
    public static Task<int> RunGatewayAsync(string[] args, CancellationToken cancellation) => RunAsync(() => GatewayHost.Build(args), cancellation);

    public static Task<int> RunEmulatorAsync(string[] args, CancellationToken cancellation) => RunAsync(() => EmulatorHost.Build(args), cancellation);

    private static async Task<int> RunAsync(Func<WebApplication> build, CancellationToken cancellation)
    {
        try
        {
            await using var app = build();
            await app.StartAsync(cancellation);
            await app.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // A start that fails is nearly always a setting: the reason in words, not a stack.
            AnsiConsole.MarkupLineInterpolated($"[red]larkspur could not start:[/] {error.Message}");
            return 1;
        }
    }
}
