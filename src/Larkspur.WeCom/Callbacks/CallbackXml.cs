using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Larkspur.WeCom.Callbacks;

/// <summary>Reads the platform's XML: no DTD, nothing from outside, strict UTF-8, bounded.</summary>
internal static class CallbackXml
{
    private const int MaxDepth = 24;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The envelope: a flat element whose children may each occur once. Nothing of it is proven yet.</summary>
    /// <returns>The text of <c>Encrypt</c>; null when it is no envelope.</returns>
    public static string? ReadEnvelope(ReadOnlySpan<byte> body)
    {
        try
        {
            using XmlReader reader = Open(Strict.GetString(body));
            if (reader.MoveToContent() != XmlNodeType.Element || reader.LocalName != "xml") return null;
            if (reader.IsEmptyElement) return null;
            var seen = new HashSet<string>(StringComparer.Ordinal);
            string? encrypted = null;
            reader.ReadStartElement();
            while (reader.MoveToContent() == XmlNodeType.Element)
            {
                string name = reader.LocalName;
                if (!seen.Add(name) || seen.Count > 16) return null;
                // Throws for an element inside, which no envelope has.
                string value = reader.ReadElementContentAsString();
                if (name == "Encrypt") encrypted = value.Trim();
            }

            if (reader.NodeType != XmlNodeType.EndElement) return null;
            reader.ReadEndElement();
            return reader.MoveToContent() == XmlNodeType.None ? encrypted : null;
        }
        catch (Exception exception) when (exception is XmlException or DecoderFallbackException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>What was decrypted.</summary>
    public static XElement? ReadMessage(ReadOnlySpan<byte> plain)
    {
        try
        {
            using XmlReader reader = Open(Printable(Strict.GetString(plain)));
            var root = new Stack<XElement>();
            XElement? top = null;
            while (reader.Read())
            {
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element:
                        if (reader.Depth > MaxDepth) return null;
                        var element = new XElement(XName.Get(reader.LocalName));
                        if (root.Count > 0) root.Peek().Add(element);
                        top ??= element;
                        if (!reader.IsEmptyElement) root.Push(element);
                        break;
                    case XmlNodeType.EndElement:
                        root.Pop();
                        break;
                    case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace when root.Count > 0:
                        root.Peek().Add(new XText(reader.Value));
                        break;
                }
            }

            return top is not null && top.Name.LocalName == "xml" ? top : null;
        }
        catch (Exception exception) when (exception is XmlException or DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>People do send control characters, the platform passes them on, and XML knows none: they are left out here and kept in the delivery's bytes.</summary>
    private static string Printable(string text)
        => text.All(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c)) ? text : string.Concat(text.Where(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c)));

    private static XmlReader Open(string text) => XmlReader.Create(new StringReader(text), new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = CallbackVerifier.MaxBodyBytes,
        MaxCharactersFromEntities = 1024,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    });
}

/// <summary>Elements by path, as the platform's pages write them: <c>ScanCodeInfo/ScanType</c>.</summary>
internal static class XmlFields
{
    public static string Text(this XElement element, string path) => element.Find(path)?.Value ?? "";

    public static string? TextOrNull(this XElement element, string path) => element.Find(path)?.Value is { Length: > 0 } value ? value : null;

    public static long Number(this XElement element, string path) => long.TryParse(element.Text(path), out long value) ? value : 0;

    public static double Decimal(this XElement element, string path) => double.TryParse(element.Text(path), out double value) ? value : 0;

    public static DateTimeOffset Time(this XElement element, string path)
        => element.Number(path) is >= 0 and <= 253_402_300_799 and var seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : DateTimeOffset.UnixEpoch;

    public static IReadOnlyList<string> Many(this XElement element, string path) => [.. element.FindMany(path).Select(e => e.Value)];

    /// <summary>A list in one text: <c>1,2</c>.</summary>
    public static IReadOnlyList<string>? CommaList(this XElement element, string path)
        => element.Find(path) is { } found ? found.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : null;

    public static XElement? Find(this XElement element, string path) => element.FindMany(path).FirstOrDefault();

    public static IEnumerable<XElement> FindMany(this XElement element, string path)
        => path.Split('/').Aggregate((IEnumerable<XElement>)[element], static (found, name) => found.SelectMany(e => e.Elements(name)));
}
