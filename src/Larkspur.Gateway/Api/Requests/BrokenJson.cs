using System.Globalization;
using System.Text.Json;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Api.Requests;

/// <summary>What is wrong with a body that could not be read: a member that stands twice, too many levels, or no JSON at all.</summary>
internal static class BrokenJson
{
    /// <summary>Levels that are read to see that it is only their number; more is as good as no JSON.</summary>
    private const int Deep = 4000;

    /// <param name="bytes">The body.</param>
    /// <param name="deepest">Levels that are taken.</param>
    /// <param name="failure">As it was met.</param>
    public static RequestRefusedException Of(ReadOnlyMemory<byte> bytes, int deepest, JsonException failure)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = Deep, AllowDuplicateProperties = true });
            if (Twice(json.RootElement, JsonPath.Body, deepest) is { } twice)
            {
                return RequestRefusedException.Malformed("duplicate_member", twice.Pointer,
                    $"\"{JsonFields.Shown(twice.Name!)}\" stands here twice; which one counts nobody could say.");
            }

            return RequestRefusedException.Malformed("too_deep", null, string.Create(CultureInfo.InvariantCulture,
                $"The body may have {deepest} levels."));
        }
        catch (JsonException)
        {
            return RequestRefusedException.Malformed("bad_json", null, string.Create(CultureInfo.InvariantCulture,
                $"The body is not JSON (line {failure.LineNumber + 1}, byte {failure.BytePositionInLine})."));
        }
    }

    /// <summary>The first member that stands twice in its object; null: there is none above the deepest level.</summary>
    private static JsonPath? Twice(JsonElement json, JsonPath path, int levels)
    {
        if (levels == 0) return null;
        if (json.ValueKind == JsonValueKind.Array)
        {
            var i = 0;
            foreach (var item in json.EnumerateArray())
            {
                // Most items hold nothing.
                var at = i++;
                if (item.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object)) continue;
                if (Twice(item, new JsonPath(path, null, at), levels - 1) is { } found) return found;
            }
        }

        if (json.ValueKind != JsonValueKind.Object) return null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            var at = new JsonPath(path, member.Name, 0);
            if (!names.Add(member.Name)) return at;
            if (Twice(member.Value, at, levels - 1) is { } found) return found;
        }

        return null;
    }
}
