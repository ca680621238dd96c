using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Handover;

/// <summary>Holders of keys are people over all platforms.</summary>
internal sealed class KeyPeople : IKeyPeople
{
    public ValueTask LockAsync(IUnitOfWork unit) => PersonRows.LockAsync(unit);

    public async ValueTask<KeyPerson?> FindAsync(ISql sql, string id) =>
        KnownPerson.IsId(id) && await PersonRows.FindAsync(sql, id) is { } person ? new KeyPerson(person.Id, !person.IsDisabled) : null;
}
