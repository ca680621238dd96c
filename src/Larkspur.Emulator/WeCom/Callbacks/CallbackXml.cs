using System.Globalization;
using System.Text;

namespace Larkspur.Emulator.WeCom.Callbacks;

/// <summary>Writes XML as the platform does: texts in CDATA as they are, numbers bare, no declaration.</summary>
internal sealed class CallbackXml
{
    private readonly StringBuilder _text = new("<xml>");

    public CallbackXml Text(string name, string value)
    {
        _text.Append(CultureInfo.InvariantCulture, $"<{name}><![CDATA[").Append(value.Replace("]]>", "]]]]><![CDATA[>", StringComparison.Ordinal)).Append(CultureInfo.InvariantCulture, $"]]></{name}>");
        return this;
    }

    public CallbackXml Number(string name, long value)
    {
        _text.Append(CultureInfo.InvariantCulture, $"<{name}>{value}</{name}>");
        return this;
    }

    public CallbackXml Part(string name, Action<CallbackXml> inside)
    {
        _text.Append(CultureInfo.InvariantCulture, $"<{name}>");
        inside(this);
        _text.Append(CultureInfo.InvariantCulture, $"</{name}>");
        return this;
    }

    public override string ToString() => _text + "</xml>";
}
