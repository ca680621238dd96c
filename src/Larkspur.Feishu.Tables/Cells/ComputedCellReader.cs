using System.Text.Json;

namespace Larkspur.Feishu.Tables;

/// <summary>
/// Reads formulas and lookups: <c>{type, ui_type?, value: […]}</c> of a search, where scalars stand in a list, or the bare segments and
/// scalars of the old list, whose type the field itself may say.
/// </summary>
internal static class ComputedCellReader
{
    public static CellValue? Read(TableField field, JsonElement value)
    {
        var typed = value.ValueKind == JsonValueKind.Object && value.TryGetProperty("value", out _);
        var content = typed ? value.Member("value") : value;
        if (content.IsNothing()) return CellValue.Empty;
        var type = typed && value.Member("type").TryGet(out int number) ? (TableFieldType)number : field.ResultType ?? Guess(content);
        // What it came to has no options of its own, and links in it are as they are.
        var result = field with { Type = type, Options = [], UiType = value.TextOf("ui_type") };
        if (!typed && !Together(type) && Segments(content) is { } text) return OfText(type, result, text);
        return Together(type)
            ? CellReader.Read(type, result, content) is { } whole ? new ComputedCell([whole]) : null
            : Each(type, result, content);
    }

    /// <summary>The old list shows what is no text as text too. It is read as what the field says it is, where it can be.</summary>
    private static ComputedCell OfText(TableFieldType type, TableField result, string text) => new(
        [CellReader.Read(type, result, JsonSerializer.SerializeToElement(text)) ?? new TextCell(text)]);

    private static string? Segments(JsonElement content) =>
        content.ValueKind == JsonValueKind.Array && content.GetArrayLength() > 0 && content.Items().All(IsSegment)
            ? string.Concat(content.Items().Select(item => item.TextOf("text"))) : null;

    private static bool IsSegment(JsonElement item) => item.TextOf("type") is not null && item.TextOf("text") is not null;

    /// <summary>Types whose list is one value: segments, people, options.</summary>
    private static bool Together(TableFieldType type) => type is TableFieldType.Text or TableFieldType.AutoNumber
        or TableFieldType.MultiSelect
        or TableFieldType.User or TableFieldType.CreatedUser or TableFieldType.ModifiedUser or TableFieldType.GroupChat
            or TableFieldType.Attachment
        or TableFieldType.SingleLink or TableFieldType.DuplexLink;

    private static ComputedCell? Each(TableFieldType type, TableField result, JsonElement content)
    {
        var items = content.ValueKind == JsonValueKind.Array ? content.Items() : [content];
        var cells = items.Where(item => !item.IsNothing()).Select(item => CellReader.Read(type, result, item)).ToList();
        return cells.Contains(null) ? null : new(cells!);
    }

    private static TableFieldType Guess(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.Number => TableFieldType.Number,
        JsonValueKind.True or JsonValueKind.False => TableFieldType.Checkbox,
        JsonValueKind.Array when content.GetArrayLength() > 0 && content[0].ValueKind is not JsonValueKind.Object => Guess(content[0]),
        JsonValueKind.Array when content.GetArrayLength() > 0 && content[0].TextOf("file_token") is not null => TableFieldType.Attachment,
        JsonValueKind.Array when content.GetArrayLength() > 0 && content[0].TextOf("text") is null && content[0].TextOf("id") is not null
            => TableFieldType.User,
        _ => TableFieldType.Text,
    };
}
