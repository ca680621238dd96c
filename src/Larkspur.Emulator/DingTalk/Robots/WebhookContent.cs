using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.Chats;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Robots;

/// <summary>Validates the bodies of group robots and of answers to a message: <c>msgtype</c> and its member. The spelling of the members matters.</summary>
internal sealed class WebhookContent(EmulatorState state)
{
    public const string Empty = "empty";
    private const int MostAt = 50;

    /// <returns><see langword="null"/> for <c>empty</c>: nothing is said.</returns>
    /// <exception cref="DingTalkRefusal">It cannot be sent.</exception>
    public RobotContent? Read(JsonObject body)
    {
        var type = Said(body, "msgtype");
        if (type == Empty) return null;
        var part = body[type.Length == 0 ? "msgtype" : type] as JsonObject;
        if (type is not ("text" or "markdown" or "link" or "actionCard" or "feedCard")) throw DingTalkRefusal.Old(400105, "unsupported msgtype: " + type);
        if (part is null) throw Missing(type);
        var content = new RobotContent(type, CanonicalJson.Write(part)) { Title = Said(part, "title"), Text = Said(part, "text") };
        content = type switch
        {
            "text" => content with { Text = Need(part, "text", "content"), Title = "" },
            "markdown" => content with { Title = Need(part, "markdown", "title"), Text = Need(part, "markdown", "text"), IsMarkdown = true },
            "link" => content with { Title = Need(part, "link", "title"), Text = Need(part, "link", "text"), Links = [new DingTalkLink(Said(part, "title"), Need(part, "link", "messageUrl"))], Media = Said(part, "picUrl") },
            "actionCard" => content with { Title = Need(part, "actionCard", "title"), Text = Need(part, "actionCard", "text"), IsMarkdown = true, Links = Buttons(part) },
            _ => content with { Links = Feeds(part), Text = "", Title = "" },
        };
        return type is "text" or "markdown" ? WithAt(content, body["at"] as JsonObject) : content;
    }

    /// <summary>Everything that a keyword may stand in.</summary>
    public static string Searched(RobotContent content) => string.Join('\n', [content.Title, content.Text, .. content.Links.Select(l => l.Title)]);

    private RobotContent WithAt(RobotContent content, JsonObject? at)
    {
        if (at is null) return content;
        var mobiles = Texts(at["atMobiles"]);
        var ids = Texts(at["atUserIds"]);
        if (ids.Length > MostAt) throw DingTalkRefusal.Old(40035, $"atUserIds has {MostAt} entries at most");
        // A mobile may come with or without its country.
        var people = state.People.Where(p => ids.Contains(p.UserId) || mobiles.Any(m => p.Mobile == m || p.Mobile == "+86" + m || p.Mobile == m.Replace("+86-", "+86", StringComparison.Ordinal)));
        return content with { At = [.. people.Select(p => p.UserId)], AtAll = at["isAtAll"] is JsonValue all && (all.ToString() is "true") };
    }

    private static ImmutableArray<DingTalkLink> Buttons(JsonObject part)
    {
        if (part["btns"] is not JsonArray buttons) return [new DingTalkLink(Need(part, "actionCard", "singleTitle"), Need(part, "actionCard", "singleURL"))];
        if (buttons.Count == 0) throw Missing("actionCard.btns");
        return [.. buttons.Select(b => b is JsonObject o ? new DingTalkLink(Need(o, "btns", "title"), Need(o, "btns", "actionURL")) : throw Missing("actionCard.btns"))];
    }

    private static ImmutableArray<DingTalkLink> Feeds(JsonObject part) =>
        part["links"] is JsonArray { Count: > 0 } links
            ? [.. links.Select(l => l is JsonObject o ? new DingTalkLink(Need(o, "links", "title"), Need(o, "links", "messageURL")) : throw Missing("feedCard.links"))]
            : throw Missing("feedCard.links");

    private static string[] Texts(JsonNode? list) => list is JsonArray items ? [.. items.OfType<JsonValue>().Select(v => v.ToString())] : [];

    private static string Need(JsonObject part, string of, string name) => Said(part, name) is { Length: > 0 } text ? text : throw Missing($"{of}.{name}");

    private static string Said(JsonObject part, string name) => part[name] is JsonValue v && v.TryGetValue<string>(out var text) ? text : "";

    private static DingTalkRefusal Missing(string what) => DingTalkRefusal.Old(40035, $"缺少参数 {what}");
}
