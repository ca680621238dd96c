using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Tables;

/// <summary>Options of a select field as they are sent.</summary>
internal static class FieldOptions
{
    private const int Most = 20_000;

    /// <param name="names">The names of all options.</param>
    /// <param name="given">
    /// Those that are new. What the field has already is as it is, also two equal options: they must not keep it from being changed.
    /// </param>
    /// <exception cref="TableFieldException">
    /// Too many, one without a name, or two of one name: the platform would make two equal options.
    /// </exception>
    public static void Check(IReadOnlyCollection<string> names, IEnumerable<string> given)
    {
        var counts = names.CountBy(name => name, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        foreach (var name in given)
        {
            if (string.IsNullOrEmpty(name)) throw new TableFieldException("An option has a name.");
            if (counts[name] > 1) throw new TableFieldException($"Two options are called \"{name}\".");
        }

        if (names.Count > Most) throw new TableFieldException($"A select has at most {Most:N0} options.");
    }

    public static JsonNode Json(TableOption option)
    {
        var json = new JsonObject { ["name"] = option.Name };
        if (option.Id is not null) json["id"] = option.Id;
        if (option.Color is { } color) json["color"] = color;
        return json;
    }
}
