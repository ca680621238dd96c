using System.CommandLine;
using Larkspur.Cli.Contexts;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Calls;

/// <summary>A verb that ends with one of the exit codes and, when it comes to nothing, with a sentence on the error stream.</summary>
internal sealed class Verb : Command
{
    private readonly Option<string?> _url = GatewayOptions.Url();
    private readonly Option<bool> _json = GatewayOptions.Json();
    private readonly Option<string?> _context = GatewayOptions.Context();
    private readonly Option<bool> _utc = GatewayOptions.Utc();

    public Verb(string name, string description, params string[] examples)
        : base(name, description) => Examples = examples;

    /// <summary>How it is used; shown at the end of its help.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>The verb asks a gateway.</summary>
    public Verb Asks(Func<VerbCall, Task<int>> work)
    {
        foreach (var option in (Option[])[_url, _context, _json, _utc]) Add(option);
        SetAction((parsed, cancellation) => RunAsync(async () =>
        {
            LocalTime.Utc = parsed.GetValue(_utc);
            using var gateway = GatewayCalls.Open(Access.Find(parsed.GetValue(_url), parsed.GetValue(_context)));
            return await work(new VerbCall(parsed, gateway, parsed.GetValue(_json), cancellation));
        }, cancellation));
        return this;
    }

    /// <summary>The verb needs nobody.</summary>
    public Verb Does(Func<ParseResult, bool, CancellationToken, Task<int>> work)
    {
        Add(_json);
        SetAction((parsed, cancellation) => RunAsync(() => work(parsed, parsed.GetValue(_json), cancellation), cancellation));
        return this;
    }

    public static async Task<int> RunAsync(Func<Task<int>> work, CancellationToken cancellation)
    {
        // Ctrl+C is listened to once the action has returned for the first time.
        await Task.Yield();
        try
        {
            return await work();
        }
        catch (CallFailure e)
        {
            Fail.Say(e.Message);
            return e.ExitCode;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            Fail.Say("the answer is not of a gateway of this version.");
            return ExitCodes.NoAnswer;
        }
        catch (IOException e)
        {
            // Whoever read the output has gone (head, less), or the disk is full.
            Fail.Say(e.Message);
            return ExitCodes.Refused;
        }
    }
}

/// <summary>One run of a verb that asks a gateway.</summary>
/// <param name="Parsed">The command line.</param>
/// <param name="Gateway">The gateway.</param>
/// <param name="Json">The answer is for programs.</param>
/// <param name="Cancellation">Ctrl+C.</param>
internal sealed record VerbCall(ParseResult Parsed, GatewayCalls Gateway, bool Json, CancellationToken Cancellation)
{
    public T? Get<T>(Option<T> option) => Parsed.GetValue(option);

    /// <summary>An argument that has to be given.</summary>
    public T Get<T>(Argument<T> argument) => Parsed.GetValue(argument)!;

    /// <summary>Asks through the typed client.</summary>
    /// <exception cref="CallFailure">The gateway refused, or there is none.</exception>
    public Task<T> AskAsync<T>(Func<LarkspurClient, CancellationToken, Task<T>> ask) => Gateway.AskAsync(ask, Cancellation);
}
