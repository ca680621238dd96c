using System.Net;
using System.Text;
using Larkspur.Gateway.People.SignIn.Providers.Rows;

namespace Larkspur.Gateway.People.SignIn.Providers.Protocol;

/// <summary>How the gateway proves to a provider that it is the client.</summary>
internal static class ClientProof
{
    /// <summary>As discovery says; of several, in the header.</summary>
    public const string Auto = "auto";

    public const string Basic = "client_secret_basic";
    public const string Post = "client_secret_post";

    /// <summary>A public client: PKCE alone.</summary>
    public const string None = "none";

    public static readonly string[] All = [Auto, Basic, Post, None];

    /// <summary>The way that is used.</summary>
    /// <exception cref="ProviderException">The provider takes none that the gateway knows.</exception>
    public static string WayOf(IdentityProvider provider, ProviderMetadata metadata)
    {
        if (provider.ClientAuth != Auto) return provider.ClientAuth;
        // Absent means in the header (OpenID Connect Discovery 1.0, section 3).
        if (metadata.AuthMethods.Count == 0 || metadata.AuthMethods.Contains(Basic, StringComparer.Ordinal)) return Basic;
        if (metadata.AuthMethods.Contains(Post, StringComparer.Ordinal)) return Post;
        throw new ProviderException("no_auth_method", $"it takes {string.Join(", ", metadata.AuthMethods.Take(10))}");
    }

    /// <summary>The header's value: id and secret are form-encoded each before they are joined (RFC 6749, section 2.3.1).</summary>
    public static string Header(string id, string secret) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{WebUtility.UrlEncode(id)}:{WebUtility.UrlEncode(secret)}"));
}
