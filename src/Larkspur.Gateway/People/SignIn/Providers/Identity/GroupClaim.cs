using System.Text.Json;
using Larkspur.Gateway.People.SignIn.Providers.Protocol;

namespace Larkspur.Gateway.People.SignIn.Providers.Identity;

/// <summary>Groups or roles as a provider names them.</summary>
/// <param name="Names">As it writes them; <c>/company/finance</c> stays so.</param>
/// <param name="Unknown">Why they are not known; null: they are. Unknown is not the same as none.</param>
internal sealed record GroupClaim(IReadOnlyList<string> Names, string? Unknown)
{
    /// <summary>Of one person; more are not read.</summary>
    public const int Most = 1000;

    public const int LongestName = 256;

    public static readonly GroupClaim None = new([], null);

    /// <summary>Reads a claim: of this very name, or else step by step, <c>realm_access.roles</c>.</summary>
    /// <returns>Null: there is no such claim.</returns>
    public static GroupClaim? Read(JsonElement body, string claim)
    {
        if (IsElsewhere(body, claim)) return NotKnown("there are too many for the token: it says where they can be asked for instead");
        if (Find(body, claim) is not { } value) return null;
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return Claims.Text(value) is { } one && IsName(one) ? new([one], null) : NotKnown("the claim is no list of names");
            case JsonValueKind.Array:
                break;
            default:
                return NotKnown("the claim is no list of names");
        }

        // A list that is cut would take roles away, and nobody would know why.
        if (value.GetArrayLength() > Most) return NotKnown($"there are more than {Most}");
        var names = value.EnumerateArray().Select(Claims.Text).ToArray();
        return Array.TrueForAll(names, name => name is not null && IsName(name))
            ? new([.. names.OfType<string>().Distinct(StringComparer.Ordinal)], null)
            : NotKnown($"some are no names of up to {LongestName} characters");
    }

    public static GroupClaim NotKnown(string why) => new([], why);

    /// <summary>Entra leaves out groups above 200, and names an address of them.</summary>
    private static bool IsElsewhere(JsonElement body, string claim)
    {
        if (body.TryGetProperty("_claim_names", out var names) && names.ValueKind == JsonValueKind.Object
            && names.TryGetProperty(claim, out _)) return true;
        return claim == "groups" && body.TryGetProperty("hasgroups", out var has)
            && (has.ValueKind == JsonValueKind.True || Claims.Text(has) is "true" or "True");
    }

    private static JsonElement? Find(JsonElement body, string claim)
    {
        // Names with dots in them are claims as well: https://example.com/groups.
        if (body.TryGetProperty(claim, out var whole)) return Given(whole);
        foreach (var step in claim.Split('.'))
        {
            if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(step, out var inner)) return null;
            body = inner;
        }

        return Given(body);
    }

    private static JsonElement? Given(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value;

    private static bool IsName(string name) => name.Length is > 0 and <= LongestName && !name.Any(char.IsControl);
}
