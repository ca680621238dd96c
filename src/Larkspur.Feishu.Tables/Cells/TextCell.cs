namespace Larkspur.Feishu.Tables;

/// <summary>Text, also that of barcodes, e-mail addresses and automatic numbers. Compared by its characters alone.</summary>
/// <remarks>
/// Read as segments, which may be mentions of people or documents and links; written as one plain string. Line breaks are <c>\n</c> here,
/// however they came: a text that went through another system would else differ for ever. At most 100,000 characters (1254130).
/// </remarks>
public sealed class TextCell : CellValue
{
    /// <summary>Most characters that a cell takes.</summary>
    public const int MostCharacters = 100_000;

    /// <summary>Plain text.</summary>
    public TextCell(string text) : this([new TextSegment("text", text ?? throw new ArgumentNullException(nameof(text)))])
    {
    }

    /// <summary>Text of segments, as it was read.</summary>
    public TextCell(IReadOnlyList<TextSegment> segments)
    {
        ArgumentNullException.ThrowIfNull(segments);
        Segments = segments;
        Text = string.Concat(segments.Select(segment => segment.Text)).ReplaceLineEndings("\n");
    }

    /// <summary>All characters, segments joined.</summary>
    public string Text { get; }

    /// <summary>The parts as they were read; one of plain text when the shape had no parts.</summary>
    public IReadOnlyList<TextSegment> Segments { get; }

    /// <summary>
    /// Some of it is more than text: a mention or a link. Writing it back makes plain text of that, so such a cell is not written
    /// unless <see cref="TableWriteOptions.AllowMarkupLoss"/> says so.
    /// </summary>
    public bool HasMarkup => Segments.Any(segment => segment.Type != "text");

    /// <inheritdoc/>
    public override bool IsEmpty => Text.Length == 0;

    private protected override string Kind => "text";

    private protected override string Body => Text;
}

/// <summary>A part of a text.</summary>
/// <param name="Type"><c>text</c>, <c>url</c>, <c>mention</c>, or what the platform adds to them.</param>
/// <param name="Text">Its characters.</param>
/// <param name="Link">Where it leads, when it is a link.</param>
/// <param name="Token">Whom or what it mentions, when it is a mention.</param>
public sealed record TextSegment(string Type, string Text, string? Link = null, string? Token = null);
