using Larkspur.Gateway.Assistant.Backends;

namespace Larkspur.Gateway.Assistant.Pictures;

/// <summary>Where a backend's picture is.</summary>
/// <param name="Url">Its address.</param>
/// <param name="IsOwn">It is where the configuration says that the backend, or its files, are: maybe in the company's network.</param>
internal sealed record PictureAddress(Uri Url, bool IsOwn)
{
    /// <summary>Where a link may lead: an address without encryption is good at the backend's own place only.</summary>
    public bool CanBeLinked => IsOwn || Url.Scheme == Uri.UriSchemeHttps;

    /// <summary>As a link in Markdown has it.</summary>
    public string Link => Url.AbsoluteUri.Replace("(", "%28", StringComparison.Ordinal).Replace(")", "%29", StringComparison.Ordinal);

    /// <summary>Reads what a backend calls it: an address, or a path at its own place.</summary>
    /// <returns>Null: it is no address of the web.</returns>
    public static PictureAddress? Of(BackendOptions backend, string told)
    {
        var home = new Uri(backend.FilesUrl is { Length: > 0 } files ? files : backend.BaseUrl);
        if (!Uri.TryCreate(home, told, out var url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp)) return null;
        return new PictureAddress(url, IsAt(home, url) || IsAt(new Uri(backend.BaseUrl), url));
    }

    private static bool IsAt(Uri home, Uri url) =>
        Uri.Compare(home, url, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
