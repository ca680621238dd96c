using Larkspur.Cli.Calls;
using Larkspur.Cli.Hosting;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Contexts;

/// <summary>
/// Which gateway a verb asks, and by which key. The command line goes before the environment, the environment before the context in force,
/// and that before <c>http://127.0.0.1:8080</c>. A kept key goes to the address that it was kept with, and to no other.
/// </summary>
/// <param name="Address">The gateway.</param>
/// <param name="AddressFrom">Who says so, in words.</param>
/// <param name="Key">The key; null: there is none.</param>
/// <param name="KeyFrom">Who says so, in words.</param>
/// <param name="Context">The context that is in force, also where only its key is; null: none.</param>
internal sealed record Access(Uri Address, string AddressFrom, string? Key, string? KeyFrom, string? Context)
{
    public const string UrlVariable = "LARKSPUR_URL";
    public const string ListeningVariable = "LARKSPUR_GATEWAY_URLS";
    public const string KeyVariable = "LARKSPUR_API_KEY";

    private const string Nobody = "the default";

    /// <summary>The variables of the environment that go before a context.</summary>
    public static IReadOnlyList<string> Variables =>
        [.. ((string[])[UrlVariable, ListeningVariable, KeyVariable, KeyVariable + SecretVariable.FileSuffix])
        .Where(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 })];

    /// <summary>What is told where the environment hides the context that somebody chose; null: it does not.</summary>
    public static string? Override => Variables is { Count: > 0 } names
        ? Words.Of($"{string.Join(", ", names)} set in the environment: that goes before the context.",
            $"已设置环境变量 {string.Join("、", names)}，优先于上下文。")
        : null;

    /// <param name="url">What <c>--url</c> says.</param>
    /// <param name="context">What <c>--context</c> says.</param>
    /// <exception cref="CallFailure">An address is none, the context is not there, or the file cannot be read.</exception>
    public static Access Find(string? url, string? context)
    {
        if (context is not null)
        {
            if (url is not null) throw new CallFailure(ExitCodes.Usage,
                "--url and --context exclude each other: a context has its address.");
            return Of(ContextFile.Read(), context, "--context");
        }

        var (key, keyFrom) = KeyOfEnvironment();
        var variable = ((string[])[UrlVariable, ListeningVariable]).FirstOrDefault(name =>
            Environment.GetEnvironmentVariable(name) is { Length: > 0 });
        var given = url ?? (variable is null ? null : Environment.GetEnvironmentVariable(variable));
        // A key of the environment is of the environment's gateway: it is not sent to where somebody once logged in.
        if (given is null && key is null && ContextFile.Read() is { Current: { } current, InForce: not null } kept) return Of(kept,
            current, $"context {current}");
        var address = Parsed(variable == ListeningVariable && url is null ? null : given, given);
        var from = url is not null ? "--url" : variable ?? Nobody;
        if (key is not null) return new Access(address, from, key, keyFrom, null);
        var known = Known(address);
        return new Access(address, from, known?.Context.Key, known is { } match ? $"context {match.Name}" : null, known?.Name);
    }

    /// <summary>As of a context.</summary>
    /// <exception cref="CallFailure">There is none of this name.</exception>
    private static Access Of(KeptContexts kept, string name, string from)
    {
        var context = kept.Find(name);
        return new Access(Parsed(context.Url, context.Url), from, context.Key, $"context {name}", name);
    }

    private static Uri Parsed(string? given, string? written) =>
        GatewayAddress.Find(given, written)
            ?? throw new CallFailure(ExitCodes.Usage, $"\"{written}\" is not an address. Write it like http://127.0.0.1:8080");

    private static (string Name, Context Context)? Known(Uri address)
    {
        var kept = ContextFile.Read();
        var names = kept.All.Where(c => GatewayAddress.Find(c.Value.Url, null) == address).Select(c => c.Key).ToList();
        return names.Count == 0 ? null : names.Contains(kept.Current ?? "") ? (kept.Current!, kept.InForce!)
            : (names[0], kept.All[names[0]]);
    }

    private static (string? Key, string? From) KeyOfEnvironment()
    {
        try
        {
            if (SecretVariable.Read(KeyVariable) is not { } key) return (null, null);
            return (key, Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } ? KeyVariable
                : KeyVariable + SecretVariable.FileSuffix);
        }
        catch (IOException e)
        {
            throw new CallFailure(ExitCodes.Usage, $"{e.Message}.");
        }
    }
}
