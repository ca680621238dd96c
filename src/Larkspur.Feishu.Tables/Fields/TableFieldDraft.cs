using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Tables;

/// <summary>A field that is to be made.</summary>
/// <param name="Name">Its name; no other field of the table has it.</param>
/// <param name="Type">Its type.</param>
public sealed record TableFieldDraft(string Name, TableFieldType Type)
{
    /// <summary>
    /// How it is shown: <c>Email</c>, <c>Barcode</c>, <c>Currency</c>, <c>Progress</c>, <c>Rating</c>; null: as its type is.
    /// </summary>
    public string? UiType { get; init; }

    /// <summary>What people are told of it.</summary>
    public string? Description { get; init; }

    /// <summary>Options of a select, each name once, at most 20,000.</summary>
    public IReadOnlyList<TableOption> Options { get; init; } = [];

    /// <summary>How numbers are shown: <c>0</c>, <c>0.00</c>, <c>1,000.00</c>, <c>0.00%</c>, …; what they are does not change.</summary>
    public string? Formatter { get; init; }

    /// <summary>How dates are shown: <c>yyyy/MM/dd</c>, <c>yyyy-MM-dd HH:mm</c>, …</summary>
    public string? DateFormatter { get; init; }

    /// <summary>Of an amount of money: one of the platform's 25 codes.</summary>
    public string? CurrencyCode { get; init; }

    /// <summary>Of people, chats and links: more than one may be in a cell.</summary>
    public bool? Multiple { get; init; }

    /// <summary>Of links: the table they lead to.</summary>
    public string? LinkedTableId { get; init; }

    /// <summary>Of duplex links: what the field in the other table is called.</summary>
    public string? BackFieldName { get; init; }

    /// <summary>Of formulas: the expression.</summary>
    public string? Formula { get; init; }

    /// <exception cref="TableFieldException">The platform would refuse it.</exception>
    internal JsonObject ToJson()
    {
        if (string.IsNullOrWhiteSpace(Name)) throw new TableFieldException("A field has a name.");
        if (Type is TableFieldType.Stage or TableFieldType.Button)
            throw new TableFieldException($"A field of type {Type} cannot be made by API.");
        string[] names = [.. Options.Select(option => option.Name)];
        FieldOptions.Check(names, names);
        var property = new JsonObject();
        if (Options.Count > 0) property["options"] = new JsonArray([.. Options.Select(FieldOptions.Json)]);
        Add(property, "formatter", Formatter);
        Add(property, "date_formatter", DateFormatter);
        Add(property, "currency_code", CurrencyCode);
        Add(property, "table_id", LinkedTableId);
        Add(property, "back_field_name", BackFieldName);
        Add(property, "formula_expression", Formula);
        if (Multiple is { } multiple) property["multiple"] = multiple;
        var body = new JsonObject { ["field_name"] = Name, ["type"] = (int)Type };
        Add(body, "ui_type", UiType);
        if (Description is not null) body["description"] = new JsonObject { ["text"] = Description };
        if (property.Count > 0) body["property"] = property;
        return body;
    }

    private static void Add(JsonObject json, string name, string? value)
    {
        if (value is not null) json[name] = value;
    }
}
