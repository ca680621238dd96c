using System.Text;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Larkspur.WeCom.Cards;

namespace Larkspur.WeCom.Callbacks;

/// <summary>The answer to a delivery within the request itself, 5 s at most. Later: an application message, or an update by the card's response code.</summary>
/// <remarks>Source: developer centre 96469 (2024-11-21).</remarks>
public sealed class WeComReply
{
    private readonly string _type;
    private readonly XElement[] _parts;
    private readonly bool _needsCard;

    private WeComReply(string type, bool needsCard, params XElement[] parts) => (_type, _needsCard, _parts) = (type, needsCard, parts);

    /// <summary>Text, at most 2,048 bytes.</summary>
    public static WeComReply Text(string content)
    {
        Check(f => f.Text("Content", content, 2048));
        return new WeComReply("text", false, Node("Content", content));
    }

    /// <summary>A picture that was uploaded.</summary>
    public static WeComReply Image(string mediaId) => Media("image", "Image", mediaId);

    /// <summary>A voice message that was uploaded.</summary>
    public static WeComReply Voice(string mediaId) => Media("voice", "Voice", mediaId);

    /// <summary>A video that was uploaded.</summary>
    public static WeComReply Video(string mediaId, string? title = null, string? description = null)
    {
        Check(f =>
        {
            f.Required("MediaId", mediaId);
            f.Bytes("Title", title, 128);
            f.Bytes("Description", description, 512);
        });
        return new WeComReply("video", false, new XElement("Video", Node("MediaId", mediaId), Node("Title", title ?? ""), Node("Description", description ?? "")));
    }

    /// <summary>Articles, 1 to 8.</summary>
    public static WeComReply News(IReadOnlyList<WeComReplyArticle> articles)
    {
        ArgumentNullException.ThrowIfNull(articles);
        Check(f =>
        {
            f.Count("Articles", articles, 1, 8);
            foreach (WeComReplyArticle article in articles) f.Required("Articles.Title", article.Title);
        });
        return new WeComReply("news", false, new XElement("ArticleCount", articles.Count), new XElement("Articles", articles.Select(a => new XElement(
            "item", Node("Title", a.Title), Node("Description", a.Description ?? ""), Node("PicUrl", a.PictureUrl ?? ""), Node("Url", a.Url ?? "")))));
    }

    /// <summary>The clicked card's buttons become one grey text, for the clicking person alone. Only for a click on a card.</summary>
    public static WeComReply Button(string replaceName)
    {
        Check(f => f.Required("ReplaceName", replaceName));
        return new WeComReply("update_button", true, new XElement("Button", Node("ReplaceName", replaceName)));
    }

    /// <summary>The clicked card becomes this one, for the clicking person alone. Only for a click on a card.</summary>
    public static WeComReply Card(TemplateCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        Check(f => card.Judge(f, CardPlace.App, isUpdate: true));
        return new WeComReply("update_template_card", true, new XElement("TemplateCard", Elements(card.ToJson())));
    }

    internal string ToXml(WeComDelivery delivery, string timestamp)
    {
        if (_needsCard && delivery.Content is not TemplateCardClicked)
        {
            throw new WeComContentException([$"{_type} answers a click on a card, and this is {(delivery.IsEvent ? delivery.EventType : delivery.MessageType)}."]);
        }

        var xml = new XElement(
            "xml", Node("ToUserName", delivery.From), Node("FromUserName", delivery.CorpId), new XElement("CreateTime", timestamp), Node("MsgType", _type),
            _parts.Select(p => new XElement(p)));
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true })) xml.WriteTo(writer);
        return text.ToString();
    }

    private static WeComReply Media(string type, string element, string mediaId)
    {
        Check(f => f.Required("MediaId", mediaId));
        return new WeComReply(type, false, new XElement(element, Node("MediaId", mediaId)));
    }

    private static void Check(Action<ContentProblems> judge)
    {
        var problems = new ContentProblems();
        judge(problems);
        problems.ThrowIfAny();
    }

    private static XElement Node(string name, string value) => new(name, new XCData(Printable(value)));

    /// <summary>The JSON names in CamelCase; a list is its element, repeated.</summary>
    private static IEnumerable<XElement> Elements(JsonObject json)
    {
        foreach ((string name, JsonNode? value) in json)
        {
            string element = Camel(name);
            IEnumerable<JsonNode?> items = value is JsonArray list ? list : Enumerable.Repeat(value, 1);
            foreach (JsonNode? item in items)
            {
                if (item is JsonObject inner) yield return new XElement(element, Elements(inner));
                else if (item is JsonValue leaf) yield return Leaf(element, leaf);
            }
        }
    }

    private static XElement Leaf(string name, JsonValue value) => value.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.String => Node(name, value.GetValue<string>()),
        System.Text.Json.JsonValueKind.True => new XElement(name, "true"),
        System.Text.Json.JsonValueKind.False => new XElement(name, "false"),
        _ => new XElement(name, value.ToJsonString()),
    };

    // Four names that the JSON writes in one word and the XML in two (UNVERIFIED for UserId: inferred from the others).
    private static string Camel(string name) => name switch
    {
        "keyname" => "KeyName",
        "appid" => "AppId",
        "pagepath" => "PagePath",
        "userid" => "UserId",
        _ => Words(name),
    };

    private static string Words(string name) => string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>What XML cannot say is left out: control characters and halves of surrogate pairs.</summary>
    private static string Printable(string text)
    {
        if (text.All(c => XmlConvert.IsXmlChar(c))) return text;
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value)) clean.Append(rune);
        }

        return clean.ToString();
    }
}

/// <summary>An article of a reply.</summary>
public sealed record WeComReplyArticle(string Title, string? Description = null, string? Url = null, string? PictureUrl = null);
