using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Spectre.Console;

namespace Larkspur.Cli.Contexts;

/// <summary><c>larkspur login</c>: an address and a key are tried, and kept as a context.</summary>
internal static class LoginCommand
{
    private const string Usual = "http://127.0.0.1:8080";

    public static Command Create()
    {
        var url = new Option<string?>("--url") { Description =
            $"The gateway's address; asked for on a terminal, else {Access.UrlVariable} or {Usual}." };
        var context = new Option<string?>("--context") { Description = "The name to keep it under; default: the address's host." };
        context.Validators.Add(result => ContextName.Check(result, result.Tokens));
        var file = new Option<string>("--key-file") { Description =
            "The key: a file, or - for the input. On a terminal it is asked for, and not shown.", DefaultValueFactory = _ => "-" };
        return new Verb("login", "Try an address and a key, and keep them as the context that is in force from now on.",
            "larkspur login", "larkspur login --url https://gateway.example.com --context prod --key-file prod.key",
                "pass larkspur/prod | larkspur login --url https://gateway.example.com")
        {
            url, context, file,
        }.Does((parsed, json, cancellation) =>
            RunAsync(parsed.GetValue(url), parsed.GetValue(context), parsed.GetValue(file)!, json, cancellation));
    }

    private static async Task<int> RunAsync(string? url, string? name, string file, bool json, CancellationToken cancellation)
    {
        var written = url ?? await AddressAsync(file, cancellation);
        if (GatewayAddress.Find(written, null) is not { } address || address.UserInfo.Length > 0)
            throw new CallFailure(ExitCodes.Usage, $"\"{written}\" is not an address. Write it like {Usual}");
        if (address.Scheme == Uri.UriSchemeHttp
            && !address.IsLoopback) Fail.Say(Words.Of("the key goes to this address unencrypted: it is http://.",
                "该地址为 http://，密钥将以明文传输。"));
        var key = await SecretInput.ReadAsync(file, Words.Of($"REST key of {address}", $"{address} 的 REST 密钥"), cancellation);
        if (key.Any(c => c is <= ' ' or > '~')) throw new CallFailure(ExitCodes.Usage,
            "a REST key has letters, digits and signs, and no blanks.");
        var health = await TryAsync(address, key, cancellation);
        var kept = name ?? ContextName.Of(address);
        var replaced = ContextFile.Change(all =>
        {
            var before = all.All.ContainsKey(kept);
            all.All[kept] = new Context(address.ToString(), key);
            all.Current = kept;
            return before;
        });
        if (json) JsonOut.Write(new { context = kept, address = address.ToString(), file = ContextFile.Place, replaced });
        else
        {
            Console.Out.WriteLine(
                Printable.Line($"Logged in: {address}, context {kept}{(replaced ? ", in place of what it was" : "")}. Kept in {ContextFile.Place}"));
            if (health is { } ill) Fail.Say($"the gateway says of itself: {ill}. larkspur status tells why.");
        }

        if (Access.Override is { } hidden) Fail.Say(hidden);
        return ExitCodes.Done;
    }

    private static Task<string> AddressAsync(string file, CancellationToken cancellation)
    {
        var usual = Environment.GetEnvironmentVariable(Access.UrlVariable) is { Length: > 0 } set ? set : Usual;
        // The input that holds the key is no place to ask; nor is a script.
        if (Console.IsInputRedirected || (file != "-" && Console.IsErrorRedirected)) return Task.FromResult(usual);
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return new TextPrompt<string>(Words.Of("Address of the gateway:", "网关地址：")).DefaultValue(usual).ShowAsync(terminal, cancellation);
    }

    /// <summary>Whether the gateway takes the key. One that may not ask for the status is a key all the same.</summary>
    /// <returns>What the gateway says of its health where that is not good; null: it is good, or the key may not know.</returns>
    /// <exception cref="CallFailure">It does not, or there is none.</exception>
    private static async Task<string?> TryAsync(Uri address, string key, CancellationToken cancellation)
    {
        using var gateway = GatewayCalls.Open(new Access(address, "--url", key, "this key", null));
        try
        {
            var status = await gateway.AskAsync((client, limited) => client.Status.GetAsync(limited), cancellation);
            return status.Status == "ok" ? null : status.Status;
        }
        catch (CallFailure e) when (e.Word == "missing_scope")
        {
            return null;
        }
    }
}
