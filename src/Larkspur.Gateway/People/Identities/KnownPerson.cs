namespace Larkspur.Gateway.People.Identities;

/// <summary>A person, whichever platform they write on.</summary>
/// <param name="Id"><c>pe_</c> and 32 hex digits.</param>
/// <param name="Name">As the account with the strongest proof shows it, of equals the one that is known longest.</param>
/// <param name="Email">Their mail address there.</param>
/// <param name="Ids">All ids of all their accounts, and the mail addresses that count (<see cref="PlatformIdentity.Email"/>): those of
/// directories and of trusted issuers.</param>
/// <param name="IsShutOut">An administrator shut them out.</param>
internal sealed record KnownPerson(string Id, string? Name, string? Email, IReadOnlyList<PlatformIdentity> Ids, bool IsShutOut)
{
    /// <summary>Why the company's directories do not have them as a colleague who may work: <c>left</c>, <c>frozen</c>; null: they do, or
    /// know nothing of them.</summary>
    public string? Absence { get; init; }

    /// <summary>Nothing is permitted to them.</summary>
    public bool IsDisabled => IsShutOut || Absence is not null;

    /// <summary>What an administrator wrote of them, by the name of the field.</summary>
    public IReadOnlyDictionary<string, string> OwnFields { get; init; } = new Dictionary<string, string>();

    public const string Prefix = "pe_";
    private const int Digits = 32;

    /// <summary>Their accounts, the oldest first.</summary>
    public IReadOnlyList<KnownAccount> Accounts { get; init; } = [];

    /// <summary>Ids of people who were merged into this one.</summary>
    public IReadOnlyList<string> FormerIds { get; init; } = [];

    /// <summary>The strongest proof of their accounts.</summary>
    public AccountProof Proof => Accounts.Count == 0 ? AccountProof.Claim : Accounts.Max(a => a.Proof);

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Their number: rises with each new person.</summary>
    public long Seq { get; init; }

    /// <summary>The id alone: names and addresses are nothing for logs.</summary>
    public override string ToString() => Id;

    /// <summary>An id that nobody has.</summary>
    public static string NewId() => Prefix + Guid.NewGuid().ToString("N");

    /// <summary>It has the form of an id.</summary>
    public static bool IsId(string text) => text.Length == Prefix.Length + Digits && text.StartsWith(Prefix, StringComparison.Ordinal) && text.Skip(Prefix.Length).All(char.IsAsciiHexDigitLower);
}

/// <summary>An account of a person.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Platform">Where it is.</param>
/// <param name="App">The app that it was first met by.</param>
/// <param name="Ids">Its ids, the main one first.</param>
/// <param name="Name">As it is shown there.</param>
/// <param name="Email">Of the directory there; on the web, what the issuer says.</param>
internal sealed record KnownAccount(long Id, string Platform, string App, IReadOnlyList<PlatformIdentity> Ids, string? Name, string? Email)
{
    /// <summary>The address is only what an issuer of the web says: no rule goes by it (<see cref="TrustedIssuers"/>).</summary>
    public bool IsClaim { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>To about a day.</summary>
    public DateTimeOffset SeenAt { get; init; }

    /// <summary>The platform does not say that they are a member of the company whose app they write to.</summary>
    public bool IsExternal { get; init; }

    /// <summary>Who says that they are who they are.</summary>
    public AccountProof Proof => Platform == "web" ? AccountProof.Claim : IsExternal ? AccountProof.Contact : AccountProof.Directory;

    /// <summary>It was unlinked by somebody: its mail address links it to nobody again.</summary>
    public bool IsApart { get; init; }

    /// <summary>Ids that the platform told of it and that other people have; JSON.</summary>
    public string? Conflict { get; init; }
}

/// <summary>Who says that somebody is who they are, the weaker word first.</summary>
internal enum AccountProof
{
    /// <summary>The issuer of a web session.</summary>
    Claim,

    /// <summary>A platform, of somebody from outside of the company.</summary>
    Contact,

    /// <summary>The company's own directory on a platform.</summary>
    Directory,
}
