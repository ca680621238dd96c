using System.Text.Json;

namespace Larkspur.Gateway.People.Scim;

/// <summary>A group while a request changes it. Of its members only what changes: a group may have tens of thousands.</summary>
internal sealed class ScimGroupState
{
    public string? Name { get; set; }

    public string? ExternalId { get; set; }

    /// <summary>Everybody leaves, but for those who join.</summary>
    public bool AllLeave { get; private set; }

    /// <summary>Ids of people who are members from now on; they may be now.</summary>
    public HashSet<string> Joining { get; } = new(StringComparer.Ordinal);

    /// <summary>Ids of people who are none from now on; they may be none now.</summary>
    public HashSet<string> Leaving { get; } = new(StringComparer.Ordinal);

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
            if (operation.Path.Value is null && operation.Value is null or { ValueKind: JsonValueKind.Null }) Clear();
            else Leave(named);
            return;
        }

        if (operation.Kind == "replace" && operation.Path.Value is null) Clear();
        Join(named);
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
                Clear();
                Join(IdsOf(value));
                break;
        }
    }

    private void Clear()
    {
        AllLeave = true;
        Joining.Clear();
        Leaving.Clear();
    }

    private void Join(IReadOnlyList<string> people)
    {
        Leaving.ExceptWith(people);
        Joining.UnionWith(people);
    }

    private void Leave(IReadOnlyList<string> people)
    {
        Joining.ExceptWith(people);
        Leaving.UnionWith(people);
    }

    private static IReadOnlyList<string> IdsOf(JsonElement? value) => [.. ScimValues.Items(value).Select(item =>
        ScimValues.Text(item.ValueKind == JsonValueKind.Object ? ScimValues.Member(item, "value") : item, "members")
        ?? throw ScimRefusedException.Value("A member has a value."))];
}
