using System.Text.Json;

namespace Larkspur.Gateway.People.Scim;

/// <summary>A group while a request changes it.</summary>
internal sealed class ScimGroupState(IEnumerable<string> members)
{
    public string? Name { get; set; }

    public string? ExternalId { get; set; }

    /// <summary>Ids of people.</summary>
    public HashSet<string> Members { get; } = new(members, StringComparer.Ordinal);

    /// <summary>Does an operation of a PATCH.</summary>
    public void Apply(ScimOperation operation)
    {
        if (operation.Path.Name != "members")
        {
            Set(operation.Path, operation.Removes ? null : operation.Value);
            return;
        }

        var named = operation.Path.Value is { } one ? [one] : IdsOf(operation.Value);
        if (operation.Removes)
        {
            // Entra's older way names whom it means in the value; without any, everybody is meant.
            if (operation.Path.Value is null && operation.Value is null or { ValueKind: JsonValueKind.Null }) Members.Clear();
            else Members.ExceptWith(named);
            return;
        }

        if (operation.Kind == "replace" && operation.Path.Value is null) Members.Clear();
        Members.UnionWith(named);
    }

    /// <summary>Takes everything over that an object says.</summary>
    public void SetAll(JsonElement body)
    {
        foreach (var member in body.EnumerateObject())
        {
            if (member.Name.Length <= ScimPath.Longest) Set(ScimPath.Of(member.Name), member.Value);
        }
    }

    private void Set(ScimPath path, JsonElement? value)
    {
        switch (path)
        {
            case { Name: "displayname", Sub: null }: Name = ScimValues.Text(value, "displayName"); break;
            case { Name: "externalid", Sub: null }: ExternalId = ScimValues.Text(value, "externalId"); break;
            case { Name: "members", Sub: null }:
                Members.Clear();
                Members.UnionWith(IdsOf(value));
                break;
        }
    }

    private static IReadOnlyList<string> IdsOf(JsonElement? value) => [.. ScimValues.Items(value).Select(item =>
        ScimValues.Text(item.ValueKind == JsonValueKind.Object ? ScimValues.Member(item, "value") : item, "members")
        ?? throw ScimRefusedException.Value("A member has a value."))];
}
