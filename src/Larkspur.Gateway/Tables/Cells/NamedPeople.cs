using System.Text.Json;
using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.People;

namespace Larkspur.Gateway.Tables.Cells;

/// <summary>People as values name them, and who they are. Made by <see cref="PeopleLookup"/>.</summary>
/// <param name="found">The <c>open_id</c> of each that was looked up; null: it is nobody's, or several people's.</param>
internal sealed class NamedPeople(IReadOnlyDictionary<PersonName, string?> found)
{
    public static NamedPeople None { get; } = new(new Dictionary<PersonName, string?>());

    /// <summary>The people of a value: a list of them, or one.</summary>
    public (IReadOnlyList<string> OpenIds, CellFault? Fault) Find(TableField field, JsonElement value)
    {
        if (NamesIn(value) is not { } names) return ([], CellFault.WrongType(field));
        var ids = new List<string>();
        foreach (var name in names)
        {
            if (name.Kind == PersonName.OpenId) ids.Add(name.Value);
            else if (found.GetValueOrDefault(name) is { } id) ids.Add(id);
            else return ([], new CellFault("unknown_person", TablesTexts.UnknownPerson(JsonFields.Shown(name.Value))));
        }

        return (ids, null);
    }

    /// <summary>The names in a value; null: it is no list of people.</summary>
    public static IReadOnlyList<PersonName>? NamesIn(JsonElement value)
    {
        var all = (value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : Enumerable.Repeat(value, 1)).Select(PersonName.Read)
            .ToList();
        return all.Contains(null) ? null : [.. all.OfType<PersonName>()];
    }
}
