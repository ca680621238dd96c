namespace Larkspur.Emulator.DingTalk.ApiPipeline;

/// <summary>Whose token a call needs.</summary>
internal enum TokenKind { None, App, Person }

internal delegate Task<DingTalkAnswer> DingTalkHandler(DingTalkCall call);

/// <summary>One API: where it is, who may call it, what it counts.</summary>
/// <param name="Path"><c>{name}</c> is one segment.</param>
internal sealed record DingTalkRoute(string Method, string Path, DingTalkHandler Run)
{
    public TokenKind Token { get; init; } = TokenKind.App;

    /// <summary>The permission that control can take away.</summary>
    public string? Scope { get; init; }

    /// <summary>Tokens, sign-in and contacts do not count against the month.</summary>
    public bool Free { get; init; }

    /// <summary>A part of this name is the uploaded file, with or without <c>filename</c>.</summary>
    public string? Upload { get; init; }

    public bool IsNew => Path.StartsWith("/v1.0/", StringComparison.Ordinal);

    public static DingTalkRoute Get(string path, Func<DingTalkCall, DingTalkAnswer> run) => new("GET", path, call => Task.FromResult(run(call)));

    public static DingTalkRoute Post(string path, Func<DingTalkCall, DingTalkAnswer> run) => new("POST", path, call => Task.FromResult(run(call)));

    public static DingTalkRoute Put(string path, Func<DingTalkCall, DingTalkAnswer> run) => new("PUT", path, call => Task.FromResult(run(call)));
}

/// <summary>A part of the platform and the APIs that it plays.</summary>
internal interface IDingTalkArea
{
    IEnumerable<DingTalkRoute> Routes { get; }
}

/// <summary>A success. The old generation's gets <c>errcode</c>, <c>errmsg</c> and <c>request_id</c> from the pipeline.</summary>
internal sealed record DingTalkAnswer(System.Text.Json.Nodes.JsonObject Json)
{
    /// <summary>Instead of the JSON.</summary>
    public string? Xml { get; init; }
}
