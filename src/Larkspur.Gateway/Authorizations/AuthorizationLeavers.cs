using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Authorizations;

/// <summary>Whoever is shut out, or has left, is called for by nobody. Who they are here does not matter otherwise: an authorization is of
/// an account of the platform, and goes with it.</summary>
internal sealed class AuthorizationLeavers(AuthorizationStore store) : IPersonMerged
{
    public ValueTask MergedAsync(IUnitOfWork unit, PersonJoin join) => ValueTask.CompletedTask;

    public ValueTask UndoneAsync(IUnitOfWork unit, JoinUndo undo) => ValueTask.CompletedTask;

    public ValueTask UnlinkedAsync(IUnitOfWork unit, string from, string to, IReadOnlyList<PlatformIdentity> ids) =>
        ValueTask.CompletedTask;

    public async ValueTask DisabledAsync(IUnitOfWork unit, Actor who, string person)
    {
        if (await PersonRows.FindAsync(unit, person) is not { } known) return;
        foreach (var id in FeishuOpenIds.Of(known))
            await store.EndOfPersonAsync(unit, who, id.Scope, id.Value, AuthorizationEnds.Left);
    }
}
