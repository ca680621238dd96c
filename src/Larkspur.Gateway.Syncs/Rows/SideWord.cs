using Larkspur.Gateway.Syncs.Mapping;

namespace Larkspur.Gateway.Syncs.Rows;

/// <summary>A side as rows and answers name it.</summary>
internal readonly record struct SideWord(SideName Side)
{
    public const string Table = "table";
    public const string Source = "source";

    public static SideWord Of(string word) => new(word == Table ? SideName.Table : SideName.Source);

    public override string ToString() => Side == SideName.Table ? Table : Source;

    public static implicit operator SideWord(SideName side) => new(side);

    public static implicit operator SideName(SideWord word) => word.Side;
}
