using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.People.Handover;

/// <summary>Finds a person's ids in rows that hold ids as JSON, and are too few for a table of their own.</summary>
internal sealed class OwnIds
{
    /// <summary>Ids that a person has on a platform; more is nobody's.</summary>
    private const int Most = 50;

    private readonly string[] _ids;

    /// <param name="person">Whose.</param>
    /// <param name="platform">On which platform.</param>
    public OwnIds(KnownPerson person, string platform) =>
        _ids =
        [
            .. person.Accounts.Where(a => a.Platform == platform).SelectMany(a => a.Ids).Select(i => i.Value)
                .Distinct(StringComparer.Ordinal).Take(Most),
        ];

    /// <summary>They have none: nothing is theirs.</summary>
    public bool IsEmpty => _ids.Length == 0;

    /// <summary>Values for <see cref="Condition"/>.</summary>
    public object?[] Values => [.. _ids.Select(id => $"%\"{PersonFilter.Literal(id)}\"%")];

    /// <summary>A condition that holds for every row that names one of the ids, and for some others.</summary>
    /// <param name="column">The column with the JSON.</param>
    /// <param name="first">The number of the first value.</param>
    public string Condition(string column, int first) =>
        $"({string.Join(" OR ", _ids.Select((_, place) => $"{column} LIKE ${first + place} ESCAPE '!'"))})";

    /// <summary>It is one of theirs.</summary>
    public bool Has(string? id) => id is not null && _ids.Contains(id, StringComparer.Ordinal);
}
