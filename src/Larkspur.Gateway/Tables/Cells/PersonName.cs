using System.Text.Json;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.People;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Tables.Cells;

/// <summary>A person as a value names them: by the gateway's own id, or by what the platform knows them by.</summary>
/// <param name="Kind"><c>person</c>, <c>open_id</c>, <c>user_id</c>, <c>union_id</c> or <c>email</c>.</param>
/// <param name="Value">The id or address.</param>
internal sealed record PersonName(string Kind, string Value)
{
    public const string Person = "person";
    public const string OpenId = "open_id";

    private const int Longest = 254;
    private static readonly string[] Kinds = [OpenId, Person, "email", "user_id", "union_id"];

    /// <summary>The address by which the platform's directory is asked; null: it is not asked so.</summary>
    public PersonAddress? Address => Kind switch
    {
        "email" => new PersonAddress(AddressKind.Email, Value),
        "user_id" => new PersonAddress(AddressKind.UserId, Value),
        "union_id" => new PersonAddress(AddressKind.UnionId, Value),
        _ => null,
    };

    /// <summary>Reads one: an id or a mail address as text, or an object as cells are shown, whose <c>open_id</c> counts before the
    /// rest.</summary>
    /// <returns>Null: it names nobody.</returns>
    public static PersonName? Read(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) return Of(value.GetString()!);
        if (value.ValueKind != JsonValueKind.Object
            || value.EnumerateObject().Any(member => member.Name != "name"
                && !Kinds.Contains(member.Name, StringComparer.Ordinal))) return null;
        foreach (var kind in Kinds)
        {
            if (!value.TryGetProperty(kind, out var named) || named.ValueKind == JsonValueKind.Null) continue;
            return named.ValueKind == JsonValueKind.String && named.GetString() is { Length: > 0 and <= Longest } text
                ? new PersonName(kind, text) : null;
        }

        return null;
    }

    private static PersonName? Of(string text) => text.Length is 0 or > Longest ? null
        : KnownPerson.IsId(text) ? new PersonName(Person, text)
        : FeishuIds.PersonKindOf(text) is { } kind ? new PersonName(kind, text.Trim()) : null;
}
