using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.OpenId.Authorizing;
using Larkspur.Gateway.People.OpenId.Claims;
using Larkspur.Gateway.People.OpenId.Tokens;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.OpenId.Logout;

/// <summary>Sessions and people end: so does what was given by them, in the same transaction, and clients are told.</summary>
/// <remarks>Registered after the sessions themselves: whoever is shut out has lost their sessions when the families are looked at, so
/// that no exchange that was under way is missed.</remarks>
internal sealed class SessionEnds(LogoutSignal signal, TimeProvider clock) : ISignInSessionEnd, IPersonMerged
{
    public async ValueTask EndedAsync(IUnitOfWork unit, IReadOnlyList<SignInSession> ended)
    {
        foreach (var session in ended)
        {
            await TokenRows.EndOfSessionAsync(unit, session.Sid, clock.GetUtcNow());
            await LogoutRows.QueueAsync(unit, session.Sid, clock.GetUtcNow());
        }

        unit.AfterCommit(signal.Wake);
    }

    public ValueTask SignedOutEverywhereAsync(IUnitOfWork unit, string person) => EndAsync(unit, person);

    /// <summary>What was given is of somebody whom clients know by another <c>sub</c>: they sign in again.</summary>
    public async ValueTask MergedAsync(IUnitOfWork unit, PersonJoin join)
    {
        await EndAsync(unit, join.Former);
        await UserNameStore.MergedAsync(unit, join.Former, join.Person);
        await ConsentStore.ForgetPersonAsync(unit, join.Former);
    }

    /// <summary>Which of the two gave it is not known any more.</summary>
    public ValueTask UndoneAsync(IUnitOfWork unit, JoinUndo undo) => EndAsync(unit, undo.Person);

    /// <inheritdoc cref="UndoneAsync"/>
    public ValueTask UnlinkedAsync(IUnitOfWork unit, string from, string to, IReadOnlyList<PlatformIdentity> ids) => EndAsync(unit, from);

    /// <summary>All that they gave ends, also what outlasts sessions.</summary>
    public ValueTask DisabledAsync(IUnitOfWork unit, Actor who, string person) => EndAsync(unit, person);

    private async ValueTask EndAsync(IUnitOfWork unit, string person)
    {
        await TokenRows.EndOfPersonAsync(unit, person, clock.GetUtcNow());
        await LogoutRows.QueueOfPersonAsync(unit, person, clock.GetUtcNow());
        unit.AfterCommit(signal.Wake);
    }
}
