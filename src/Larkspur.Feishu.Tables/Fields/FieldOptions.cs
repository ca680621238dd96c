using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Tables;

/// <summary>Options of a select field as they are sent.</summary>
internal static class FieldOptions
{
    private const int Most = 20_000;

    /// <exception cref="TableFieldException">
    /// Too many, one without a name, or two of one name: the platform would make two equal options.
    /// </exception>
    public static void Check(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (string.IsNullOrEmpty(name)) throw new TableFieldException("An option has a name.");
            if (!seen.Add(name)) throw new TableFieldException($"Two options are called \"{name}\".");
        }

        if (seen.Count > Most) throw new TableFieldException($"A select has at most {Most:N0} options.");
    }

    public static JsonNode Json(TableOption option)
    {
        var json = new JsonObject { ["name"] = option.Name };
        if (option.Id is not null) json["id"] = option.Id;
        if (option.Color is { } color) json["color"] = color;
        return json;
    }
}
