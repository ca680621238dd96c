using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.Cards;
using Larkspur.Emulator.WeCom.ApiPipeline;
using Larkspur.Emulator.WeCom.Media;

namespace Larkspur.Emulator.WeCom.Messages;

/// <summary>Validates what an application sends, type by type. Texts that are only too long to be shown are cut, as the platform cuts them.</summary>
internal sealed class MessageValidator(WeComMedia media)
{
    public const int LongestText = 2048;
    public const int LongestMarkdown = 2048;
    public const int LongestTitle = 128;
    public const int LongestDescription = 512;
    public const int LongestUrl = 2048;
    public const int MostArticles = 8;
    public const int MostContentItems = 10;
    /// <summary>Of one mpnews article.</summary>
    public const int LongestArticle = 666 * 1024;

    /// <param name="message">The whole call's body: <c>msgtype</c> and the object it names.</param>
    /// <param name="cards">An application's message may be a template card; a message to a group chat may not.</param>
    /// <exception cref="WeComRefusal">40008 type, 44004 empty text, 45002 size, 45008 articles, 40007 media, 40039 address, 41016 title, 420xx cards, 40058 anything else.</exception>
    public MessageBody Read(JsonObject message, bool cards = true)
    {
        var kind = WeComJson.Text(message, "msgtype") ?? "";
        var known = kind is "text" or "image" or "voice" or "video" or "file" or "textcard" or "news" or "mpnews" or "markdown" || (cards && kind is "template_card" or "miniprogram_notice");
        if (!known) throw new WeComRefusal(40008, "invalid message type");
        var content = WeComJson.Object(message, kind)?.DeepClone().AsObject() ?? throw WeComRefusal.Parameter($"missing {kind}");
        return kind switch
        {
            "text" => new MessageBody(kind, Cut(content, "content", LongestText, 44004), content),
            "markdown" => new MessageBody(kind, Fits(content, "content", LongestMarkdown), content),
            "image" or "voice" or "video" or "file" => Attachment(kind, content, WeComMedia.Corp),
            "textcard" => TextCard(content),
            "news" => News(content),
            "mpnews" => MpNews(content),
            "miniprogram_notice" => MiniProgram(content),
            _ => Card(content),
        };
    }

    /// <exception cref="WeComRefusal">41006, 40007.</exception>
    public MessageBody Attachment(string kind, JsonObject content, string scope)
    {
        if (WeComJson.Text(content, "media_id") is not { Length: > 0 } id) throw new WeComRefusal(41006, "media_id missing");
        if (!media.Has(id, kind, scope, out var file)) throw new WeComRefusal(40007, "invalid media_id");
        Shorten(content, "title", LongestTitle);
        Shorten(content, "description", LongestDescription);
        content["file_key"] = file.Key;
        return new MessageBody(kind, WeComJson.Text(content, "title") ?? file.Name, content);
    }

    /// <exception cref="WeComRefusal">45008, 41016, 40039.</exception>
    public static MessageBody News(JsonObject content, bool needsUrl = false)
    {
        var articles = WeComJson.Objects(content, "articles") ?? [];
        if (articles.Count is 0 or > MostArticles) throw new WeComRefusal(45008, "articles count exceeds limit: 1 to 8");
        foreach (var article in articles)
        {
            if (WeComJson.Text(article, "title") is not { Length: > 0 }) throw new WeComRefusal(41016, "title missing");
            Shorten(article, "title", LongestTitle);
            Shorten(article, "description", LongestDescription);
            Url(article, "url", needsUrl);
            Url(article, "picurl", false);
        }

        return new MessageBody("news", WeComJson.Text(articles[0], "title")!, content);
    }

    public static string Fits(JsonObject content, string name, int most)
    {
        var text = WeComJson.Text(content, name) ?? "";
        if (string.IsNullOrWhiteSpace(text)) throw new WeComRefusal(44004, $"{name} is empty");
        return WeComJson.Bytes(text) <= most ? text : throw new WeComRefusal(45002, $"content exceeds max length: {most} bytes");
    }

    /// <summary>What makes two messages the same to the duplicate check.</summary>
    public static string Fingerprint(JsonObject message) => CanonicalJson.Write(new JsonObject(message.Where(m => m.Key is not ("enable_duplicate_check" or "duplicate_check_interval"))
        .OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone()))));

    private static MessageBody TextCard(JsonObject content)
    {
        if (WeComJson.Text(content, "title") is not { Length: > 0 }) throw new WeComRefusal(41016, "title missing");
        if (WeComJson.Text(content, "description") is not { Length: > 0 }) throw WeComRefusal.Parameter("missing textcard.description");
        Shorten(content, "title", LongestTitle);
        Shorten(content, "description", LongestDescription);
        Url(content, "url", true);
        if (WeComJson.Text(content, "btntxt") is { } button && button.EnumerateRunes().Count() > 4) throw WeComRefusal.Parameter("textcard.btntxt is longer than 4 characters");
        return new MessageBody("textcard", WeComJson.Text(content, "title")!, content);
    }

    private MessageBody MpNews(JsonObject content)
    {
        var articles = WeComJson.Objects(content, "articles") ?? [];
        if (articles.Count is 0 or > MostArticles) throw new WeComRefusal(45008, "articles count exceeds limit: 1 to 8");
        foreach (var article in articles)
        {
            if (WeComJson.Text(article, "title") is not { Length: > 0 }) throw new WeComRefusal(41016, "title missing");
            if (!media.Has(WeComJson.Text(article, "thumb_media_id"), "image", WeComMedia.Corp, out _)) throw new WeComRefusal(40007, "invalid thumb_media_id");
            Fits(article, "content", LongestArticle);
            Shorten(article, "title", LongestTitle);
            Shorten(article, "digest", LongestDescription);
        }

        return new MessageBody("mpnews", WeComJson.Text(articles[0], "title")!, content);
    }

    private static MessageBody MiniProgram(JsonObject content)
    {
        if (WeComJson.Text(content, "appid") is not { Length: > 0 }) throw WeComRefusal.Parameter("missing miniprogram_notice.appid");
        if (WeComJson.Text(content, "title") is not { Length: > 0 }) throw new WeComRefusal(41016, "title missing");
        var items = WeComJson.Objects(content, "content_item") ?? [];
        if (items.Count > MostContentItems || items.Any(i => WeComJson.Text(i, "key") is not { Length: > 0 })) throw WeComRefusal.Parameter("miniprogram_notice.content_item");
        // The application of this corp is no mini program.
        throw new WeComRefusal(48002, "api forbidden: the agent has no mini program");
    }

    private static MessageBody Card(JsonObject content)
    {
        CardValidator.Check(content, CardPlace.Application);
        return new MessageBody("template_card", CardOutline.Title(content), content);
    }

    private static string Cut(JsonObject content, string name, int most, long empty)
    {
        if (WeComJson.Text(content, name) is not { Length: > 0 } text) throw new WeComRefusal(empty, $"text content is empty");
        content[name] = text = WeComJson.Cut(text, most);
        return text;
    }

    private static void Shorten(JsonObject part, string name, int bytes)
    {
        if (WeComJson.Text(part, name) is { } text) part[name] = WeComJson.Cut(text, bytes);
    }

    private static void Url(JsonObject part, string name, bool needed)
    {
        var url = WeComJson.Text(part, name) ?? "";
        if (url.Length == 0 ? needed : WeComJson.Bytes(url) > LongestUrl) throw new WeComRefusal(40039, $"invalid {name} size");
        if (url.Length > 0 && !(Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")) throw new WeComRefusal(40094, $"invalid {name}");
    }
}
