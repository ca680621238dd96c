using System.Text;
using System.Text.Json;

namespace Larkspur.DingTalk.Robots;

/// <summary>Whom a message addresses with an @.</summary>
public sealed record At
{
    /// <summary>Most userids in a message.</summary>
    public const int MaxUserIds = 50;

    /// <summary>Mobile numbers.</summary>
    public IReadOnlyList<string> Mobiles { get; init; } = [];

    /// <summary>Userids, at most 50.</summary>
    public IReadOnlyList<string> UserIds { get; init; } = [];

    /// <summary>Everybody in the group.</summary>
    public bool All { get; init; }

    /// <summary>Everybody in the group.</summary>
    public static At Everybody { get; } = new() { All = true };

    /// <summary>People by userid.</summary>
    public static At Users(params IReadOnlyList<string> userIds) => new() { UserIds = userIds };

    internal object Body() => UserIds.Count <= MaxUserIds
        ? new { atMobiles = Mobiles, atUserIds = UserIds, isAtAll = All }
        : throw new ArgumentException($"A message addresses at most {MaxUserIds} people by userid; {UserIds.Count} were given.");
}

/// <summary>What a group robot says, or what one answers at a session webhook.</summary>
/// <remarks>Source: 02/0717. Case matters on the wire: <c>messageUrl</c> here, <c>messageURL</c> there.</remarks>
public sealed class WebhookMessage
{
    private readonly Dictionary<string, object> _body;

    private WebhookMessage(string kind, object? content, At? at = null)
    {
        Kind = kind;
        _body = new Dictionary<string, object>(StringComparer.Ordinal) { ["msgtype"] = kind };
        if (content is not null) _body[kind] = content;
        if (at is not null) _body["at"] = at.Body();
    }

    /// <summary><c>msgtype</c>.</summary>
    public string Kind { get; }

    /// <summary>Says nothing: the answer to a robot message over HTTP that needs none.</summary>
    public static WebhookMessage Empty { get; } = new("empty", null);

    /// <summary>Plain text.</summary>
    public static WebhookMessage Text(string content, At? at = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(content);
        return new("text", new { content }, at);
    }

    /// <summary>Markdown. An @ shows only where the text names the person too: names that are missing in it are put at its end.</summary>
    /// <param name="title">What the list of conversations shows.</param>
    /// <param name="text">The text.</param>
    /// <param name="at">Whom it addresses.</param>
    public static WebhookMessage Markdown(string title, string text, At? at = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        var missing = new StringBuilder();
        foreach (string name in at is null ? [] : at.Mobiles.Concat(at.UserIds))
        {
            if (!text.Contains($"@{name}", StringComparison.Ordinal)) missing.Append(missing.Length == 0 ? "\n\n" : " ").Append('@').Append(name);
        }

        return new("markdown", new { title, text = text + missing }, at);
    }

    /// <summary>A link with a picture. It addresses nobody.</summary>
    public static WebhookMessage Link(string title, string text, string messageUrl, string? picUrl = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        ArgumentException.ThrowIfNullOrWhiteSpace(messageUrl);
        return new("link", new { title, text, messageUrl, picUrl });
    }

    /// <summary>Markdown with buttons, each of which is a link; one fills the whole width.</summary>
    /// <param name="title">What the list of conversations shows.</param>
    /// <param name="text">Markdown.</param>
    /// <param name="buttons">At least one.</param>
    /// <param name="sideBySide">Two buttons beside each other instead of below.</param>
    public static WebhookMessage ActionCard(string title, string text, IReadOnlyList<LinkButton> buttons, bool sideBySide = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        ArgumentNullException.ThrowIfNull(buttons);
        if (buttons.Count == 0) throw new ArgumentException("An action card has at least one button.", nameof(buttons));
        var card = new Dictionary<string, object>(StringComparer.Ordinal) { ["title"] = title, ["text"] = text };
        if (buttons.Count == 1)
        {
            (card["singleTitle"], card["singleURL"]) = (buttons[0].Title, buttons[0].Url);
        }
        else
        {
            card["btnOrientation"] = sideBySide ? "1" : "0";
            card["btns"] = buttons.Select(b => new Dictionary<string, string> { ["title"] = b.Title, ["actionURL"] = b.Url }).ToArray();
        }

        return new("actionCard", card);
    }

    /// <summary>Several links, each with a picture. It addresses nobody.</summary>
    public static WebhookMessage FeedCard(params IReadOnlyList<FeedLink> links)
    {
        ArgumentNullException.ThrowIfNull(links);
        if (links.Count == 0) throw new ArgumentException("A feed card has at least one link.", nameof(links));
        return new("feedCard", new { links = links.Select(l => new Dictionary<string, string> { ["title"] = l.Title, ["messageURL"] = l.Url, ["picURL"] = l.PictureUrl }).ToArray() });
    }

    /// <summary>The JSON, for the answer to a robot message over HTTP.</summary>
    public byte[] ToUtf8Json() => JsonSerializer.SerializeToUtf8Bytes(_body, DingTalkJson.New);

    // As an element: the names must not be changed to those of old calls on the way.
    internal JsonElement ToJson(string? msgUuid)
    {
        if (msgUuid is null) return JsonSerializer.SerializeToElement(_body, DingTalkJson.New);
        return JsonSerializer.SerializeToElement(new Dictionary<string, object>(_body, StringComparer.Ordinal) { ["msgUuid"] = msgUuid }, DingTalkJson.New);
    }
}

/// <summary>One link of a feed card.</summary>
/// <param name="Title">What it says.</param>
/// <param name="Url">Where it leads.</param>
/// <param name="PictureUrl">Its picture.</param>
public sealed record FeedLink(string Title, string Url, string PictureUrl);
