using System.Text.Json.Serialization;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.People;

/// <summary>How a business system names a person.</summary>
internal enum AddressKind
{
    /// <summary>Work mail address.</summary>
    Email,

    /// <summary>Mobile number; with <c>+</c> and the country code outside of mainland China.</summary>
    Mobile,

    /// <summary>Employee number. The platform has no call for it: the department members are read and searched.</summary>
    EmployeeNo,

    /// <summary>Id within the company.</summary>
    UserId,

    /// <summary>Id within the app, ou_…</summary>
    OpenId,

    /// <summary>Id across the apps of one developer, on_…</summary>
    UnionId,
}

/// <summary>A person as a business system names them.</summary>
/// <param name="Kind">In which way.</param>
/// <param name="Value">The address or id.</param>
internal readonly record struct PersonAddress(AddressKind Kind, string Value)
{
    /// <summary>The word for the kind over REST.</summary>
    public string Word => Kind switch
    {
        AddressKind.Email => "email",
        AddressKind.Mobile => "mobile",
        AddressKind.EmployeeNo => "employee_no",
        AddressKind.UserId => "user_id",
        AddressKind.OpenId => "open_id",
        _ => "union_id",
    };

    /// <summary>Mail addresses differ by case on paper only.</summary>
    public PersonAddress Normal => Kind == AddressKind.Email ? this with { Value = Value.ToLowerInvariant() } : this;
}

/// <summary>A person as the platform tells of them. What is null was not permitted to the app; at least one id is there.</summary>
internal sealed record PlatformPerson
{
    public string? OpenId { get; init; }

    public string? UserId { get; init; }

    public string? UnionId { get; init; }

    /// <summary>Name, usually Chinese.</summary>
    public string? Name { get; init; }

    public string? EnName { get; init; }

    public string? EmployeeNo { get; init; }

    /// <summary>Ids by which a click of theirs can be recognised.</summary>
    [JsonIgnore]
    public IEnumerable<string> Ids => new[] { OpenId, UserId, UnionId }.OfType<string>();

    /// <summary>The platform's kind of id to write to, and the id.</summary>
    [JsonIgnore]
    public (string Type, string Id) Target => OpenId is { } open ? ("open_id", open) : UserId is { } user ? ("user_id", user) : ("union_id", UnionId!);

    /// <summary>The name in both languages, or null.</summary>
    [JsonIgnore]
    public LocalText? Names => (Name ?? EnName) is { Length: > 0 } name ? new LocalText(name, EnName is { Length: > 0 } english ? english : name) : null;
}

/// <summary>What a look-up found.</summary>
/// <param name="Address">What was looked up, as it was given.</param>
/// <param name="Person">The one person; null: none, or several.</param>
/// <param name="Several">How many people have the address, when more than one has.</param>
internal sealed record PersonMatch(PersonAddress Address, PlatformPerson? Person, int Several = 0)
{
    public const string Unknown = "unknown";
    public const string Ambiguous = "ambiguous";

    /// <summary>Why there is no person.</summary>
    public string Reason => Several > 1 ? Ambiguous : Unknown;
}
