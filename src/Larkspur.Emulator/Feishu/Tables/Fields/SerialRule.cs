using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables.Fields;

/// <summary>The rule by which an AutoNumber field writes its numbers: the <c>auto_serial</c> of a request.</summary>
/// <remarks>Ten parts and the 100 characters of a fixed text are bounds of the emulator; the platform's are UNVERIFIED.</remarks>
internal static class SerialRule
{
    private const int MostParts = 10;
    private const int LongestText = 100;

    private static readonly string[] Dates = ["yyyyMMdd", "yyyyMM", "yyyy", "MMdd", "MM", "dd"];
    private static readonly string[] ToValue = ["property", "auto_serial", "options", "value"];

    /// <returns>Its parts, none for plain numbers; null: there is no such rule.</returns>
    public static ImmutableArray<SerialPart>? Read(JsonObject? given)
    {
        if (given is null || given.TextOf("type") != "custom" || given["options"] is not JsonArray list) return [];
        if (list.Count > MostParts) return null;
        var parts = ImmutableArray.CreateBuilder<SerialPart>(list.Count);
        foreach (var item in list)
        {
            if (item is not JsonObject one || Part(one.TextOf("type"), one.TextOf("value")) is not { } part) return null;
            parts.Add(part);
        }

        return parts.ToImmutable();
    }

    /// <exception cref="ApiRefusedException">99992402, by the opened endpoint.</exception>
    public static void Check(ApiRequest request)
    {
        var violations = RequestValidator.Check(Open(request.Endpoint), request.Path, request.Query, request.Body, request.Files);
        if (violations.Count > 0) throw new ApiRefusedException(400, 99992402, "field validation failed") { FieldViolations = violations };
    }

    /// <summary>
    /// The endpoint without what its page says of a part's value: it lists the forms of <c>created_time</c> for all three kinds of parts,
    /// so numbers and texts could not be made with it at all. The page of the change lists none.
    /// </summary>
    private static ApiEndpoint Open(ApiEndpoint endpoint) => endpoint with { Body = Open(endpoint.Body, ToValue) };

    private static SerialPart? Part(string type, string value) => type switch
    {
        "system_number" => value is [>= '1' and <= '9'] ? new SerialPart(SerialKind.Number, value) : null,
        "created_time" => Dates.Contains(value) ? new SerialPart(SerialKind.Created, value) : null,
        _ => value.Length <= LongestText ? new SerialPart(SerialKind.Text, value) : null,
    };

    private static Field[] Open(Field[] fields, ReadOnlySpan<string> path)
    {
        var opened = fields.ToArray();
        for (var at = 0; at < opened.Length; at++)
        {
            if (opened[at].Name != path[0]) continue;
            opened[at] = path.Length == 1 ? opened[at] with { Enum = [] }
                : opened[at] with { Fields = Open(opened[at].Fields, path[1..]) };
        }

        return opened;
    }
}
