namespace Larkspur.DingTalk;

/// <summary>One call, ready to send: the endpoint and the values that fill it.</summary>
public sealed class DingTalkRequest(DingTalkEndpoint endpoint)
{
    private readonly List<KeyValuePair<string, string>> _query = [];

    /// <summary>What is called.</summary>
    public DingTalkEndpoint Endpoint { get; } = endpoint ?? throw new ArgumentNullException(nameof(endpoint));

    /// <summary>Query values in order, unescaped.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query => _query;

    /// <summary>Serialised as JSON: camelCase for new calls, snake_case for old ones. A <see cref="DingTalkUpload"/> goes as multipart form.</summary>
    public object? Body { get; set; }

    /// <summary>The value of the call's own idempotency field (<c>msgUuid</c>, <c>guid</c>, <c>outTrackId</c>), when it has one: makes the write safe to repeat.</summary>
    public string? IdempotencyKey { get; set; }

    /// <summary>What stands in the body and no text may show.</summary>
    internal IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Adds a query value; null is left out.</summary>
    public DingTalkRequest WithQuery(string name, string? value)
    {
        if (value is not null) _query.Add(new(name, value));
        return this;
    }
}

/// <summary>What one call may override.</summary>
public sealed record DingTalkCallOptions
{
    /// <summary>The person's token, for calls that are made as a person.</summary>
    public string? UserAccessToken { get; init; }

    /// <summary>Total time for the call, waiting and retries included. Null: <see cref="DingTalkOptions.CallTimeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Tries in total, the first included. Null: <see cref="DingTalkOptions.MaxAttempts"/>.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>Not shown: the token.</summary>
    public override string ToString() => $"call options (user token {(UserAccessToken is null ? "not given" : "given")})";
}

/// <summary>A file to upload. The stream is read once, from where it stands, and not disposed.</summary>
/// <param name="Content">The bytes. A call with a stream that cannot seek is never retried after it was sent.</param>
/// <param name="FileName">The name with its extension, by which the platform knows the format.</param>
/// <param name="ContentType">MIME type, or null for <c>application/octet-stream</c>.</param>
public sealed record DingTalkFile(Stream Content, string FileName, string? ContentType = null);

/// <summary>A multipart body: one file, and text fields before it.</summary>
/// <param name="Field">Name of the file's field.</param>
/// <param name="File">The file.</param>
/// <param name="Fields">Text fields.</param>
public sealed record DingTalkUpload(string Field, DingTalkFile File, IReadOnlyList<KeyValuePair<string, string>> Fields);
