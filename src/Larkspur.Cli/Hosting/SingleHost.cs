using Larkspur.Emulator;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Secrets;
using Larkspur.Gateway.Hosting;
using Larkspur.Gateway.Redaction;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace Larkspur.Cli.Hosting;

/// <summary><c>run</c> and <c>emulator</c>: one host in this process until it is told to stop.</summary>
internal static class SingleHost
{
    public static Task<int> RunGatewayAsync(string[] args, CancellationToken cancellation)
    {
        try
        {
            // Before anything else is said of the arguments: that could repeat one.
            CommandLineSecrets.Refuse(args);
        }
        catch (SettingsException error)
        {
            return Task.FromResult(StartFailure.Tell(error, args));
        }

        return RunAsync(args, configure => GatewayHost.Build(args, configure), _ => { }, cancellation);
    }

    public static Task<int> RunEmulatorAsync(string[] args, CancellationToken cancellation) =>
        RunAsync(args, configure => EmulatorHost.Build(args, builder => configure(CardAdvisor.AddTo(builder))), TellHowToConnect,
            cancellation);

    private static async Task<int> RunAsync(
        string[] args, Func<Action<WebApplicationBuilder>, WebApplication> build, Action<WebApplication> started, CancellationToken cancellation)
    {
        if (Misplaced(args) is { } word)
        {
            // What is behind = may be a secret.
            var name = CommandText.Hide(word.Split('=')[0], args);
            const string rule = "Settings are written --NAME value, for example --LARKSPUR_DATA /var/lib/larkspur";
            AnsiConsole.MarkupLineInterpolated($"[red]larkspur:[/] \"{name}\" is no setting. {rule}");
            return 2;
        }

        try
        {
            Func<WebApplication, CancellationToken, Task> start = (_, _) => Task.CompletedTask;
            await using var app = build(builder => start = StartFailure.QuietStart(builder));
            await start(app, cancellation);
            started(app);
            await app.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return StartFailure.Interrupted;
        }
        catch (Exception error)
        {
            return StartFailure.Tell(error, args);
        }
    }

    /// <summary>The first word that is neither <c>--NAME value</c> nor <c>--NAME=value</c>: unnoticed, it would be a setting without effect.</summary>
    private static string? Misplaced(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal)) return args[i];
            if (args[i].Contains('=', StringComparison.Ordinal)) continue;
            if (i + 1 == args.Length || args[i + 1].StartsWith("--", StringComparison.Ordinal)) return args[i];
            i++;
        }

        return null;
    }

    /// <summary>What a gateway in another process has to be told, ready to paste.</summary>
    private static void TellHowToConnect(WebApplication app)
    {
        var bot = app.Services.GetRequiredService<EmulatorSettings>().Apps[0];
        var address = LocalStack.Address(app);
        AnsiConsole.WriteLine($"Web client: {address}");
        AnsiConsole.WriteLine(bot.CallbackUrl is { Length: > 0 } to ? $"Events go to {to}" : "Events go nowhere: no callback address is set.");
        AnsiConsole.WriteLine("A gateway beside it:");
        AnsiConsole.WriteLine($"  FEISHU_BASE_URL={address.ToString().TrimEnd('/')} FEISHU_APP_ID={bot.AppId} FEISHU_APP_SECRET={Shown("FEISHU_APP_SECRET", bot.AppSecret)} \\");
        AnsiConsole.WriteLine($"  FEISHU_ENCRYPT_KEY={Shown("FEISHU_ENCRYPT_KEY", bot.EncryptKey)} FEISHU_VERIFICATION_TOKEN={Shown("FEISHU_VERIFICATION_TOKEN", bot.VerificationToken)} ./larkspur run");
    }

    /// <summary>The emulator's own well-known values are shown, those that somebody set are not.</summary>
    private static string Shown(string variable, string? value) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } ? $"${variable}" : value ?? "";
}
