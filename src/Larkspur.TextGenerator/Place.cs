namespace Larkspur.TextGenerator;

/// <summary>A place in a file; lines and columns from zero, as the compiler counts.</summary>
internal readonly struct Place
{
    public Place(int at, int line, int column)
    {
        At = at;
        Line = line;
        Column = column;
    }

    public int At { get; }

    public int Line { get; }

    public int Column { get; }
}
