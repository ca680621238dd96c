using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Syncs.Mapping;

/// <summary>
/// Finds the fields and columns of a spec on both sides, and what their values are. A field that is gone, or of another type than it was,
/// is
/// paused; a renamed one is followed by its id.
/// </summary>
internal static class MapResolver
{
    /// <param name="spec">What was asked for.</param>
    /// <param name="table">The table as it is.</param>
    /// <param name="source">The source as it is.</param>
    /// <param name="before">As it was found before; null: it is looked at for the first time.</param>
    public static ResolvedMap Of(SyncSpec spec, SideShape table, SideShape source, StoredMap? before)
    {
        var problems = new List<MapProblem>();
        var fields = new List<FieldMap>();
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < spec.Fields.Count; i++)
        {
            var asked = spec.Fields[i];
            // Of a field that was found before the id counts: people rename.
            var known = before?.Fields.FirstOrDefault(field => field.Column == asked.Column && (field.Field == asked.Field
                || field.FieldId == asked.Field || table.Columns.All(column => column.Name != asked.Field)));
            var field = table.Columns.FirstOrDefault(column => column.Id == (known?.FieldId ?? asked.Field))
                ?? (known is null ? table.Columns.FirstOrDefault(column => column.Name == asked.Field) : null);
            var column = source.Columns.FirstOrDefault(column => column.Name == asked.Column);
            if (known is not null) fields.Add(Again(known, field, column, before!, types));
            else if (field is null) problems.Add(new(i, "field", MapProblem.NoField, asked.Field, [.. table.Columns.Select(c => c.Name)]));
            else if (column is null) problems.Add(new(i, "column", MapProblem.NoColumn, asked.Column,
                [.. source.Columns.Select(c => c.Name)]));
            else if (First(spec, i, field, column, problems) is { } found) fields.Add(Noted(found, field, column, types));
        }

        foreach (var key in spec.Key.Where(key => spec.Fields.All(field => field.Column != key)))
            problems.Add(new(null, "key", MapProblem.KeyNotMapped, key, [.. spec.Fields.Select(field => field.Column)]));
        foreach (var twice in spec.Fields.GroupBy(field => field.Column, StringComparer.Ordinal).Where(group => group.Count() > 1))
            problems.Add(new(null, "fields", MapProblem.MappedTwice, twice.Key, []));
        foreach (var twice in fields.GroupBy(field => field.FieldId, StringComparer.Ordinal).Where(group => group.Count() > 1))
            problems.Add(new(null, "fields", MapProblem.MappedTwice, twice.First().Field, []));
        return new(new(fields), new(fields, types), problems);
    }

    private static FieldMap? First(SyncSpec spec, int i, SideColumn field, SideColumn column, List<MapProblem> problems)
    {
        var asked = spec.Fields[i];
        var flow = asked.Direction ?? spec.Direction;
        if (field.IsReadOnly && column.IsReadOnly) return Problem(MapProblem.NeitherIsWritten, "field");
        var shared = field.Kinds.Where(column.Kinds.Contains).ToList();
        if (asked.As is { } word)
        {
            if (!Enum.TryParse<ValueKind>(word, true, out var wish) || !shared.Contains(wish))
                return Problem(MapProblem.NoSuchKind, "as", [.. shared.Select(kind => kind.Word())]);
            shared = [wish];
        }

        if (shared.Count == 0) return Problem(MapProblem.TypesDiffer, "column", [field.Type, column.Type]);
        var isKey = spec.Key.Contains(asked.Column);
        if (isKey && shared[0] is not (ValueKind.Text or ValueKind.Number or ValueKind.Date or ValueKind.Choice))
            return Problem(MapProblem.NoKey, "column", [shared[0].Word()]);
        // What one side computes by itself can only come from it.
        if (field.IsReadOnly && flow == Flow.ToTable) return Problem(MapProblem.NotWritten, "field");
        if (column.IsReadOnly && flow == Flow.ToSource) return Problem(MapProblem.NotWritten, "column");
        if (field.IsReadOnly) flow = Flow.ToSource;
        if (column.IsReadOnly && !isKey) flow = Flow.ToTable;
        return new()
        {
            FieldId = field.Id, Field = field.Name, Column = column.Name, Kind = shared[0], Flow = flow,
            Policy = asked.Conflict ?? spec.Conflict, IsKey = isKey, IsComputedInTable = field.IsReadOnly,
            IsComputedInSource = column.IsReadOnly,
        };

        FieldMap? Problem(string word, string member, string[]? among = null)
        {
            problems.Add(new(i, member, word, member == "column" ? asked.Column : asked.Field, among ?? []));
            return null;
        }
    }

    private static FieldMap Noted(FieldMap map, SideColumn field, SideColumn column, Dictionary<string, string> types)
    {
        types["field:" + field.Id] = field.Type;
        types["column:" + column.Name] = column.Type;
        return map;
    }

    private static FieldMap Again(FieldMap known, SideColumn? field, SideColumn? column, StoredMap before, Dictionary<string, string> types)
    {
        foreach (var key in (string[])["field:" + known.FieldId, "column:" + known.Column])
            if (before.Types.TryGetValue(key, out var type)) types[key] = type;
        if (field is null) return known with { Paused = Problems.FieldGone };
        if (column is null) return known with { Paused = Problems.ColumnGone, Field = field.Name };
        // Another type is another meaning: nothing is converted that nobody asked for.
        var isSame = field.Kinds.Contains(known.Kind) && column.Kinds.Contains(known.Kind);
        if (isSame) Noted(known, field, column, types);
        return known with { Field = field.Name, Paused = isSame ? null : Problems.TypeChanged };
    }
}

/// <summary>The fields of a sync as they are, and what is wrong with them.</summary>
internal sealed record ResolvedMap(RowMap Map, StoredMap Stored, IReadOnlyList<MapProblem> Problems)
{
    /// <summary>Without its key nothing can be told apart.</summary>
    public bool IsKeyPaused => Map.Fields.Any(map => map is { IsKey: true, Paused: not null });
}

/// <summary>Something of a mapping that cannot be.</summary>
/// <param name="Field">The place of the field in the spec; null: of the whole.</param>
/// <param name="Member">Which member is meant.</param>
/// <param name="Word">What is wrong.</param>
/// <param name="Given">What was given.</param>
/// <param name="Among">What there is.</param>
internal sealed record MapProblem(int? Field, string Member, string Word, string Given, IReadOnlyList<string> Among)
{
    public const string NoField = "no_field";
    public const string NoColumn = "no_column";
    public const string KeyNotMapped = "key_not_mapped";
    public const string MappedTwice = "mapped_twice";
    public const string NeitherIsWritten = "neither_is_written";
    public const string NotWritten = "not_written";
    public const string NoSuchKind = "no_such_kind";
    public const string TypesDiffer = "types_differ";
    public const string NoKey = "no_key";
}
