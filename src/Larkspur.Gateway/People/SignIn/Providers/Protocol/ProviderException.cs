namespace Larkspur.Gateway.People.SignIn.Providers.Protocol;

/// <summary>A provider is away, says no, or gave an answer that is not taken.</summary>
/// <param name="word">A word of <c>ProviderTexts.json</c>, in Problem.</param>
/// <param name="detail">What was seen, without secrets; for the log and for administrators.</param>
internal sealed class ProviderException(string word, string? detail = null, Exception? inner = null)
    : Exception(detail is null ? word : $"{word}: {detail}", inner)
{
    public string Word { get; } = word;

    public string? Detail { get; } = detail;

    /// <summary>It may be there again in a moment.</summary>
    public bool IsAway => Word is "unreachable" or "timed_out" or "tls_failed" or "address_refused" or "failed";
}
