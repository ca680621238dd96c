using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Documents;

namespace Larkspur.Emulator.Feishu.Docs;

/// <summary>A block of a request: of a type that is played, with the member that its type names.</summary>
internal static class BlockReader
{
    private const int LongestRun = 100_000;
    private static readonly string[] Styles = ["bold", "italic", "strikethrough", "underline", "inline_code"];

    /// <param name="children">What hangs under it.</param>
    /// <exception cref="ApiRefusedException">1770029, 1770006, 1770024, 1770001, 1770033.</exception>
    public static NewBlock Read(ApiRequest request, JsonObject given, ImmutableArray<NewBlock> children, string? temporaryId = null)
    {
        var type = TypeOf(given);
        if (type == BlockTypes.Page || BlockTypes.Member(type) is not { } member) throw request.Refuse(1770029);
        if (given[member] is not JsonObject body) throw request.Refuse(1770006);
        if (!children.IsEmpty && type != BlockTypes.Table && !BlockTypes.MayHaveChildren(type)) throw request.Refuse(1770028);
        if (children.Any(c => !BlockTypes.MayStandUnder(c.Type, type))) throw request.Refuse(1770030);
        if (type == BlockTypes.Table) return new NewBlock(type, Table(request, body, children.Length), "", children, temporaryId);
        if (!BlockTypes.HasText(type)) return new NewBlock(type, body.ToJsonString(), "", children, temporaryId);
        var text = new StringBuilder();
        var shown = new JsonObject { ["elements"] = Elements(request, body, text), ["style"] = Style(body["style"] as JsonObject, type) };
        return new NewBlock(type, shown.ToJsonString(), text.ToString(), children, temporaryId);
    }

    public static int TypeOf(JsonObject given) => given["block_type"] is JsonValue v && v.TryGetValue<int>(out var type) ? type : 0;

    /// <summary>Rows and columns of a table that is to be made.</summary>
    public static (int Rows, int Columns) Size(ApiRequest request, JsonObject given) =>
        given["table"]?["property"] is JsonObject p && p["row_size"] is JsonValue r && r.TryGetValue<int>(out var rows) && p["column_size"] is JsonValue c && c.TryGetValue<int>(out var columns)
            ? (rows, columns)
            : throw request.Refuse(1770006);

    private static string Table(ApiRequest request, JsonObject body, int cells)
    {
        var (rows, columns) = Size(request, new JsonObject { ["table"] = body.DeepClone() });
        if (columns > 100) throw request.Refuse(1770010);
        if ((long)rows * columns > 2_000) throw request.Refuse(1770011);
        if (rows * columns != cells) throw request.Refuse(1770006);
        var headerRow = body["property"]!["header_row"] is JsonValue v && v.TryGetValue<bool>(out var header) && header;
        return DocumentLines.TableBody(rows, columns, headerRow);
    }

    private static JsonArray Elements(ApiRequest request, JsonObject body, StringBuilder text)
    {
        if (body["elements"] is not JsonArray { Count: > 0 } given) throw request.Refuse(1770006);
        var shown = new JsonArray();
        foreach (var element in given)
        {
            // Mentions, reminders, files and equations are not played.
            if (element is not JsonObject { Count: 1 } one || one["text_run"] is not JsonObject run) throw request.Refuse(1770024);
            if (run["content"] is not JsonValue value || !value.TryGetValue<string>(out var content)) throw request.Refuse(1770006);
            if (content.Length > LongestRun) throw request.Refuse(1770033);
            text.Append(content);
            shown.Add(new JsonObject { ["text_run"] = new JsonObject { ["content"] = content, ["text_element_style"] = RunStyle(request, run["text_element_style"] as JsonObject) } });
        }

        return shown;
    }

    private static JsonObject RunStyle(ApiRequest request, JsonObject? given)
    {
        var style = new JsonObject();
        foreach (var name in Styles) style[name] = given?[name] is JsonValue v && v.TryGetValue<bool>(out var on) && on;
        foreach (var name in (string[])["background_color", "text_color"])
        {
            if (given?[name] is { } colour) style[name] = colour.DeepClone();
        }

        if (given?["link"]?["url"] is not JsonValue link || !link.TryGetValue<string>(out var url)) return style;
        // Addresses are URL-encoded on the way in and on the way out.
        if (!Uri.TryCreate(Uri.UnescapeDataString(url), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) throw request.Refuse(1770001);
        style["link"] = new JsonObject { ["url"] = url };
        return style;
    }

    private static JsonObject Style(JsonObject? given, int type)
    {
        var style = new JsonObject { ["align"] = given?["align"]?.DeepClone() ?? 1 };
        if (type == BlockTypes.Code) style["language"] = given?["language"]?.DeepClone() ?? 1;
        if (type == BlockTypes.Code) style["wrap"] = given?["wrap"]?.DeepClone() ?? false;
        if (type == BlockTypes.Todo) style["done"] = given?["done"]?.DeepClone() ?? false;
        if (type is BlockTypes.Text or BlockTypes.Bullet or BlockTypes.Ordered or (>= BlockTypes.Heading1 and <= BlockTypes.Heading9)) style["folded"] = given?["folded"]?.DeepClone() ?? false;
        return style;
    }
}
