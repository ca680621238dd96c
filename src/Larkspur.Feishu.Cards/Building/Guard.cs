using System.Text.RegularExpressions;

namespace Larkspur.Feishu.Cards.Building;

/// <summary>What can be seen to be wrong while a card is built. Each exception says what to do.</summary>
internal static partial class Guard
{
    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]{0,19}$", RegexOptions.CultureInvariant)]
    private static partial Regex ElementIdForm();

    public static string? ElementId(string? id) => id is null || ElementIdForm().IsMatch(id) ? id
        : throw new ArgumentException($"\"{id}\" is no element_id: begin with a letter, go on with letters, digits and _, and use 20 characters at most.", nameof(id));

    public static string NotEmpty(string? text, string what) => string.IsNullOrWhiteSpace(text)
        ? throw new ArgumentException($"{what} is empty; give a text.", nameof(text))
        : text;

    public static string? MaxLength(string? text, int max, string what) => text is null || text.Length <= max || Runes(text) <= max ? text
        : throw new ArgumentException($"{what} has {Runes(text)} characters; shorten it to {max}.", nameof(text));

    public static I18nText? MaxLength(I18nText? text, int max, string what)
    {
        if (text is null) return null;
        MaxLength(text.Default, max, what);
        foreach (var (_, translation) in text.Translations) MaxLength(translation, max, what);
        return text;
    }

    public static int? Between(int? value, int min, int max, string what) => value is null || value >= min && value <= max ? value
        : throw new ArgumentException($"{what} is {value}; choose {min} to {max}.", nameof(value));

    public static double? Between(double? value, double min, double max, string what) => value is null || value >= min && value <= max ? value
        : throw new ArgumentException($"{what} is {value}; choose {min} to {max}.", nameof(value));

    public static IReadOnlyList<T> Some<T>(IReadOnlyList<T>? items, string what)
    {
        ArgumentNullException.ThrowIfNull(items);
        return items.Count > 0 ? items : throw new ArgumentException($"{what} is empty; give at least one.", nameof(items));
    }

    public static string Url(string? url, string what)
    {
        url = NotEmpty(url, what);
        if (url.AsSpan().ContainsAnyInRange('\0', ' ') || url[0] is '/' or '\\' || !Uri.TryCreate(url, UriKind.Absolute, out var address)) throw new ArgumentException($"{what} is no complete address; begin it with https:// and percent-encode blanks.", nameof(url));
        if (address.Scheme is not ("http" or "https" or "lark" or "feishu" or "applink")) throw new ArgumentException($"{what} has the scheme \"{address.Scheme}\"; use https, http, lark, feishu or applink.", nameof(url));
        return address.UserInfo.Length == 0 ? url : throw new ArgumentException($"{what} carries a name or password before the @; remove it.", nameof(url));
    }

    public static string? OptionalUrl(string? url, string what) => string.IsNullOrEmpty(url) ? null : Url(url, what);

    public static string ImageKey(string? key)
    {
        key = NotEmpty(key, "The image key");
        return key.AsSpan().IndexOfAny("/\\:. ") < 0 ? key : throw new ArgumentException($"\"{key}\" is an address or a path; upload the picture and use the key that comes back (img_…).", nameof(key));
    }

    public static string? OptionalImageKey(string? key) => key is null ? null : ImageKey(key);

    private static int Runes(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes()) count++;
        return count;
    }
}
