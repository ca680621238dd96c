namespace Larkspur.Feishu;

/// <summary>One call, ready to send: the endpoint and the values that fill it.</summary>
public sealed class FeishuRequest(FeishuEndpoint endpoint)
{
    private readonly List<KeyValuePair<string, string>> _path = [];
    private readonly List<KeyValuePair<string, string>> _query = [];
    private List<KeyValuePair<string, string>>? _headers;

    /// <summary>What is called.</summary>
    public FeishuEndpoint Endpoint { get; } = endpoint;

    /// <summary>Path values by template name, unescaped.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Path => _path;

    /// <summary>Query values in order, unescaped; a name may repeat.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query => _query;

    /// <summary>Further request headers.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers => _headers ?? [];

    /// <summary>Serialised as JSON with <see cref="FeishuJson.Options"/>; a <see cref="FeishuForm"/> is sent as multipart or url-encoded form instead.</summary>
    public object? Body { get; set; }

    /// <summary>The value of the endpoint's idempotency field, when the caller gave one: it makes a write safe to retry.</summary>
    public string? IdempotencyKey { get; set; }

    /// <summary>Adds a path value.</summary>
    public FeishuRequest WithPath(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, name);
        _path.Add(new(name, value));
        return this;
    }

    /// <summary>Adds a query value; null is left out.</summary>
    public FeishuRequest WithQuery(string name, string? value)
    {
        if (value is not null) _query.Add(new(name, value));
        return this;
    }

    /// <summary>Adds a header; null is left out.</summary>
    public FeishuRequest WithHeader(string name, string? value)
    {
        if (value is not null) (_headers ??= []).Add(new(name, value));
        return this;
    }
}
