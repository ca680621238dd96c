using System.Collections.Immutable;

namespace Larkspur.Emulator.State.Tables;

/// <summary>
/// What stands in a cell, in the one form that is compared; an empty cell is none. Source:
/// bitable-v1/app-table-record/record-data-structure.
/// </summary>
public abstract record Cell
{
    /// <summary>How much of the emulator's memory it counts for, in characters.</summary>
    public virtual long Weight => 16;
}

/// <summary>Text, e-mail address, barcode or telephone number.</summary>
public sealed record TextCell(string Text) : Cell
{
    public override long Weight => 16 + Text.Length;
}

/// <summary>Number, amount, progress or rating: a double, as on the platform.</summary>
public sealed record NumberCell(double Number) : Cell;

/// <summary>An instant in unix milliseconds.</summary>
public sealed record TimeCell(long Millis) : Cell;

public sealed record FlagCell(bool On) : Cell;

public sealed record UrlCell(string Link, string Text) : Cell
{
    public override long Weight => 16 + Link.Length + Text.Length;
}

/// <summary>A place by its coordinates; no names of places are known here.</summary>
public sealed record PlaceCell(string Longitude, string Latitude) : Cell
{
    public string Location => Longitude + "," + Latitude;
}

/// <summary>Ids of options, people (<c>user_id</c>), groups, records or files, by the field's type; never empty.</summary>
public sealed record IdsCell(ImmutableArray<string> Ids) : Cell
{
    /// <summary>So many records a cell links, not more.</summary>
    public const int MostLinks = 500;

    public override long Weight => 16 + Ids.Sum(static i => (long)i.Length);

    public bool Equals(IdsCell? other) => other is not null && Ids.SequenceEqual(other.Ids, StringComparer.Ordinal);

    public override int GetHashCode() => Ids.Length == 0 ? 0 : StringComparer.Ordinal.GetHashCode(Ids[0]) ^ Ids.Length;
}
