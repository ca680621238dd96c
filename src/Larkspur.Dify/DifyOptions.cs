namespace Larkspur.Dify;

/// <summary>One Dify app. A key belongs to exactly one app.</summary>
public sealed class DifyOptions
{
    /// <summary>The service API with its <c>/v1</c>. Default: Dify Cloud.</summary>
    public Uri BaseUrl { get; set; } = new("https://api.dify.ai/v1");

    /// <summary>API key of the app, <c>app-…</c>. Required; never logged.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>Longest time without a byte in a stream, and until an answer's head. Default 60 s; Dify says <c>ping</c> every 10 s.</summary>
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Total time for a call that is no stream, retries included. Default 30 s. Uploads have <see cref="UploadTimeout"/>.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Total time for an upload. Default 5 min.</summary>
    public TimeSpan UploadTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Tries per call, the first included, where a retry is safe. Default 3. A question that may have reached Dify is never asked twice: it has no idempotency key.</summary>
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Everything that is wrong, each with the name of its option.</summary>
    public IEnumerable<string> Problems()
    {
        if (!BaseUrl.IsAbsoluteUri || BaseUrl.Scheme is not ("http" or "https") || BaseUrl.Query.Length > 0 || BaseUrl.Fragment.Length > 0 || BaseUrl.UserInfo.Length > 0)
            yield return $"{nameof(BaseUrl)} must be an absolute http or https address without query, such as https://dify.example.com/v1.";
        if (string.IsNullOrWhiteSpace(ApiKey)) yield return $"{nameof(ApiKey)} is missing: the key of the app's API Access page, app-….";
        else if (ApiKey.Any(static c => c is <= ' ' or > '~')) yield return $"{nameof(ApiKey)} has characters that no key has.";
        if (Silence < TimeSpan.FromSeconds(11) || Silence > TimeSpan.FromHours(1)) yield return $"{nameof(Silence)} must be more than 10 seconds (Dify's ping) and at most an hour.";
        if (CallTimeout <= TimeSpan.Zero || CallTimeout > TimeSpan.FromHours(1)) yield return $"{nameof(CallTimeout)} must be more than nothing and at most an hour.";
        if (UploadTimeout <= TimeSpan.Zero || UploadTimeout > TimeSpan.FromHours(1)) yield return $"{nameof(UploadTimeout)} must be more than nothing and at most an hour.";
        if (MaxAttempts is < 1 or > 20) yield return $"{nameof(MaxAttempts)} must be between 1 (no retry) and 20.";
    }
}
