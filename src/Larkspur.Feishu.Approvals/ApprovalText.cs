using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Approval.V4;

namespace Larkspur.Feishu.Approvals;

/// <summary>Words that people read, in their languages. A string converts to one in Chinese, which is what others see too then.</summary>
/// <param name="Chinese">The words for everybody whose language is not given.</param>
/// <param name="English">The words in English, or null.</param>
/// <param name="Japanese">The words in Japanese, or null.</param>
public sealed record ApprovalText(string Chinese, string? English = null, string? Japanese = null)
{
    /// <summary>The words for everybody.</summary>
    public static implicit operator ApprovalText(string words) => new(words);

    /// <summary>The words for everybody.</summary>
    public static ApprovalText FromString(string words) => new(words);
}

/// <summary>The platform takes no words but keys of words, <c>@i18n@…</c> of at least 9 characters; this makes the keys and the lists of words behind them.</summary>
internal sealed class ApprovalTexts
{
    private readonly Dictionary<ApprovalText, string> _keys = [];

    public string Key(ApprovalText words, string what)
    {
        if (string.IsNullOrWhiteSpace(words.Chinese)) throw new ArgumentException($"{what} has no words.", what);
        if (!_keys.TryGetValue(words, out string? key)) _keys[words] = key = $"@i18n@larkspur{_keys.Count + 1:0000}";
        return key;
    }

    /// <summary>The default language must have every key; the others fall back to it. Null: there are no words.</summary>
    public List<I18nResource>? Resources()
    {
        if (_keys.Count == 0) return null;
        List<I18nResource> all = [Resource("zh-CN", isDefault: true, t => t.Chinese)];
        if (_keys.Keys.Any(t => t.English is { Length: > 0 })) all.Add(Resource("en-US", isDefault: false, t => t.English));
        if (_keys.Keys.Any(t => t.Japanese is { Length: > 0 })) all.Add(Resource("ja-JP", isDefault: false, t => t.Japanese));
        return all;
    }

    private I18nResource Resource(string locale, bool isDefault, Func<ApprovalText, string?> words) => new()
    {
        Locale = Locale.From(locale),
        IsDefault = isDefault,
        Texts = [.. _keys.Where(k => words(k.Key) is { Length: > 0 }).Select(k => new I18nResourceText { Key = k.Value, Value = words(k.Key)! })],
    };
}
