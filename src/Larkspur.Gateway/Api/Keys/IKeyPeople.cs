using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>The people who may hold keys.</summary>
internal interface IKeyPeople
{
    /// <summary>Keeps who may work as it is until the transaction ends. To be its first statement.</summary>
    ValueTask LockAsync(IUnitOfWork unit);

    /// <summary>Somebody by an id of today or of former days; null: nobody has it.</summary>
    ValueTask<KeyPerson?> FindAsync(ISql sql, string id);
}

/// <summary>Somebody who holds a key, or may.</summary>
/// <param name="Id">Of today.</param>
/// <param name="MayWork">Neither shut out nor gone.</param>
internal sealed record KeyPerson(string Id, bool MayWork);
