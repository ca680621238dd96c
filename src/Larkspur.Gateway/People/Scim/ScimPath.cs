namespace Larkspur.Gateway.People.Scim;

/// <summary>
/// What a filter or a PATCH operation names: <c>name.givenName</c>, <c>emails[type eq "work"].value</c>, <c>members[value eq "…"]</c>.
/// All names are in lower case, and the schema before them is taken off: attribute names know no case (RFC 7644, section 3.4.2.2).
/// </summary>
/// <param name="Name">The attribute; empty: the whole enterprise extension.</param>
/// <param name="Type">The type that is asked for in brackets.</param>
/// <param name="Value">The value that is asked for in brackets.</param>
/// <param name="Sub">The part of the attribute; null: all of it.</param>
internal readonly record struct ScimPath(string Name, string? Type = null, string? Value = null, string? Sub = null)
{
    /// <summary>A path has no more characters.</summary>
    public const int Longest = 512;

    /// <summary>Reads the path of a PATCH operation, or a key of an object: these can be dotted (Entra).</summary>
    /// <exception cref="ScimRefusedException"><c>invalidPath</c>.</exception>
    public static ScimPath Read(string text)
    {
        if (text.Length > Longest) throw ScimRefusedException.Path("The path is too long.");
        try
        {
            var scanner = new ScimScanner(text);
            var path = scanner.Path();
            return scanner.AtEnd ? path : throw ScimRefusedException.Path("The path cannot be read.");
        }
        catch (ScimRefusedException e) when (e.Type == "invalidFilter")
        {
            throw ScimRefusedException.Path(e.Message);
        }
    }

    /// <summary>The name and its part from a written attribute without brackets.</summary>
    public static ScimPath Of(string written)
    {
        var text = written.ToLowerInvariant();
        foreach (var schema in ScimSchemas.Prefixes)
        {
            if (text == schema) return new(schema == ScimSchemas.Prefixes[0] ? "" : text);
            if (text.StartsWith(schema + ":", StringComparison.Ordinal)) text = text[(schema.Length + 1)..];
        }

        // A schema that is not known has dots in its version: it is a name of its own, and ignored.
        if (text.StartsWith("urn:", StringComparison.Ordinal)) return new(text);
        return text.IndexOf('.') is >= 0 and var dot ? new(text[..dot], Sub: text[(dot + 1)..]) : new(text);
    }
}
