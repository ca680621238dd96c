using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Approvals;

/// <summary>Where the reading of a period goes on.</summary>
/// <param name="From">Begin of the platform's window that is read.</param>
/// <param name="Until">End of the whole period: it was "now" when the reading began, and does not move with it.</param>
/// <param name="Page">The platform's next page of the window; null: its first.</param>
internal sealed record InstanceCursor(DateTimeOffset From, DateTimeOffset Until, string? Page)
{
    private const int LongestText = 1000;

    /// <summary>As a caller gets it and brings it back.</summary>
    public string Text => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{From.ToUnixTimeMilliseconds()} {Until.ToUnixTimeMilliseconds()} {Page}")));

    /// <summary>Reads one that this route gave.</summary>
    /// <param name="text">As it was brought back.</param>
    /// <param name="since">The period's begin, which the request repeats.</param>
    /// <param name="longest">Longest period.</param>
    /// <exception cref="RequestRefusedException">It is none, or of another period.</exception>
    public static InstanceCursor Parse(string text, DateTimeOffset since, TimeSpan longest)
    {
        if (text.Length <= LongestText && Base64Url.IsValid(text)
            && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(' ', 3) is [var from, var until, var page]
            && TimeOf(from) is { } begin && TimeOf(until) is { } end && begin <= end && begin.AddMilliseconds(1) > since && end - since <= longest && !page.Any(char.IsControl))
            return new InstanceCursor(begin, end, page.Length > 0 ? page : null);
        throw RequestRefusedException.Malformed("bad_cursor", "?cursor", "The cursor is none that this period's list gave: begin without one.");
    }

    private static DateTimeOffset? TimeOf(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
}
