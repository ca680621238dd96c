using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using Larkspur.Gateway.Inbox.Dispatch;

namespace Larkspur.Gateway.Common.Localisation;

/// <summary>What the bot says, from <c>Texts/*.json</c>; both files have the same keys, and a test sees to it.</summary>
internal static class BotTexts
{
    private static readonly FrozenDictionary<string, string> English = Load("en_us");
    private static readonly FrozenDictionary<string, string> Chinese = Load("zh_cn");

    /// <summary>A text by key, its <c>{0}</c>, <c>{1}</c>… filled.</summary>
    public static string Get(this Language language, string key, params ReadOnlySpan<object?> values)
    {
        var text = (language == Language.Chinese ? Chinese : English)[key];
        return values.Length == 0 ? text : string.Format(null, text, values);
    }

    /// <summary>A toast in both languages.</summary>
    public static Toast Toast(string kind, string key, params ReadOnlySpan<object?> values) =>
        new(kind, Language.Chinese.Get(key, values), Language.English.Get(key, values));

    internal static FrozenDictionary<string, string> All(Language language) => language == Language.Chinese ? Chinese : English;

    private static FrozenDictionary<string, string> Load(string tag)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Larkspur.Gateway.Common.Localisation.Texts.{tag}.json")!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.EnumerateObject().ToFrozenDictionary(p => p.Name, p => p.Value.GetString()!);
    }
}
