namespace Larkspur.WeCom;

/// <summary>One call of the platform's API.</summary>
/// <param name="Id">Name in logs, metrics and error texts: <c>message.send</c>.</param>
/// <param name="Method">GET or POST; the API knows no other.</param>
/// <param name="Path">Path under the API host, <c>/cgi-bin/…</c>.</param>
public sealed record WeComEndpoint(string Id, HttpMethod Method, string Path)
{
    /// <summary>Calls a minute for one corp and any endpoint (page 90312 of 2023-08-28). The limit of an hour, 150,000, is not kept here: 10,000 a minute for 15 minutes is a case for whoever plans it.</summary>
    public const int BasePerMinute = 10_000;

    /// <summary>The call only reads, whatever its method: it may be repeated, and no effect is in doubt.</summary>
    public bool OnlyReads { get; init; }

    /// <summary>Doing it twice is the same as doing it once (an update to a stated value).</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>Carries the app's access token. False: the request brings its own credential, or needs none.</summary>
    public bool TakesToken { get; init; } = true;

    /// <summary>Documented calls a minute for one corp; null: no limit is kept.</summary>
    public int? PerMinute { get; init; } = BasePerMinute;

    /// <summary>A GET, which only reads.</summary>
    public static WeComEndpoint Get(string id, string path) => new(id, HttpMethod.Get, path) { OnlyReads = true };

    /// <summary>A POST that only reads.</summary>
    public static WeComEndpoint Read(string id, string path) => new(id, HttpMethod.Post, path) { OnlyReads = true };

    /// <summary>A POST with an effect.</summary>
    public static WeComEndpoint Write(string id, string path) => new(id, HttpMethod.Post, path);

    /// <inheritdoc/>
    public override string ToString() => Id;
}
