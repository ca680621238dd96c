namespace Larkspur.Gateway.Assistant;

/// <summary>A backend: <c>Larkspur:Assistant:Backends:{name}</c>.</summary>
public sealed class BackendOptions
{
    /// <summary><c>dify</c> (default) or <c>openai</c>: anything that speaks OpenAI's chat completions.</summary>
    public string Kind { get; set; } = "dify";

    /// <summary>Address up to and with <c>/v1</c>.</summary>
    public string BaseUrl { get; set; } = "";

    /// <summary>Where the files are that it makes, if not at <see cref="BaseUrl"/>'s host: may be in the company's network.</summary>
    public string? FilesUrl { get; set; }

    /// <summary>The app's key.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>Model, of <c>openai</c>.</summary>
    public string Model { get; set; } = "";

    /// <summary>What it is told first, of <c>openai</c>.</summary>
    public string? SystemPrompt { get; set; }

    /// <summary>The model looks at pictures, of <c>openai</c>. Default false; Dify says itself what its app takes.</summary>
    public bool Sees { get; set; }

    /// <summary>Longest silence of the backend. Default 60 s.</summary>
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The backend that is asked when this one gives nothing; null: none.</summary>
    public string? Fallback { get; set; }

    /// <summary>Values that its prompt asks for, the same for everybody.</summary>
    public Dictionary<string, string> Inputs { get; set; } = [];

    internal IEnumerable<string> Problems(string section, AssistantOptions all)
    {
        if (Kind is not ("dify" or "openai")) yield return section + "Kind: dify or openai";
        if (!Uri.TryCreate(BaseUrl, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) yield return section + "BaseUrl: an address like https://dify.example.com/v1";
        else if (uri.Scheme == "http" && !uri.IsLoopback && !IsPrivate(uri)) yield return section + "BaseUrl: use https; the key and what people ask would cross the network in the open";
        if (FilesUrl is { Length: > 0 } files
            && (!Uri.TryCreate(files, UriKind.Absolute, out var at) || at.Scheme is not ("http" or "https")))
            yield return section + "FilesUrl: an address like https://files.example.com";
        if (Kind == "dify" && string.IsNullOrWhiteSpace(ApiKey)) yield return section + "ApiKey: is missing";
        if (Kind == "openai" && string.IsNullOrWhiteSpace(Model)) yield return section + "Model: is missing";
        if (Silence < TimeSpan.FromSeconds(1) || Silence > TimeSpan.FromMinutes(30)) yield return section + "Silence: from 00:00:01 to 00:30:00";
        if (Fallback is { Length: > 0 } fallback)
        {
            if (!all.Backends.ContainsKey(fallback)) yield return $"{section}Fallback: there is no backend {fallback}";
            else if (Circles(fallback, all)) yield return $"{section}Fallback: goes round in a circle";
        }
    }

    private bool Circles(string next, AssistantOptions all)
    {
        for (var steps = 0; steps <= all.Backends.Count; steps++)
        {
            if (!all.Backends.TryGetValue(next, out var backend)) return false;
            if (ReferenceEquals(backend, this)) return true;
            if (backend.Fallback is not { Length: > 0 } further) return false;
            next = further;
        }

        return true;
    }

    /// <summary>A name without dots is one of the company's own network (a container's, as a rule); so are private addresses.</summary>
    private static bool IsPrivate(Uri uri) => uri.HostNameType switch
    {
        UriHostNameType.Dns => !uri.Host.Contains('.', StringComparison.Ordinal) || uri.Host.EndsWith(".internal", StringComparison.OrdinalIgnoreCase) || uri.Host.EndsWith(".local", StringComparison.OrdinalIgnoreCase),
        UriHostNameType.IPv4 => System.Net.IPAddress.Parse(uri.Host).GetAddressBytes() is [10, ..] or [192, 168, ..] or [172, >= 16 and <= 31, ..],
        _ => false,
    };
}
