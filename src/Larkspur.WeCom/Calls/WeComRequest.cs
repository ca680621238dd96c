using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.WeCom;

/// <summary>One call with its values.</summary>
/// <param name="Endpoint">What is called.</param>
public sealed record WeComRequest(WeComEndpoint Endpoint)
{
    /// <summary>Query parameters beside the credential.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>A whole query as it came, with its question mark, instead of <see cref="Query"/>: it is not encoded anew.</summary>
    internal string? RawQuery { get; init; }

    /// <summary>What a refusal for too many calls closes for a while; null: the endpoint. One of the keys of <see cref="Budgets"/>.</summary>
    internal string? Budget { get; init; }

    /// <summary>What is sent as JSON (see <see cref="WeComJson"/>), or null.</summary>
    public object? Body { get; init; }

    /// <summary>What is sent as <c>multipart/form-data</c> under the field <c>media</c>, instead of a body.</summary>
    public WeComFile? File { get; init; }

    /// <summary>The platform itself recognises a repetition (duplicate check, an id of one's own), so a lost answer may be followed by another try.</summary>
    public bool IsIdempotent { get; init; }

    /// <summary>Further budgets that the call takes a permit from: receivers, conversations.</summary>
    internal IReadOnlyList<RateLimitBudget> Budgets { get; init; } = [];

    /// <summary>Values that no error text may repeat.</summary>
    internal IReadOnlyList<string> Secrets { get; init; } = [];

    internal bool IsRepeatable => Endpoint.OnlyReads || Endpoint.IsRepeatable || IsIdempotent;

    internal byte[]? Json() => Body switch
    {
        null => null,
        JsonNode node => JsonSerializer.SerializeToUtf8Bytes(node, WeComJson.Options),
        _ => JsonSerializer.SerializeToUtf8Bytes(Body, Body.GetType(), WeComJson.Options),
    };
}

/// <summary>A file to upload; at most 20 MB, so it is held in memory and can be sent again.</summary>
/// <param name="FileName">Its name, as people will see it.</param>
/// <param name="Content">Its bytes.</param>
public sealed record WeComFile(string FileName, ReadOnlyMemory<byte> Content)
{
    /// <inheritdoc/>
    public override string ToString() => $"{FileName}, {Content.Length} bytes";
}

/// <summary>Differs for one call from what the options say.</summary>
public sealed record WeComCallOptions
{
    /// <summary>Total time, waiting and retries included; null: <see cref="WeComOptions.CallTimeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Tries at most; null: <see cref="WeComOptions.MaxAttempts"/>.</summary>
    public int? MaxAttempts { get; init; }
}
