using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Tables;

/// <summary>What is changed of a field; what is not named stays.</summary>
public sealed record TableFieldChange
{
    /// <summary>Another name. Records are keyed by names, so whoever knows the old one must learn it.</summary>
    public string? Name { get; init; }

    /// <summary>Another text for people.</summary>
    public string? Description { get; init; }

    /// <summary>Options to be added. One whose name the field has already is left as it is.</summary>
    public IReadOnlyList<TableOption> AddedOptions { get; init; } = [];

    /// <summary>New names of options, by their ids. Cells keep the option, and are read by the new name.</summary>
    public IReadOnlyDictionary<string, string> RenamedOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>Options to be dropped, by their ids: cells that have them become empty.</summary>
    public IReadOnlyList<string> DroppedOptions { get; init; } = [];

    /// <summary>
    /// All options in their new order, merged by id; null: as they are. One of the field's that is neither here nor in
    /// <see cref="DroppedOptions"/> is an exception.
    /// </summary>
    public IReadOnlyList<TableOption>? Options { get; init; }

    /// <summary>How numbers are shown.</summary>
    public string? Formatter { get; init; }

    /// <summary>How dates are shown.</summary>
    public string? DateFormatter { get; init; }

    /// <exception cref="TableFieldException">Options would be lost, or named wrongly.</exception>
    internal JsonObject ToJson(TableField field)
    {
        var property = field.Property.ValueKind == JsonValueKind.Object ? JsonNode.Parse(field.Property.GetRawText())!.AsObject() : [];
        if (field.Type is TableFieldType.SingleSelect or TableFieldType.MultiSelect)
            property["options"] = new JsonArray([.. Merged(field).Select(FieldOptions.Json)]);
        else if (AddedOptions.Count + RenamedOptions.Count + DroppedOptions.Count > 0 || Options is not null)
            throw new TableFieldException($"Field \"{field.Name}\" is of type {field.Type} and has no options.");
        if (Formatter is not null) property["formatter"] = Formatter;
        if (DateFormatter is not null) property["date_formatter"] = DateFormatter;
        var body = new JsonObject { ["field_name"] = Name ?? field.Name, ["type"] = (int)field.Type };
        if (field.UiType is not null) body["ui_type"] = field.UiType;
        if ((Description ?? field.Description) is { } description) body["description"] = new JsonObject { ["text"] = description };
        if (property.Count > 0) body["property"] = property;
        return body;
    }

    private List<TableOption> Merged(TableField field)
    {
        var known = field.Options.DistinctBy(option => option.Id ?? option.Name, StringComparer.Ordinal)
            .ToDictionary(option => option.Id ?? option.Name, StringComparer.Ordinal);
        if (RenamedOptions.Keys.Concat(DroppedOptions).FirstOrDefault(id => !known.ContainsKey(id)) is { } stranger)
            throw new TableFieldException($"Field \"{field.Name}\" has no option {stranger}.");
        var wanted = (Options ?? field.Options).Where(option => option.Id is null
            || !DroppedOptions.Contains(option.Id)).Select(Whole).ToList();
        var lost = field.Options.Where(option => !DroppedOptions.Contains(option.Id)
            && wanted.All(other => other.Id != option.Id)).ToList();
        if (lost.Count > 0)
        {
            var names = string.Join(", ", lost.Select(option => $"{option.Name} ({option.Id})"));
            throw new TableFieldException(
                $"Cells of field \"{field.Name}\" would lose options: {names}. Name them in DroppedOptions if that is meant.");
        }

        foreach (var added in AddedOptions)
        {
            if (wanted.All(option => option.Name != added.Name)) wanted.Add(added with { Id = null });
        }

        FieldOptions.Check(
            [.. wanted.Select(option => option.Name)],
            wanted.Where(option => option.Id is null || known[option.Id].Name != option.Name).Select(option => option.Name));
        return wanted;

        // By its id, or by its name where it comes without one; colours that are not named stay.
        TableOption Whole(TableOption option)
        {
            var old = option.Id is { } id
                ? known.GetValueOrDefault(id) ?? throw new TableFieldException($"Field \"{field.Name}\" has no option {id}.")
                : field.Options.FirstOrDefault(other => other.Name == option.Name);
            return old is null ? option
                : new(old.Id, RenamedOptions.GetValueOrDefault(old.Id ?? "") ?? option.Name, option.Color ?? old.Color);
        }
    }
}
