using Larkspur.Gateway.Syncs.Looking;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Running;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Syncs.Tests;

/// <summary>What is written to take back a run from one row: absolute values, so that the same may be done twice.</summary>
public sealed class UndoneRowTests
{
    private static readonly RowMap Map = new([Field("no", true), Field("a", false), Field("b", false)]);

    [Fact]
    public void A_value_that_was_written_twice_becomes_the_first_one_again()
    {
        var undone = Of(Row("1", "c", "x"), Update("a", "b", "c"), Update("a", "a", "b"));
        Assert.True(undone.IsDone);
        Assert.Equal((WriteKind.Update, "a"), (undone.Write!.Kind, Assert.Single(undone.Write.Values).Value));
    }

    [Fact]
    public void What_somebody_changed_since_stays_and_the_rest_goes_back()
    {
        var undone = Of(Row("1", "mine", "new"), Update("b", "old", "new"), Update("a", "before", "after"));
        Assert.Equal(["a"], undone.Kept);
        Assert.Equal(KeyValuePair.Create(2, (string?)"old"), Assert.Single(undone.Write!.Values));
    }

    [Fact]
    public void Whoever_does_it_twice_writes_nothing_and_blames_nobody()
    {
        var again = Of(Row("1", "before", "old"), Update("b", "old", "new"), Update("a", "before", "after"));
        Assert.True(again is { IsDone: true, Write: null });
        Assert.True(Of(null, Update("a", "x", "y"), Created()) is { IsDone: true, Write: null });
        Assert.True(Of(Row("1", "x", "z"), Deleted()) is { IsDone: true, Write: null });
    }

    [Fact]
    public void A_row_that_the_run_made_goes_unless_somebody_filled_it_in()
    {
        Assert.Equal(WriteKind.Delete, Of(Row("1", "x", "z"), Created()).Write!.Kind);
        Assert.Equal(WriteKind.Delete, Of(Row("1", "y", "z"), Update("a", "x", "y"), Created()).Write!.Kind);
        Assert.True(Of(Row("1", "mine", "z"), Created()) is { IsDone: false, Write: null });
    }

    [Fact]
    public void A_row_that_the_run_deleted_comes_back_with_its_values()
    {
        var undone = Of(null, Deleted());
        Assert.Equal((WriteKind.Create, "1"), (undone.Write!.Kind, undone.Write.Id));
        Assert.Equal(["1", "x", "z"], undone.Write.Values.OrderBy(pair => pair.Key).Select(pair => pair.Value));
        // Deleted by somebody else: nothing of it comes back.
        Assert.True(Of(null, Update("a", "x", "y")) is { IsDone: false, Write: null });
    }

    private static UndoneRow Of(SideRow? has, params ChangeRow[] changes) => UndoneRow.Of(Map, SideName.Source, has, changes);

    private static SideRow Row(params string?[] values) => new("1", values);

    private static FieldMap Field(string name, bool isKey) =>
        new() { FieldId = name, Field = name, Column = name, Kind = ValueKind.Text, IsKey = isKey };

    private static ChangeRow Update(string field, string? before, string? after) => Change("update") with
    {
        Field = field, Before = before, After = after,
    };

    private static ChangeRow Created() => Change("create") with { After = Values() };

    private static ChangeRow Deleted() => Change("delete") with { Before = Values() };

    private static string Values() => ValuesJson.Of(new Dictionary<string, string?> { ["no"] = "1", ["a"] = "x", ["b"] = "z" });

    private static ChangeRow Change(string kind) => new() { Run = 1, RowId = 1, Key = "1", Side = SideName.Source, Kind = kind };
}
