using System.Collections.Immutable;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables.Cells;

/// <summary>The options that the cells of one write name: a name that no option has makes one.</summary>
/// <remarks>
/// What a field's names are is kept from row to row: looked up anew in each of a thousand rows, long lists would hold up everybody.
/// </remarks>
internal sealed class OptionNames(TableEdit edit, string tableId)
{
    private const int MostOptions = 20_000;

    private readonly Dictionary<string, (ImmutableArray<SelectOption> Of, Dictionary<string, string> Ids)> _known =
        new(StringComparer.Ordinal);

    /// <summary>The ids for one cell; the same new name twice in it makes two options.</summary>
    /// <returns>Null: the cell is empty.</returns>
    /// <param name="full">The refusal when the field has no room for more.</param>
    public IdsCell? Cell(TableField field, IReadOnlyList<string> names, Func<Exception> full)
    {
        var now = edit.Table(tableId).Field(field.FieldId)!;
        var known = Known(now);
        var (ids, told, made) = (ImmutableArray.CreateBuilder<string>(), new HashSet<string>(StringComparer.Ordinal),
            new List<SelectOption>());
        foreach (var name in names)
        {
            if (name.Length == 0) continue;
            if (!known.TryGetValue(name, out var id))
            {
                var place = now.Options.Length + made.Count;
                if (place >= MostOptions) throw full();
                id = edit.NewId("opt", 12);
                made.Add(new SelectOption(id, name, place % 55));
            }

            if (told.Add(id)) ids.Add(id);
        }

        if (made.Count > 0) Put(now, known, made);
        return ids.Count == 0 ? null : new IdsCell(ids.ToImmutable());
    }

    private Dictionary<string, string> Known(TableField field)
    {
        if (_known.TryGetValue(field.FieldId, out var kept) && kept.Of == field.Options) return kept.Ids;
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in field.Options) ids.TryAdd(option.Name, option.Id);
        _known[field.FieldId] = (field.Options, ids);
        return ids;
    }

    private void Put(TableField field, Dictionary<string, string> known, List<SelectOption> made)
    {
        var options = field.Options.AddRange(made);
        foreach (var option in made) known.TryAdd(option.Name, option.Id);
        edit.Put(tableId, field with { Options = options });
        _known[field.FieldId] = (options, known);
    }
}
