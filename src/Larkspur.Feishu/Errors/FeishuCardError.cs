using System.Globalization;
using System.Text.RegularExpressions;

namespace Larkspur.Feishu;

/// <summary>Why the platform did not take a card: what stands inside the message of <c>230099</c> and its like.</summary>
/// <param name="Code">The inner code, e.g. <c>200621</c>.</param>
/// <param name="Path">Where in the card, as the platform writes it: <c>ROOT -&gt; body -&gt; elements -&gt; 2</c>; empty when it does not say.</param>
/// <param name="Message">Its text.</param>
/// <param name="Value">The value it stumbled over, or empty.</param>
public sealed partial record FeishuCardError(int Code, string Path, string Message, string Value)
{
    /// <summary>
    /// Nothing is wrong with the card: somebody's click on the old one is being answered, which takes up to 3 s ("card action is lock",
    /// one of the meanings of <c>11310</c>). The same change is taken afterwards.
    /// </summary>
    public bool IsInUse => Code == 11310 && Message.Contains("card action is lock", StringComparison.OrdinalIgnoreCase);

    /// <summary>Finds the inner error in a platform's message; null when there is none.</summary>
    internal static FeishuCardError? Parse(string msg)
    {
        Match code = InnerCode().Match(msg);
        if (!code.Success || !int.TryParse(code.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return null;
        return new(number, Part(msg, "ErrPath"), Part(msg, "ErrMsg"), Part(msg, "ErrorValue"));
    }

    /// <summary>The parts end where the next one begins: a value may have semicolons of its own.</summary>
    private static string Part(string msg, string name)
    {
        int start = msg.IndexOf(name + ":", StringComparison.Ordinal);
        if (start < 0) return "";
        start += name.Length + 1;
        int end = msg.Length;
        foreach (string next in (string[])["; ErrPath:", "; ErrMsg:", "; ErrorValue:", "; code:"])
        {
            int at = msg.IndexOf(next, start, StringComparison.Ordinal);
            if (at >= 0) end = Math.Min(end, at);
        }

        return msg[start..end].Trim().TrimEnd(';').Trim();
    }

    [GeneratedRegex(@"ErrCode:\s*(\d{1,9})\b", RegexOptions.CultureInvariant)]
    private static partial Regex InnerCode();
}
