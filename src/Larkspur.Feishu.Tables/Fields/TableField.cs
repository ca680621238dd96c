using System.Text.Json;

namespace Larkspur.Feishu.Tables;

/// <summary>A field (column) of a table, as the field list says it. Source: bitable-v1 app-table-field/list, field guide.</summary>
public sealed record TableField
{
    private const int JustText = 1;

    /// <summary><c>fld…</c>; it stays when the field is renamed. Events and filters of views use it.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, spaces and line breaks included, which the page hides: records are keyed by it.</summary>
    public required string Name { get; init; }

    /// <summary>Its type.</summary>
    public required TableFieldType Type { get; init; }

    /// <summary>
    /// How it is shown: <c>Text</c>, <c>Email</c>, <c>Barcode</c>, <c>Currency</c>, <c>Progress</c>, …; null when not said.
    /// </summary>
    public string? UiType { get; init; }

    /// <summary>The first field, which cannot be deleted or hidden.</summary>
    public bool IsPrimary { get; init; }

    /// <summary>The view that was asked for does not show it.</summary>
    public bool IsHidden { get; init; }

    /// <summary>What people are told of it.</summary>
    public string? Description { get; init; }

    /// <summary>Options of a select.</summary>
    public IReadOnlyList<TableOption> Options { get; init; } = [];

    /// <summary>Of people, chats and links: more than one may be in a cell; null when not said.</summary>
    public bool? Multiple { get; init; }

    /// <summary>Of links: the table they lead to.</summary>
    public string? LinkedTableId { get; init; }

    /// <summary>Of formulas and lookups: the type of what they come to, when the field says so.</summary>
    public TableFieldType? ResultType { get; init; }

    /// <summary>The platform's <c>property</c>, whole; undefined when the field has none.</summary>
    public JsonElement Property { get; init; }

    /// <summary>Values are computed or kept by the platform: writing one is refused before any call.</summary>
    public bool IsReadOnly => Type is TableFieldType.Lookup or TableFieldType.Formula or TableFieldType.Stage or TableFieldType.Button
        or >= TableFieldType.CreatedTime and <= TableFieldType.AutoNumber || !Enum.IsDefined(Type);

    /// <summary>Text that is a link by its type (an e-mail address), so that writing it back loses nothing.</summary>
    internal bool LinksByItself => Type == TableFieldType.Text && UiType is "Email" or "Barcode";

    /// <summary>Reads one from the field list, a write's answer, or a field event.</summary>
    public static TableField Read(JsonElement json)
    {
        var property = Member(json, "property");
        var description = Member(json, "description");
        var type = (TableFieldType)(Member(json, "type").TryGet(out int number) ? number : JustText);
        return new()
        {
            Id = Text(json, "field_id") ?? Text(json, "id") ?? "",
            Name = Text(json, "field_name") ?? Text(json, "name") ?? "",
            Type = type,
            UiType = Text(json, "ui_type"),
            IsPrimary = Member(json, "is_primary").ValueKind == JsonValueKind.True,
            IsHidden = Member(json, "is_hidden").ValueKind == JsonValueKind.True,
            Description = description.ValueKind == JsonValueKind.String ? description.GetString() : Text(description, "text"),
            Options = [.. Member(property, "options").Items().Where(_ => type is TableFieldType.SingleSelect or TableFieldType.MultiSelect)
                .Select(option => new TableOption(Text(option, "id"), Text(option, "name") ?? "", Number(option, "color")))],
            Multiple = Member(property, "multiple").ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => null,
            },
            LinkedTableId = Text(property, "table_id"),
            ResultType = Number(Member(property, "type"), "data_type") is { } result and > 0 ? (TableFieldType)result : null,
            Property = property,
        };
    }

    private static JsonElement Member(JsonElement json, string name) => json.Member(name);

    private static string? Text(JsonElement json, string name) => json.Member(name) is { ValueKind: JsonValueKind.String } text
        ? text.GetString() : null;

    private static int? Number(JsonElement json, string name) => json.Member(name).TryGet(out int number) ? number : null;
}

/// <summary>An option of a select field.</summary>
/// <param name="Id"><c>opt…</c>; null for one that is yet to be made.</param>
/// <param name="Name">Its name, by which cells are written.</param>
/// <param name="Color">0 to 54, or null.</param>
public sealed record TableOption(string? Id, string Name, int? Color = null);
