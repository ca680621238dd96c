using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Handover;

/// <summary>Keys follow the people who hold them, and end when these may not work any more.</summary>
internal sealed class PersonKeys(KeyHolders holders, TimeProvider clock) : IPersonMerged, IHandoverPart
{
    private const string Keys = "api_key";

    public async ValueTask MergedAsync(IUnitOfWork unit, PersonJoin join)
    {
        var held = await KeyHolders.NumbersAsync(unit, join.Former);
        foreach (var key in held) await JoinRows.NoteAsync(unit, join, Keys, key, "", null);
        await holders.MoveAsync(unit, join.Former, join.Person, held);
    }

    public async ValueTask UndoneAsync(IUnitOfWork unit, JoinUndo undo) =>
        await holders.MoveAsync(unit, undo.Person, undo.Former.Id, await JoinRows.NumbersAsync(unit, undo.Join, Keys));

    /// <summary>Who had them still has them.</summary>
    public ValueTask UnlinkedAsync(IUnitOfWork unit, string from, string to, IReadOnlyList<PlatformIdentity> ids) =>
        ValueTask.CompletedTask;

    public async ValueTask DisabledAsync(IUnitOfWork unit, Actor who, string person) => await holders.LeaveAsync(unit, who, person);

    public async ValueTask<IReadOnlyList<HandoverItem>> OfAsync(ISql sql, KnownPerson person) =>
        [
            .. (await KeyHolders.OfAsync(sql, person.Id, [], IHandoverPart.Most))
                .Select(key => ItemOf(HandoverKinds.ApiKey, key, clock.GetUtcNow())),
        ];

    /// <summary>A key as something that stands open.</summary>
    public static HandoverItem ItemOf(string kind, ApiKeyRow key, DateTimeOffset now) =>
        new(kind, key.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), key.Name, key.StateAt(now), key.CreatedAt)
        {
            Scope = ApiScopes.KeysWrite, Owner = key.Reach.System,
        };
}
