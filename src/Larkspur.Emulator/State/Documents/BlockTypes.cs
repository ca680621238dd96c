namespace Larkspur.Emulator.State.Documents;

/// <summary>The block types that are played, by their number on the wire.</summary>
public static class BlockTypes
{
    public const int Page = 1;
    public const int Text = 2;
    public const int Heading1 = 3;
    public const int Heading9 = 11;
    public const int Bullet = 12;
    public const int Ordered = 13;
    public const int Code = 14;
    public const int Quote = 15;
    public const int Todo = 17;
    public const int Callout = 19;
    public const int Divider = 22;
    public const int Table = 31;
    public const int TableCell = 32;
    public const int QuoteContainer = 34;

    private static readonly Dictionary<int, string> Members = new()
    {
        [Page] = "page", [Text] = "text", [Bullet] = "bullet", [Ordered] = "ordered", [Code] = "code", [Quote] = "quote", [Todo] = "todo", [Callout] = "callout",
        [Divider] = "divider", [Table] = "table", [TableCell] = "table_cell", [QuoteContainer] = "quote_container",
    };

    /// <summary>The member that holds a block's content; null: a type that is not played.</summary>
    public static string? Member(int type) => type is >= Heading1 and <= Heading9 ? $"heading{type - Heading1 + 1}" : Members.GetValueOrDefault(type);

    /// <summary>Its content is a line of text elements.</summary>
    public static bool HasText(int type) => type is Page or Text or Bullet or Ordered or Code or Quote or Todo or (>= Heading1 and <= Heading9);

    public static bool MayHaveChildren(int type) =>
        type is Page or Text or Bullet or Ordered or Todo or Callout or TableCell or QuoteContainer or (>= Heading1 and <= Heading9);

    /// <summary>What may stand under what, where the platform restricts it.</summary>
    public static bool MayStandUnder(int child, int parent) => parent switch
    {
        Table => child == TableCell,
        TableCell => child is not (Table or TableCell or Page),
        Callout => child is Text or Bullet or Ordered or Todo or Quote or QuoteContainer or (>= Heading1 and <= Heading9),
        _ => child is not (TableCell or Page),
    };
}
