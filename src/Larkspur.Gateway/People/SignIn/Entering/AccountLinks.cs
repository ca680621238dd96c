using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.People.SignIn.Entering;

/// <summary>Somebody who is signed in proves that another account is theirs too. Nothing is linked before they have seen which account it
/// is and said yes: their browser may be signed in there as somebody else.</summary>
internal sealed class AccountLinks(
    IDatabase database, IIdentities identities, SignInPeople people, SignInSessions sessions, PersonJoining joining, LinkPolicy policy,
    IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>How long ago the person may have proved who they are.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    private const string Purpose = "sign-in-link";
    private readonly Lazy<IDataProtector> _protector = new(() => protection.CreateProtector(Purpose));

    /// <summary>The session proved who its person is just now.</summary>
    public bool IsFresh(SignInSession session) => clock.GetUtcNow() - session.AuthTime < Fresh;

    /// <summary>What the person is asked about an account that they have just proved.</summary>
    /// <exception cref="SignInRefusedException">It cannot be theirs, or the session is over.</exception>
    public async Task<SignInOutcome> AskAsync(HttpContext http, string sid, ISignInMethod method, SignInProof proof, string returnTo,
        CancellationToken cancellation)
    {
        var session = await OwnAsync(http, sid, cancellation);
        var account = proof.Account;
        if (account.IsExternal != false && !proof.AdmitsExternals) 
            throw new SignInRefusedException("outsider", $"{account} is no member of the company");
        if (!policy.Permits(account)) throw new SignInRefusedException("link_refused",
            $"accounts like {account} are not linked by their owners");
        var holder = await people.FindAsync(account, cancellation);
        if (holder?.Id == session.Person) return new SignInOutcome(returnTo, null);
        var kept = new KeptLink(sid, account, clock.GetUtcNow().ToUnixTimeMilliseconds());
        var proofText = Base64Url.EncodeToString(_protector.Value.Protect(JsonSerializer.SerializeToUtf8Bytes(kept)));
        var mine = await identities.FindAsync(session.Person, cancellation);
        return new SignInOutcome(returnTo, new LinkQuestion(method.Title, account.Name ?? account.Ids[0].Value,
            mine?.Name ?? session.Person,
            holder is not null, proofText));
    }

    /// <summary>They said yes.</summary>
    /// <exception cref="SignInRefusedException">It cannot be done, or not any more.</exception>
    public async Task LinkAsync(HttpContext http, string? proof, CancellationToken cancellation)
    {
        if (Open(proof) is not { } kept || clock.GetUtcNow().ToUnixTimeMilliseconds() - kept.AskedAt > Fresh.TotalMilliseconds)
            throw new SignInRefusedException("wrong_state", "what was to be linked is too old, or made up");
        var session = await OwnAsync(http, kept.Sid, cancellation);
        var other = await identities.GetOrCreateAsync(kept.Account, cancellation);
        if (other.Id == session.Person) return;
        var who = Actor.Person(session.Person, SignInFlow.AddressOf(http));
        await database.TransactAsync(async unit =>
        {
            await PersonRows.LockAsync(unit);
            // Everything may be otherwise by now.
            if (await PersonRows.FindAsync(unit, other.Id) is not { IsDisabled: false } holder
                || await PersonRows.FindAsync(unit, session.Person) is not { IsDisabled: false } mine)
                throw new SignInRefusedException("left", "one of the two may not work");
            if (holder.Id == mine.Id) return;
            // Of that person, not of whoever else holds one of its ids: the account that was proved.
            var account = holder.Accounts.FirstOrDefault(a => a.Platform == kept.Account.Platform && a.Ids.Any(kept.Account.Ids.Contains))
                ?? throw new SignInRefusedException("wrong_state", "the account is somebody else's by now");
            if (await joining.IsGuardedAsync(unit, mine.Id, holder.Id))
                throw new SignInRefusedException("link_refused",
                    "one of the two has an account of the console: an administrator joins them");
            if (!policy.Permits(account)) throw new SignInRefusedException("link_refused", $"{account.Platform} accounts are not linked");
            if (await PersonRows.AreTwoAsync(unit, mine.Id, holder.Ids))
                throw new SignInRefusedException("two_people", "one directory has them as two people");
            var (from, into) = PersonJoining.Order(mine, holder);
            await joining.MergeAsync(unit, who, PersonJoining.BySignIn, from, into);
        }, cancellation);
    }

    private async Task<SignInSession> OwnAsync(HttpContext http, string sid, CancellationToken cancellation) =>
        await sessions.OfRequestAsync(http, cancellation) is { } session && session.Sid == sid && IsFresh(session) ? session
            : throw new SignInRefusedException("wrong_state", "the session that wanted to link is over");

    private KeptLink? Open(string? proof)
    {
        try
        {
            return proof is { Length: > 0 and < 8000 }
                ? JsonSerializer.Deserialize<KeptLink>(_protector.Value.Unprotect(Base64Url.DecodeFromChars(proof))) : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException)
        {
            // Made up, or of another key ring.
            return null;
        }
    }

    private sealed record KeptLink(string Sid, PlatformAccount Account, long AskedAt);
}

/// <summary>Is this account theirs too?</summary>
/// <param name="Method">By which it was proved.</param>
/// <param name="Account">As it is called there.</param>
/// <param name="Person">Who is signed in.</param>
/// <param name="Joins">The account was somebody's already: two people become one.</param>
/// <param name="Proof">What the form carries; encrypted.</param>
internal sealed record LinkQuestion(LocalText Method, string Account, string Person, bool Joins, string Proof);
