namespace Larkspur.Gateway.People.Directory.Reading;

/// <summary>Reads the company's directory on one platform. Each platform registers one.</summary>
internal interface IDirectoryReader
{
    /// <summary><c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>.</summary>
    string Platform { get; }

    /// <summary>Names of the apps that could read one now; the one that is taken when none is named stands first.</summary>
    IReadOnlyList<string> Apps { get; }

    /// <summary>Asks what an app may see, and begins a reading.</summary>
    /// <exception cref="DirectoryUnreadableException">The app may not read a directory, or is away.</exception>
    /// <exception cref="PlatformApiException">Refused.</exception>
    /// <exception cref="PlatformNetworkException">No answer.</exception>
    Task<IDirectoryReading> OpenAsync(string app, CancellationToken cancellation);
}

/// <summary>One reading of a directory. Its calls may run beside each other, and throw what
/// <see cref="IDirectoryReader.OpenAsync"/> throws.</summary>
internal interface IDirectoryReading
{
    /// <summary>The company as the platform names it, or the app where it names none: ids of members are one person's within it.</summary>
    string Company { get; }

    /// <summary>Of the app's credentials, hashed: whoever changes them may see another company.</summary>
    string Credentials { get; }

    /// <summary>What the app may see: departments and people that it was given, each a word. Fewer than before: its range has
    /// shrunk. Known once <see cref="DepartmentsAsync"/> was asked.</summary>
    IReadOnlyList<string> Range { get; }

    /// <summary>All departments in the range, but for those below the <see cref="Refused"/> ones.</summary>
    /// <param name="ready">Is told of parts whose members can be read already, where finding all departments takes long. It does not
    /// wait.</param>
    /// <param name="cancellation">Ends the asking.</param>
    Task<IReadOnlyList<DirectoryDepartment>> DepartmentsAsync(Action<string> ready, CancellationToken cancellation);

    /// <summary>Departments that the platform did not open to the app, with what it said: who is in them, nobody knows.</summary>
    IReadOnlyCollection<string> Refused { get; }

    /// <summary>What is read one by one to have seen everybody: departments, and what the platform lists besides.</summary>
    IReadOnlyList<string> Parts(IReadOnlyList<DirectoryDepartment> departments);

    /// <summary>The members of a part, page by page; a person may be told in several parts.</summary>
    IAsyncEnumerable<DirectoryPage> MembersAsync(string part, CancellationToken cancellation);

    /// <summary>What became of members, asked one by one or in batches: who is missing from a list need not have left.</summary>
    /// <param name="keys">Their keys, or ids as events name them.</param>
    /// <param name="cancellation">Ends the asking.</param>
    IAsyncEnumerable<LookedUp> LookUpAsync(IReadOnlyList<string> keys, CancellationToken cancellation);

    /// <summary>A department; null: there is none, or the app may not see it.</summary>
    Task<DirectoryDepartment?> DepartmentAsync(string key, CancellationToken cancellation);
}

/// <summary>Some members.</summary>
/// <param name="Members">As the platform told of them.</param>
/// <param name="AskedAt">When it was asked, on this machine's clock.</param>
internal sealed record DirectoryPage(IReadOnlyList<DirectoryMember> Members, DateTimeOffset AskedAt);

/// <summary>What a platform says of somebody who was asked for.</summary>
/// <param name="Asked">The key or id that was asked for.</param>
/// <param name="Fate">What became of them.</param>
/// <param name="Member">Where they are there, how.</param>
/// <param name="AskedAt">When it was asked.</param>
internal sealed record LookedUp(string Asked, MemberFate Fate, DirectoryMember? Member, DateTimeOffset AskedAt)
{
    /// <summary>They are there and have not left; null: they are not.</summary>
    public DirectoryMember? There => Fate == MemberFate.Present && Member is { Status: not MemberStatus.Left } member ? member : null;
}

/// <summary>What a platform says of somebody.</summary>
internal enum MemberFate
{
    /// <summary>They are there; the status says whether they may work.</summary>
    Present,

    /// <summary>They are not in the company any more, or the platform does not know them.</summary>
    Gone,

    /// <summary>The app may not see them: nothing is known.</summary>
    Hidden,
}

/// <summary>A directory that cannot be read, with the word of the reason.</summary>
/// <param name="reason">A snake_case word of <c>DirectoryTexts.json</c>.</param>
/// <param name="message">For the log and for support.</param>
internal sealed class DirectoryUnreadableException(string reason, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Reason { get; } = reason;
}
