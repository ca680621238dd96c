namespace Larkspur.Gateway.Documents;

/// <summary>The platform's numbers of blocks that are read or written.</summary>
internal static class BlockType
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
    public const int Bitable = 18;
    public const int Callout = 19;
    public const int Divider = 22;
    public const int File = 23;
    public const int Image = 27;
    public const int Sheet = 30;
    public const int Table = 31;
    public const int TableCell = 32;
    public const int QuoteContainer = 34;
    public const int Board = 43;
}
