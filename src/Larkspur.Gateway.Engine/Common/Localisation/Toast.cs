namespace Larkspur.Gateway.Common.Localisation;

/// <summary>A toast in both languages; the person's client picks its own.</summary>
/// <param name="Kind"><c>info</c>, <c>success</c>, <c>error</c>, <c>warning</c>.</param>
/// <param name="Chinese">Text for zh_cn.</param>
/// <param name="English">Text for en_us.</param>
public sealed record Toast(string Kind, string Chinese, string English)
{
    /// <summary>A toast that says this.</summary>
    public static Toast Of(string kind, LocalText text) => new(kind, text.Chinese, text.English);
}
