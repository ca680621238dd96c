using System.Text.RegularExpressions;

namespace Larkspur.Gateway.Robots;

/// <summary>Where a platform's group robots are: nothing else is called for a robot, whatever somebody enters as its address.</summary>
/// <param name="example">How such an address looks, for people.</param>
/// <param name="bases">The platform's own addresses, and those that the configuration names in their place.</param>
/// <param name="path">The path below one of them.</param>
/// <param name="query">The one parameter, which is what is secret; null: that is the last part of the path.</param>
/// <remarks>Without TLS on this machine alone: the secret travels in the address.</remarks>
internal sealed partial class RobotPlace(string example, IEnumerable<Uri?> bases, string path, string? query)
{
    private readonly Uri[] _bases = [.. bases.OfType<Uri>().Where(b => b.Scheme == Uri.UriSchemeHttps
        || (b.Scheme == Uri.UriSchemeHttp && b.IsLoopback))
        .Distinct()];

    /// <summary>How such an address looks.</summary>
    public string Example => example;

    /// <summary>The host that the environment names for an app of the settings; null: none.</summary>
    public static Uri? HostOf(IReadOnlyDictionary<string, string?>? hosts) =>
        hosts?.GetValueOrDefault("BaseUrl") is { Length: > 0 } host && Uri.TryCreate(host, UriKind.Absolute, out var address)
            ? address : null;

    /// <summary>What is secret in an address of a robot; null: it is none.</summary>
    public string? CredentialOf(Uri address) => address is { IsAbsoluteUri: true, UserInfo: "", Fragment: "" }
        ? _bases.Select(from => Below(from, address)).FirstOrDefault(secret => secret is not null && Credential().IsMatch(secret)) : null;

    private string? Below(Uri from, Uri address)
    {
        if (address.Scheme != from.Scheme || address.Authority != from.Authority) return null;
        var whole = from.AbsolutePath.TrimEnd('/') + path;
        if (query is null) return address.Query.Length == 0 && address.AbsolutePath.StartsWith(whole, StringComparison.Ordinal)
            ? address.AbsolutePath[whole.Length..] : null;
        return address.AbsolutePath == whole && address.Query.StartsWith($"?{query}=", StringComparison.Ordinal)
            ? address.Query[(query.Length + 2)..] : null;
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{16,128}\\z")]
    private static partial Regex Credential();
}
