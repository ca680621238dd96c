namespace Larkspur.Gateway.People.Identities;

/// <summary>What a platform told of the sender of a message, or of somebody who logged in.</summary>
internal sealed record PlatformAccount
{
    /// <summary>Ids of one account.</summary>
    public const int MostIds = 16;

    private const int LongestName = 200;
    private const int LongestEmail = 254;

    /// <summary><c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>, <c>web</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>The app that the person wrote to, by the gateway's name for it.</summary>
    public required string App { get; init; }

    /// <summary>1 to 16 ids of this one account on this platform, its main one first. Only what the platform itself told over a proven way: whoever has one of them is that person.</summary>
    public required IReadOnlyList<PlatformIdentity> Ids { get; init; }

    /// <summary>As the platform shows it; null: not told.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// The mail address of the platform's own directory, never what the person says of themselves; of a web account what its issuer says,
    /// which counts only where that is trusted; null: not told.
    /// </summary>
    public string? VerifiedEmail { get; init; }

    /// <summary>Ids of the person's departments in the platform's own directory, as the platform writes them; null: not told, which is not the same as none.</summary>
    public IReadOnlyList<string>? Departments { get; init; }

    /// <summary>
    /// They are no member of the company whose app they write to, or the platform does not say that they are: another company's member, an
    /// external contact, a customer. Null: not told this time; what was told before holds, and who was never said to be a member is none.
    /// </summary>
    public bool? IsExternal { get; init; }

    /// <summary>
    /// The platform did not say within which company the ids are, and the app's own was taken. Whoever did something by this app before, under the same id, is who does this now
    /// (a WeCom bot's clicks name no corp, its messages do).
    /// </summary>
    public bool ScopeIsAssumed { get; init; }

    /// <summary>The account with texts as they are kept.</summary>
    /// <exception cref="ArgumentException">It has no ids, too many, one of another platform, or one that is none.</exception>
    public PlatformAccount Checked()
    {
        if (Ids.Count is 0 or > MostIds) throw new ArgumentException($"An account has 1 to {MostIds} ids, not {Ids.Count}.");
        foreach (var id in Ids)
        {
            if (id.Platform != Platform) throw new ArgumentException($"An id of {id.Platform} is no id of an account on {Platform}.");
            if (!id.IsSound || id.Platform == PlatformIdentity.Email) throw new ArgumentException($"A {id.Kind} of {id.Platform} is empty, too long or no text.");
        }

        return this with { Ids = [.. Ids.DistinctBy(i => (i.Scope, i.Kind, i.Compared))], Name = NameOf(Name), VerifiedEmail = EmailOf(VerifiedEmail) };
    }

    /// <summary>The main id alone: names and addresses are nothing for logs.</summary>
    public override string ToString() => Ids is [var main, ..] ? main.ToString() : Platform;

    /// <summary>A mail address as it is compared; null: it is none. Other than ASCII is not taken: letters that look alike would be two addresses that people take for one.</summary>
    public static string? EmailOf(string? address)
    {
        if (address?.Trim() is not { Length: > 2 and <= LongestEmail } text || text.IndexOf('@') is not (> 0 and var at) || at == text.Length - 1 || text.LastIndexOf('@') != at) return null;
        return text.All(c => c is > ' ' and < '\u007f') ? text.ToLowerInvariant() : null;
    }

    private static string? NameOf(string? name)
    {
        if (name is null) return null;
        var clean = string.Concat(name.Where(c => !char.IsControl(c))).Trim();
        if (clean.Length > LongestName) clean = clean[..(char.IsHighSurrogate(clean[LongestName - 1]) ? LongestName - 1 : LongestName)];
        return clean.Length == 0 ? null : clean;
    }
}
