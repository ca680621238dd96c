using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Approval.V4;

namespace Larkspur.Feishu.Approvals;

/// <summary>Words that people read, in their languages. A string converts to one in Chinese, which is what others see too then.</summary>
/// <param name="Chinese">The text for everybody whose language is not given.</param>
/// <param name="English">The text in English, or null.</param>
/// <param name="Japanese">The text in Japanese, or null.</param>
public sealed record ApprovalText(string Chinese, string? English = null, string? Japanese = null)
{
    /// <summary>The text for everybody.</summary>
    public static implicit operator ApprovalText(string text) => new(text);

    /// <summary>The text for everybody.</summary>
    public static ApprovalText FromString(string text) => new(text);
}

/// <summary>The platform takes no texts but keys of texts, <c>@i18n@…</c> of at least 9 characters; this makes the keys and the lists of texts behind them.</summary>
internal sealed class ApprovalTexts
{
    private readonly Dictionary<ApprovalText, string> _keys = [];

    public string Key(ApprovalText text, string what)
    {
        if (string.IsNullOrWhiteSpace(text.Chinese)) throw new ArgumentException($"{what} has no text.", what);
        if (!_keys.TryGetValue(text, out string? key)) _keys[text] = key = $"@i18n@larkspur{_keys.Count + 1:0000}";
        return key;
    }

    /// <summary>The default language must have every key; the others fall back to it. Null: there is no text.</summary>
    public List<I18nResource>? Resources()
    {
        if (_keys.Count == 0) return null;
        List<I18nResource> all = [Resource("zh-CN", isDefault: true, t => t.Chinese)];
        if (_keys.Keys.Any(t => t.English is { Length: > 0 })) all.Add(Resource("en-US", isDefault: false, t => t.English));
        if (_keys.Keys.Any(t => t.Japanese is { Length: > 0 })) all.Add(Resource("ja-JP", isDefault: false, t => t.Japanese));
        return all;
    }

    private I18nResource Resource(string locale, bool isDefault, Func<ApprovalText, string?> text) => new()
    {
        Locale = Locale.From(locale),
        IsDefault = isDefault,
        Texts = [.. _keys.Where(k => text(k.Key) is { Length: > 0 }).Select(k => new I18nResourceText { Key = k.Value, Value = text(k.Key)! })],
    };
}
