using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Syncs.Tests.Model;

/// <summary>The fields of the model: one of each way in which values go and meet.</summary>
internal static class ModelFields
{
    public const int Key = 0;
    public const int Asked = 1;
    public const int SourceWins = 2;
    public const int Tags = 3;
    public const int OfSource = 4;
    public const int OfTable = 5;

    public static readonly string[] Columns = ["k", "asked", "source_wins", "tags", "of_source", "of_table"];

    public static SyncSpec Spec(NewKeys newKeys = NewKeys.Wait, DeletionRule inSource = DeletionRule.Delete) => new()
    {
        Table = new("base", "table"), Source = new("source", "rows"), Key = ["k"], NewKeys = newKeys,
        Deletes = new() { InSource = inSource, After = TimeSpan.FromMinutes(10), Most = 1000 },
        Fields =
        [
            new() { Field = "f0", Column = "k" },
            new() { Field = "f1", Column = "asked" },
            new() { Field = "f2", Column = "source_wins", Conflict = ConflictPolicy.Source },
            new() { Field = "f3", Column = "tags" },
            new() { Field = "f4", Column = "of_source", Direction = Flow.ToTable },
            new() { Field = "f5", Column = "of_table", Direction = Flow.ToSource },
        ],
    };

    public static SideShape TableShape(IReadOnlySet<int> gone, string rights, int renames) => new(
        [.. Enumerable.Range(0, Columns.Length).Where(i => !gone.Contains(i)).Select(i => new SideColumn($"f{i}",
            renames == 0 ? $"f{i}" : $"renamed{i}-{renames}", Kind(i).Word(), [Kind(i)]))], rights);

    public static SideShape SourceShape() => new([.. Columns.Select((name, i) => new SideColumn(name, name, Kind(i).Word(), [Kind(i)]))]);

    private static ValueKind Kind(int field) => field == Tags ? ValueKind.Choices : ValueKind.Text;
}
