using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace Larkspur.Emulator.WeCom.Callbacks;

/// <summary>The decrypted answer to a callback.</summary>
internal sealed record PassiveReply(XElement Root, string Xml)
{
    private const int LongestReply = 1 << 20;

    public string Kind => Value(Root, "MsgType");

    /// <exception cref="BadCallbackException">It is no XML of the right form, or its signature or encryption does not hold.</exception>
    public static PassiveReply Open(string body, CallbackCrypt crypt)
    {
        var outer = Parse(body);
        var inner = crypt.Open(Value(outer, "MsgSignature"), Value(outer, "TimeStamp"), Value(outer, "Nonce"), Value(outer, "Encrypt"));
        return new PassiveReply(Parse(inner), inner);
    }

    public static string Value(XElement part, string name) => part.Element(name)?.Value ?? "";

    /// <summary>A card's XML as the JSON that the API takes: names in snake case, what repeats as a list.</summary>
    public static JsonObject Card(XElement part)
    {
        var card = new JsonObject();
        foreach (var group in part.Elements().GroupBy(e => Name(e.Name.LocalName), StringComparer.Ordinal))
        {
            card[group.Key] = group.Key.EndsWith("_list", StringComparison.Ordinal) ? new JsonArray([.. group.Select(Node)]) : Node(group.First());
        }

        return card;

        JsonNode? Node(XElement element) => element.HasElements ? Card(element) : Leaf(Name(element.Name.LocalName), element.Value);
    }

    private static string Name(string element) => JsonNamingPolicy.SnakeCaseLower.ConvertName(element) switch
    {
        "key_name" => "keyname",
        "user_id" => "userid",
        "app_id" => "appid",
        "page_path" => "pagepath",
        var name => name,
    };

    private static JsonValue Leaf(string name, string text) => name switch
    {
        "type" or "style" or "desc_color" or "mode" when long.TryParse(text, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        "aspect_ratio" when double.TryParse(text, CultureInfo.InvariantCulture, out var ratio) => JsonValue.Create(ratio),
        "is_checked" or "disable" => JsonValue.Create(text is "1" or "true"),
        _ => JsonValue.Create(text),
    };

    private static XElement Parse(string text)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = LongestReply, CheckCharacters = false });
            return XElement.Load(reader);
        }
        catch (XmlException)
        {
            throw new BadCallbackException(BadCallbackException.Form, "it is not the platform's XML");
        }
    }
}
