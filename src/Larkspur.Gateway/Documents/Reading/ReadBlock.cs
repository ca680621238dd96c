using System.Text.Json;

namespace Larkspur.Gateway.Documents.Reading;

/// <summary>What is kept of a block that was read.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">The platform's number.</param>
/// <param name="Text">Its line as Markdown; the code itself for a code block.</param>
/// <param name="Detail">Language of code, columns of a table, 1 for a task that is done.</param>
/// <param name="Children">Blocks under it.</param>
internal sealed record ReadBlock(string Id, int Type, string Text, int Detail, IReadOnlyList<string> Children)
{
    /// <summary>Members that hold a line of text, by block type.</summary>
    private static readonly Dictionary<int, string> Lines = new()
    {
        [BlockType.Page] = "page", [BlockType.Text] = "text", [BlockType.Bullet] = "bullet", [BlockType.Ordered] = "ordered", [BlockType.Code] = "code", [BlockType.Quote] = "quote",
        [BlockType.Todo] = "todo",
    };

    /// <summary>Reads a block of the platform's; null: it has no id.</summary>
    public static ReadBlock? Of(JsonElement block)
    {
        if (block.ValueKind != JsonValueKind.Object || Value(block, "block_id")?.GetString() is not { Length: > 0 } id) return null;
        var type = Number(block, "block_type");
        IReadOnlyList<string> children = Value(block, "children") is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Where(c => c.ValueKind == JsonValueKind.String).Select(c => c.GetString()!)]
            : [];
        if (type == BlockType.Table)
        {
            var columns = Value(block, "table") is { } table && Value(table, "property") is { } property ? Number(property, "column_size") : 0;
            return new ReadBlock(id, type, "", columns, children);
        }

        var member = type is >= BlockType.Heading1 and <= BlockType.Heading9 ? $"heading{type - BlockType.Heading1 + 1}" : Lines.GetValueOrDefault(type);
        if (member is null || Value(block, member) is not { ValueKind: JsonValueKind.Object } body) return new ReadBlock(id, type, "", 0, children);
        var detail = Value(body, "style") is { ValueKind: JsonValueKind.Object } style
            ? type == BlockType.Code ? Number(style, "language") : type == BlockType.Todo && Value(style, "done") is { ValueKind: JsonValueKind.True } ? 1 : 0
            : 0;
        return new ReadBlock(id, type, TextRuns.Read(body, plain: type is BlockType.Code or BlockType.Page), detail, children);
    }

    /// <summary>A member, when the element is an object that has it.</summary>
    internal static JsonElement? Value(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static int Number(JsonElement element, string name) => Value(element, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : 0;
}
