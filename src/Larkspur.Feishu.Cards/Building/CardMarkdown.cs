using System.Buffers;
using System.Globalization;
using System.Text;
using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>Pieces of card markdown. The parameters are made harmless; what comes out may be joined with other markdown.</summary>
public static class CardMarkdown
{
    private static readonly SearchValues<char> Special = SearchValues.Create("&<>*~_`[]()#|\\!:-+=\"'$");

    private static readonly SearchValues<char> Breaking = SearchValues.Create(" \t\r\n<>'\"");

    /// <summary>
    /// Makes text of people harmless: nothing in it is bold, a link, a mention, a tag, a heading, a list or a table. It looks as it was typed. The platform
    /// takes HTML entities in card markdown, backslashes only in part; so each special character becomes an entity.
    /// </summary>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var first = text.AsSpan().IndexOfAny(Special);
        var hasDigitList = text.AsSpan().Contains('.');
        if (first < 0 && !hasDigitList) return text;
        var escaped = new StringBuilder(text.Length + 32);
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i];
            var listDot = unit == '.' && i > 0 && char.IsAsciiDigit(text[i - 1]) && (i + 1 == text.Length || char.IsWhiteSpace(text[i + 1]));
            if (listDot || Special.Contains(unit)) escaped.Append("&#").Append(((int)unit).ToString(CultureInfo.InvariantCulture)).Append(';');
            else escaped.Append(unit);
        }

        return escaped.ToString();
    }

    /// <summary>Mentions a person, who is told.</summary>
    /// <param name="userId">open_id, union_id or user_id.</param>
    public static string At(string userId) => $"<at id={Attribute(userId, "The person's id")}></at>";

    /// <summary>Mentions everybody in the chat; needs the chat's permission.</summary>
    public static string AtAll => "<at id=all></at>";

    /// <summary>Mentions a person by their address of mail.</summary>
    public static string AtEmail(string email) => $"<at email={Attribute(email, "The address")}></at>";

    /// <summary>A link.</summary>
    /// <exception cref="ArgumentException">The address is not complete, or has a scheme other than https, http, lark, feishu, applink.</exception>
    public static string Link(string text, string url) =>
        $"[{Escape(text)}]({Guard.Url(url, "The link").Replace("(", "%28", StringComparison.Ordinal).Replace(")", "%29", StringComparison.Ordinal)})";

    /// <summary>A coloured tag within text.</summary>
    public static string TextTag(string text, TagColor color) => $"<text_tag color='{WireNames<TagColor>.Of(color)}'>{Escape(text)}</text_tag>";

    /// <summary>Coloured text.</summary>
    public static string Colored(string text, CardColor color) => $"<font color='{Attribute(color.Name, "The colour")}'>{Escape(text)}</font>";

    /// <summary>A moment that each reader sees in their own time zone and language.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="format">date_num, date_short, date, week, week_long, time or time_sec; with several, separate calls.</param>
    public static string LocalDateTime(DateTimeOffset moment, string format = "date_num") =>
        $"<local_datetime millisecond='{moment.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}' format_type='{Attribute(format, "The format")}'></local_datetime>";

    /// <summary>Bold text.</summary>
    public static string Bold(string text) => $"**{Escape(text)}**";

    private static string Attribute(string value, string what)
    {
        Guard.NotEmpty(value, what);
        return !value.AsSpan().ContainsAny(Breaking) && value[0] != '=' ? value : throw new ArgumentException($"{what} \"{value}\" holds blanks, quotes or angle brackets; give it as the platform gave it.", nameof(value));
    }
}
