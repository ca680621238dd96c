namespace Larkspur.Dify;

/// <summary>One call before it is sent.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Below the base address, escaped, without a leading slash.</param>
internal sealed record DifyRequest(HttpMethod Method, string Path)
{
    /// <summary>Serialised as JSON.</summary>
    public object? Body { get; init; }

    /// <summary>A form with a file, made anew for each try; null: <see cref="Body"/>.</summary>
    public Func<HttpContent>? Form { get; init; }

    /// <summary>The form's file can be read again.</summary>
    public bool CanRewind { get; init; } = true;

    /// <summary>Doing it twice does no more than once.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>It continues a conversation.</summary>
    public bool NamesConversation { get; init; }

    /// <summary>All its time; null: the options'.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The call in error texts and as a label: ids in the path are left out.</summary>
    public required string Name { get; init; }
}
