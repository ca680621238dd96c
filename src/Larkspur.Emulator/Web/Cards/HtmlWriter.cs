using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components;

namespace Larkspur.Emulator.Web.Cards;

/// <summary>Writes markup whose tag names are ours and whose texts and attribute values are always encoded.</summary>
internal sealed class HtmlWriter
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _html = new();

    public HtmlWriter Open(string tag, string? cssClass = null, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _html.Append('<').Append(tag);
        if (!string.IsNullOrEmpty(cssClass)) Attribute("class", cssClass);
        foreach (var (name, value) in attributes)
        {
            if (value is not null) Attribute(name, value);
        }

        _html.Append('>');
        return this;
    }

    public HtmlWriter Close(string tag)
    {
        _html.Append("</").Append(tag).Append('>');
        return this;
    }

    public HtmlWriter Text(string? text)
    {
        if (!string.IsNullOrEmpty(text)) _html.Append(Encoder.Encode(text));
        return this;
    }

    public HtmlWriter Text(ReadOnlySpan<char> text) => Text(text.ToString());

    public HtmlWriter Break()
    {
        _html.Append("<br>");
        return this;
    }

    public HtmlWriter Link(string address, string cssClass = "lk") =>
        Open("a", cssClass, ("href", address), ("target", "_blank"), ("rel", "noopener noreferrer nofollow"));

    public MarkupString ToMarkup() => new(_html.ToString());

    private void Attribute(string name, string value) =>
        _html.Append(' ').Append(name).Append("=\"").Append(Encoder.Encode(value)).Append('"');
}
