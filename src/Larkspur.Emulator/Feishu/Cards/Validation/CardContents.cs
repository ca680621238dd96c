using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Larkspur.Emulator.Feishu.Cards.Validation;

/// <summary>What a card names outside itself: images, people, audio; and the rules of tables and charts.</summary>
/// <param name="appId">Whose card it is; <see langword="null"/> on the preview page: anybody's images and people count.</param>
internal sealed partial class CardContents(EmulatorState state, string? appId, JsonObject card, Findings findings)
{
    private readonly HashSet<string> _audioIds = [];
    private int _tables;

    public void Component(JsonObject element, string tag, string pointer)
    {
        switch (tag)
        {
            case "markdown":
                Markdown(element, pointer);
                break;
            case "img":
                Image(element, pointer);
                break;
            case "img_combination":
                Each(element, "img_list", pointer, Image);
                break;
            case "select_img":
                Each(element, "options", pointer, Image);
                break;
            case "person":
                Person(CardPart.Text(element, "user_id"), pointer + "/user_id");
                break;
            case "person_list" when element["drop_invalid_user_id"] is not JsonValue drop || drop.GetValueKind() != JsonValueKind.True:
                Each(element, "persons", pointer, (p, at) => Person(CardPart.Text(p, "id"), at + "/id"));
                break;
            case "table":
                if (++_tables == CardGrammar.MostTables + 1) TooManyTables(pointer);
                TableRules.Validate(element, pointer, findings);
                break;
            case "chart" when element["chart_spec"] is JsonObject spec && CardPart.Text(spec, "type") is not { Length: > 0 }:
                findings.Add(200550, pointer, "chart spec is invalid", "type is required");
                break;
            case "audio":
                Audio(element, pointer);
                break;
        }
    }

    /// <summary>Text objects and icons inside components.</summary>
    public void Part(JsonObject part, string pointer)
    {
        switch (CardPart.Text(part, "tag"))
        {
            case "lark_md" or "markdown":
                Markdown(part, pointer);
                break;
            case "custom_icon":
                Image(part, pointer);
                break;
        }
    }

    private void Markdown(JsonObject text, string pointer)
    {
        foreach (var whole in Texts(text))
        {
            // What stands in code is shown as it is.
            var content = Code().Replace(whole, "");
            foreach (Match at in At().Matches(content))
            {
                foreach (var id in at.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)) Person(id, pointer + "/content", everybody: true);
            }

            foreach (Match person in PersonTag().Matches(content)) Person(person.Groups[1].Value, pointer + "/content");
            foreach (Match image in MarkdownImage().Matches(content)) ImageKey(image.Groups[1].Value, pointer + "/content");
            var tables = MarkdownTable().Count(content);
            if (tables > CardGrammar.MostTablesInMarkdown || (_tables <= CardGrammar.MostTables && _tables + tables > CardGrammar.MostTables)) TooManyTables(pointer);
            _tables += tables;
        }
    }

    private static IEnumerable<string> Texts(JsonObject text)
    {
        if (CardPart.Text(text, "content") is { } content) yield return content;
        foreach (var (_, translated) in text["i18n_content"] as JsonObject ?? [])
        {
            if (translated is JsonValue v && v.TryGetValue<string>(out var other)) yield return other;
        }
    }

    private void Image(JsonObject holder, string pointer)
    {
        if (CardPart.Text(holder, "img_key") is { } key) ImageKey(key, pointer + "/img_key");
        foreach (var (locale, translated) in holder["i18n_img_key"] as JsonObject ?? [])
        {
            if (translated is JsonValue v && v.TryGetValue<string>(out var other)) ImageKey(other, $"{pointer}/i18n_img_key/{locale}");
        }
    }

    private void ImageKey(string key, string pointer)
    {
        if (state.File(key) is { IsImage: true } file && (appId is null || file.OwnerId == appId)) return;
        findings.Add(200570, pointer, "card contains invalid image keys", "image key " + key, withPath: false);
    }

    private void Person(string? id, string pointer, bool everybody = false)
    {
        if (id is null || (everybody && id == "all")) return;
        var known = state.People.Any(p => p.UserId == id || p.UnionId == id || (appId is null ? state.Apps.Any(a => WireIds.OpenId(a.AppId, p.UserId) == id) : WireIds.OpenId(appId, p.UserId) == id))
            || state.Apps.Any(a => a.BotOpenId == id);
        if (!known) findings.Add(100290, pointer, "There is an invalid user resource(at/person) in your card", id, withPath: false);
    }

    private void Audio(JsonObject audio, string pointer)
    {
        if (CardPart.Text(audio, "file_key") is { } key && (state.File(key) is not { IsImage: false } file || (appId is not null && file.OwnerId != appId)))
        {
            findings.Add(300240, pointer, "This application cannot retrieve audio information. Please check if the application used for uploading audio is the same as the one used for sending messages", "", withPath: false);
        }

        if (CardPart.Text(audio, "audio_id") is { Length: > 0 } id && !_audioIds.Add(id)) findings.Add(300230, pointer, "duplicate audio id", "", withPath: false);
        if (card["config"] is not JsonObject config || config["enable_forward"] is not JsonValue forward || forward.GetValueKind() != JsonValueKind.False)
        {
            findings.Add(300220, pointer, "audio elem don't support forward", "", withPath: false);
        }
    }

    private void TooManyTables(string pointer) => findings.Add(11310, pointer, "card table number over limit", "table", withPath: false);

    private static void Each(JsonObject holder, string list, string pointer, Action<JsonObject, string> check)
    {
        if (holder[list] is not JsonArray items) return;
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is JsonObject item) check(item, $"{pointer}/{list}/{i}");
        }
    }

    [GeneratedRegex("""<at\s+ids?\s*=\s*["']?([^"'\s>/]*)["']?\s*/?>""")]
    private static partial Regex At();

    [GeneratedRegex("""<person\s+id\s*=\s*["']?\s*([^"'\s>/]+)\s*["']?""")]
    private static partial Regex PersonTag();

    /// <summary>Only keys: an address in an image's place is shown as a link.</summary>
    [GeneratedRegex(@"!\[[^\]\n]*\]\((img_[A-Za-z0-9_\-]+)\)")]
    private static partial Regex MarkdownImage();

    [GeneratedRegex(@"^[ \t]*```.*?(?:^[ \t]*```|\z)|`[^`\n]+`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^[ \t]*\|?[ \t]*:?-{1,}:?[ \t]*(\|[ \t]*:?-{1,}:?[ \t]*)+\|?[ \t]*$", RegexOptions.Multiline)]
    private static partial Regex MarkdownTable();
}
