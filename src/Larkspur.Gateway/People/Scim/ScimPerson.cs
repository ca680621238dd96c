using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.People.Scim;

/// <summary>A person with what their directories say of them, as SCIM shows it.</summary>
internal sealed record ScimPerson(long Seq, string Id, bool IsActive, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt)
{
    /// <summary>What an administrator wrote of them.</summary>
    public required IReadOnlyDictionary<string, string> Own { get; init; }

    /// <summary>A directory's before an issuer's, the oldest first.</summary>
    public required IReadOnlyList<ScimAccount> Accounts { get; init; }

    /// <summary>The unique name; empty until it is looked up (<see cref="UserNames"/>).</summary>
    public string UserName { get; init; } = "";

    /// <summary>The person who leads them, where it is known.</summary>
    public string? Manager { get; init; }

    /// <summary>The name that an upstream gave them; null: none did.</summary>
    public string? Provisioned => Accounts.Select(a => a.UserName).FirstOrDefault(n => n is not null);

    /// <summary>What counts of a field: an administrator's word, else an upstream's, else the first directory's that has one.</summary>
    public string? Field(string name) => Own.GetValueOrDefault(name) is { Length: > 0 } own ? own
        : Accounts.Where(a => a.Entry is not null).OrderBy(a => a.UserName is null).ThenBy(a => a.Entry!.HasLeft)
            .Select(a => a.Entry!.Fields.GetValueOrDefault(name)).FirstOrDefault(v => v is { Length: > 0 });

    /// <summary>The work e-mail, as it was told.</summary>
    public string? WorkEmail => Field(DirectoryFields.WorkEmail) ?? Accounts.Where(a => a.Platform != PlatformIdentity.Web)
        .Select(a => a.Email).FirstOrDefault(e => e is not null);

    /// <summary>What they are called.</summary>
    public string? DisplayName => Field(DirectoryFields.Name) ?? Field(DirectoryFields.EnName) ?? Accounts.Select(a => a.Name)
        .FirstOrDefault(n => n is not null);

    /// <summary>A name that could be theirs: the work e-mail, else the other one.</summary>
    public string? Email => PlatformAccount.EmailOf(WorkEmail) ?? PlatformAccount.EmailOf(Field(DirectoryFields.Email));

    /// <summary>The lasting id that their first directory has of them.</summary>
    public string? Key => Accounts.Select(a => a.Entry?.Key).FirstOrDefault(k => k is not null);

    /// <summary>The account that this upstream made.</summary>
    public ScimAccount? Of(string upstream) => AllOf(upstream).FirstOrDefault();

    /// <summary>Of two users who were merged it made both.</summary>
    public IEnumerable<ScimAccount> AllOf(string upstream) =>
        Accounts.Where(a => a.Platform == ScimUpstream.Platform && a.App == upstream && a.UserName is not null);
}

/// <summary>An account of a person.</summary>
internal sealed record ScimAccount(long Id, string Platform, string App, string? Name, string? Email)
{
    /// <summary>As an upstream gave it; null: no upstream made the account, or it has deleted it.</summary>
    public string? UserName { get; init; }

    public string? ExternalId { get; init; }

    /// <summary>In a directory; null: in none.</summary>
    public ScimEntry? Entry { get; init; }
}

/// <summary>What a directory says of an account.</summary>
internal sealed record ScimEntry(long Member, long Directory, string Key, IReadOnlyDictionary<string, string> Fields, bool HasLeft,
    DateTimeOffset ChangedAt)
{
    public IReadOnlyList<ScimPlace> Groups { get; init; } = [];

    /// <summary>The app may not see them any more: nothing is known of them now.</summary>
    public bool IsHidden { get; init; }
}

/// <summary>A group that somebody is in.</summary>
internal sealed record ScimPlace(long Id, string? Name, bool IsMain);
