namespace Larkspur.DingTalk.WorkNotices;

/// <summary>A work notice that looks like a form (<c>oa</c>), with a status bar that can be changed for a week.</summary>
/// <remarks>Source: 02/0775.</remarks>
public sealed record OaNotice
{
    /// <summary>Where a click leads.</summary>
    public required Uri Url { get; init; }

    /// <summary>Where a click leads on a computer; null: to the same.</summary>
    public Uri? PcUrl { get; init; }

    /// <summary>Its title; 50 characters are shown well.</summary>
    public string? Title { get; init; }

    /// <summary>Its rows, at most 6.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Rows { get; init; } = [];

    /// <summary>A text of which three lines are shown.</summary>
    public string? Content { get; init; }

    /// <summary>One large number, and its unit.</summary>
    public (string Number, string Unit)? Figure { get; init; }

    /// <summary>A picture's media id.</summary>
    public string? Image { get; init; }

    /// <summary>Who it is from.</summary>
    public string? Author { get; init; }

    /// <summary>Colour of the head's text, <c>AARRGGBB</c>. The head's text itself is the app's name, whatever is sent.</summary>
    public string HeadColour { get; init; } = "FFBBBBBB";

    /// <summary>The status bar; then it goes to at most 5 userids and to no department. Null: none.</summary>
    public NoticeStatusBar? StatusBar { get; init; }

    internal object Wire()
    {
        ArgumentNullException.ThrowIfNull(Url);
        if (Rows.Count > 6) throw new ArgumentException("At most 6 rows are shown.");
        if (HeadColour.Length != 8 || !HeadColour.All(char.IsAsciiHexDigit)) throw new ArgumentException("A head's colour has 8 hexadecimal digits, alpha first.");
        return new
        {
            message_url = Url.AbsoluteUri, pc_message_url = PcUrl?.AbsoluteUri, head = new { bgcolor = HeadColour, text = Title ?? "" }, status_bar = StatusBar?.Wire(),
            body = new
            {
                title = Title, form = Rows.Count == 0 ? null : Rows.Select(static r => new { key = r.Key, value = r.Value }).ToArray(), rich = Figure is { } f ? new { num = f.Number, unit = f.Unit } : null,
                content = Content, image = Image, author = Author,
            },
        };
    }
}

/// <summary>What stands at the foot of an <c>oa</c> notice.</summary>
/// <param name="Value">What it says.</param>
/// <param name="Colour">Behind it, <c>RRGGBB</c>; null: black.</param>
public sealed record NoticeStatusBar(string Value, string? Colour = null)
{
    internal string? WireColour => Colour is null ? null
        : Colour.Length == 6 && Colour.All(char.IsAsciiHexDigit) ? "0xFF" + Colour.ToUpperInvariant() : throw new ArgumentException("A colour has 6 hexadecimal digits.");

    internal object Wire()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Value);
        return new { status_value = Value, status_bg = WireColour };
    }
}

/// <summary>How far the platform is with a notice.</summary>
/// <param name="Percent">0 to 100.</param>
/// <param name="IsDone">It is through; what became of it the result tells.</param>
public sealed record WorkNoticeProgress(int Percent, bool IsDone);
