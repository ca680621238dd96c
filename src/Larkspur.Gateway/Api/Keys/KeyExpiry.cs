namespace Larkspur.Gateway.Api.Keys;

/// <summary>When a key's holder and the administrators are warned that it ends.</summary>
internal static class KeyExpiry
{
    /// <summary>Answers to a key that ends soon carry its end in this header, as an HTTP date.</summary>
    public const string Header = "Larkspur-Key-Expires";

    /// <summary>So long before.</summary>
    public static readonly TimeSpan Warning = TimeSpan.FromDays(30);

    /// <summary>It still works, and ends soon.</summary>
    /// <param name="end">Its end; null: it has none.</param>
    /// <param name="now">Now.</param>
    public static bool Warns(DateTimeOffset? end, DateTimeOffset now) => end is { } at && at > now && at - now <= Warning;
}
