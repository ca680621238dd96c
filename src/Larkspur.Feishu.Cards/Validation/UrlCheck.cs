using System.Text.Json;
using System.Text.RegularExpressions;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>Addresses behind buttons, links and cards. The platform takes any text; people click it.</summary>
internal static partial class UrlCheck
{
    private const int Longest = 8 * 1024;

    /// <param name="c">The walk.</param>
    /// <param name="url">The address.</param>
    /// <param name="required">An empty one is a fault.</param>
    /// <param name="inText">It was found in markdown, where "[1](x)" may be meant as it stands.</param>
    public static void Address(CardInspection c, string url, bool required = false, bool inText = false)
    {
        if (url.Length == 0)
        {
            if (required) c.Error(CardRules.BadUrl, "The address is empty.", "Give the address to open, or remove the behavior.");
            return;
        }

        if (url.Length > Longest)
        {
            c.Error(CardRules.BadUrl, $"The address has {url.Length} characters.", "Shorten it; browsers and servers cut such addresses.");
            return;
        }

        // Browsers skip control characters and blanks, which hides "java\nscript:" from a naive look.
        if (url.AsSpan().ContainsAnyInRange('\0', ' ') || url.Contains('\u007f', StringComparison.Ordinal))
        {
            c.Error(CardRules.UnsafeUrl, $"The address {CardInspection.Quote(url)} holds blanks or control characters.",
                "Percent-encode them (%20).",
                inText ? null : CardEdit.Text(url.Trim().Replace(" ", "%20", StringComparison.Ordinal)));
        }
        else if (url[0] is '/' or '\\' || !Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            var message = $"{CardInspection.Quote(url)} is no complete address.";
            if (inText) c.Warn(CardRules.BadUrl, message, "Begin it with https://, or escape the brackets.");
            else c.Error(CardRules.BadUrl, message, "Begin it with https://.", HostAndPath().IsMatch(url)
                ? CardEdit.Text("https://" + url) : null);
        }
        else if (address.Scheme is not ("http" or "https" or "lark" or "feishu" or "applink"))
        {
            c.Error(CardRules.UnsafeUrl, $"The address {CardInspection.Quote(url)} has the scheme \"{CardInspection.Quote(address.Scheme).Trim('"')}\".", "Use https, http, or one of the client's own schemes (lark, feishu, applink).");
        }
        else if (address.UserInfo.Length > 0)
        {
            c.Error(CardRules.UnsafeUrl, "The address carries a name or a password before the @.", "Remove it: everybody in the chat would see it, and it disguises where the link leads.");
        }
        else if (address.Scheme is "http" or "https" && address.Host.Length == 0)
        {
            c.Error(CardRules.BadUrl, $"{CardInspection.Quote(url)} names no host.", "Give the whole address.");
        }
    }

    /// <summary>The addresses per platform of an object whose fields the catalogue does not list.</summary>
    public static void Properties(CardInspection c, JsonElement value)
    {
        foreach (var property in value.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String || !property.Name.EndsWith("url", StringComparison.Ordinal)) continue;
            c.Path.Push(property.Name);
            Address(c, property.Value.GetString()!);
            c.Path.Pop();
        }
    }

    [GeneratedRegex(@"^[a-z0-9\-]+(\.[a-z0-9\-]+)+(:\d{1,5})?(/|\z)", RegexOptions.IgnoreCase, 10_000)]
    private static partial Regex HostAndPath();
}
