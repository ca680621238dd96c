using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Syncs.Tests.Sources;

/// <summary>A company's database of one kind, with the tables that the suite asks about. A new kind brings one of these.</summary>
internal abstract class SourceFixture : IAsyncDisposable
{
    /// <summary>
    /// Tables in its own dialect: <c>items</c> (id text key, title, amount, done, at, day, kind, tags, note not null, size integer not null
    /// default 7, doubled computed as size * 2, changed, deleted) and <c>pairs</c> (a text, b integer, v text; key a, b).
    /// </summary>
    public abstract SourceConnection Connection { get; }

    public abstract ISourceKind Kind { get; }

    /// <summary>What another program of the company's does.</summary>
    public abstract Task ExecuteAsync(string sql);

    /// <summary>What stands there, as the database writes it as text.</summary>
    public abstract Task<string?> ScalarAsync(string sql);

    public abstract ValueTask DisposeAsync();

    public static SyncSpec Items(Func<SyncSpec, SyncSpec>? change = null)
    {
        var spec = new SyncSpec
        {
            Table = new("base", "tbl"), Source = new("erp", "items"), Key = ["id"],
            Fields = [.. ItemKinds.Keys.Select(column => new FieldSpec { Field = column, Column = column })],
        };
        return change?.Invoke(spec) ?? spec;
    }

    public static SyncSpec Pairs() => new()
    {
        Table = new("base", "tbl"), Source = new("erp", "pairs"), Key = ["a", "b"],
        Fields = [.. PairKinds.Keys.Select(column => new FieldSpec { Field = column, Column = column })],
    };

    public static SyncSpec Marked() => Items(spec => spec with
    {
        Deletes = new() { InSource = DeletionRule.Mark, MarkColumn = "deleted" }, ChangedColumn = "changed",
    });

    /// <summary>Opens a table with a map that takes its columns as the suite does.</summary>
    public async Task<ISide> OpenAsync(SyncSpec spec, long sync = 1)
    {
        var side = await Kind.OpenAsync(Connection, sync, spec, TestContext.Current.CancellationToken);
        side.Use(Map(spec));
        return side;
    }

    public static RowMap Map(SyncSpec spec) => new([.. spec.Fields.Select(field => new FieldMap
    {
        FieldId = "fld_" + field.Field, Field = field.Field, Column = field.Column, IsKey = spec.Key.Contains(field.Column),
        Kind = field.As is { } word ? Enum.Parse<ValueKind>(word, true)
            : (spec.Source.Table == "pairs" ? PairKinds : ItemKinds)[field.Column],
    })]);

    public static readonly Dictionary<string, ValueKind> ItemKinds = new()
    {
        ["id"] = ValueKind.Text, ["title"] = ValueKind.Text, ["amount"] = ValueKind.Number, ["done"] = ValueKind.Boolean,
        ["at"] = ValueKind.Instant, ["day"] = ValueKind.Date, ["kind"] = ValueKind.Choice, ["tags"] = ValueKind.Choices,
        ["note"] = ValueKind.Text, ["size"] = ValueKind.Number, ["doubled"] = ValueKind.Number,
    };

    public static readonly Dictionary<string, ValueKind> PairKinds = new()
    {
        ["a"] = ValueKind.Text, ["b"] = ValueKind.Number, ["v"] = ValueKind.Text,
    };

    public static int Place(string column) => ItemKinds.Keys.ToList().IndexOf(column);

    public static SideWrite Create(string key, params (string Column, string? Value)[] values) => new(WriteKind.Create, key,
        values.GroupBy(pair => Place(pair.Column)).ToDictionary(group => group.Key, group => group.Last().Value), null);

    public static SideWrite Update(SideRow read, params (string Column, string? Value)[] values) => new(WriteKind.Update, read.Id,
        values.ToDictionary(pair => Place(pair.Column), pair => pair.Value), read);

    public static SideWrite Delete(SideRow read) => new(WriteKind.Delete, read.Id, new Dictionary<int, string?>(), read);
}
