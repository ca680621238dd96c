using System.Collections.Concurrent;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Contact.V3;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.People;

/// <summary>
/// Finds people by what business systems know of them. In batches of 50, from memory where it is fresh; those who ask at the same time for the same people
/// cause one call. Nobody is guessed: an address of nobody is unknown, one of two people ambiguous.
/// </summary>
internal sealed class PersonSearch(PlatformCalls calls, PeopleCache cache, EmployeeNumbers numbers)
{
    /// <summary>Ids or addresses of one call (facts, section 9).</summary>
    private const int Batch = 50;

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    /// <summary>Looks all of them up.</summary>
    /// <returns>A match for each, in their order.</returns>
    /// <exception cref="RequestRefusedException">
    /// A permission is missing (<c>missing_app_scope</c>), or the month's calls are used up.
    /// </exception>
    /// <exception cref="PlatformApiException">The platform refused in another way.</exception>
    public async Task<IReadOnlyList<PersonMatch>> FindAsync(FeishuApp app, IReadOnlyList<PersonAddress> addresses, CancellationToken cancellation)
    {
        var id = app.Client.Options.AppId;
        PersonAddress[] Left(bool number) => [.. addresses.Where(a => a.Kind == AddressKind.EmployeeNo == number && cache.Find(id, a) is null).Select(a => a.Normal).Distinct()];

        if (Left(number: false).Length > 0)
        {
            // One at a time per app: who comes second finds in memory what the first has asked for.
            var turn = _turns.GetOrAdd(id, static _ => new SemaphoreSlim(1, 1));
            await turn.WaitAsync(cancellation);
            try
            {
                await AskAsync(app, id, Left(number: false), cancellation);
            }
            finally
            {
                turn.Release();
            }
        }

        // Not in that turn: reading a whole company must not keep a mail address waiting.
        foreach (var number in Left(number: true))
        {
            var found = await numbers.FindAsync(app, number.Value, cancellation);
            cache.Keep(id, new PersonMatch(number, found.Count == 1 ? found[0] : null, found.Count));
        }

        return [.. addresses.Select(a => cache.Find(id, a) ?? new PersonMatch(a, null))];
    }

    /// <summary>Names and ids of people whose open ids are known, as far as the app may see them.</summary>
    public async Task<IReadOnlyList<PlatformPerson>> DetailsAsync(FeishuApp app, IReadOnlyList<string> openIds, CancellationToken cancellation) =>
        [.. (await FindAsync(app, [.. openIds.Select(o => new PersonAddress(AddressKind.OpenId, o))], cancellation)).Select(m => m.Person).OfType<PlatformPerson>()];

    private async Task AskAsync(FeishuApp app, string id, PersonAddress[] addresses, CancellationToken cancellation)
    {
        var emails = addresses.Where(a => a.Kind == AddressKind.Email).ToArray();
        var mobiles = addresses.Where(a => a.Kind == AddressKind.Mobile).ToArray();
        for (var from = 0; from < Math.Max(emails.Length, mobiles.Length); from += Batch)
            await ByAddressAsync(app, id, [.. emails.Skip(from).Take(Batch)], [.. mobiles.Skip(from).Take(Batch)], cancellation);

        foreach (var kind in (AddressKind[])[AddressKind.OpenId, AddressKind.UserId, AddressKind.UnionId])
        {
            foreach (var some in addresses.Where(a => a.Kind == kind).Chunk(Batch)) await ByIdAsync(app, id, kind, some, cancellation);
        }
    }

    private async Task ByAddressAsync(FeishuApp app, string id, PersonAddress[] emails, PersonAddress[] mobiles, CancellationToken cancellation)
    {
        UserBatchGetIdResponse answer;
        try
        {
            answer = await app.Client.Contact.V3.User.BatchGetIdAsync(new()
            {
                UserIdType = "open_id",
                Emails = emails.Length > 0 ? [.. emails.Select(e => e.Value)] : null,
                Mobiles = mobiles.Length > 0 ? [.. mobiles.Select(m => m.Value)] : null,
            }, calls.Call(app, Endpoints.UserBatchGetId), cancellation);
        }
        catch (FeishuApiException e)
        {
            throw PeopleScopes.Explain(e, "mail addresses and mobile numbers", PeopleScopes.Ids);
        }

        var found = emails.Concat(mobiles).Select(address => (Address: address, OpenIds: OpenIdsOf(answer, address))).ToArray();
        var known = found.SelectMany(f => f.OpenIds).Distinct(StringComparer.Ordinal).Select(o => new PersonAddress(AddressKind.OpenId, o)).Where(a => cache.Find(id, a) is null).ToArray();
        foreach (var some in known.Chunk(Batch)) await ByIdAsync(app, id, AddressKind.OpenId, some, cancellation);
        foreach (var (address, openIds) in found)
        {
            var person = openIds.Length == 1 ? cache.Find(id, new PersonAddress(AddressKind.OpenId, openIds[0]))?.Person ?? new PlatformPerson { OpenId = openIds[0] } : null;
            cache.Keep(id, new PersonMatch(address, person, openIds.Length));
        }
    }

    /// <summary>Entries without an id are of nobody, or of somebody outside the app's range.</summary>
    private static string[] OpenIdsOf(UserBatchGetIdResponse answer, PersonAddress address) =>
        [.. (answer.UserList ?? []).Where(u => string.Equals(address.Kind == AddressKind.Email ? u.Email : u.Mobile, address.Value, StringComparison.OrdinalIgnoreCase))
            .Select(u => u.UserId).OfType<string>().Where(o => o.Length > 0).Distinct(StringComparer.Ordinal)];

    private async Task ByIdAsync(FeishuApp app, string id, AddressKind kind, IReadOnlyList<PersonAddress> some, CancellationToken cancellation)
    {
        try
        {
            var answer = await app.Client.Contact.V3.User.BatchAsync(new() { UserIds = [.. some.Select(a => a.Value)], UserIdType = some[0].Word },
                calls.Call(app, Endpoints.UserBatch), cancellation);
            var people = (answer.Items ?? []).Select(EmployeeNumbers.PersonOf).ToArray();
            foreach (var address in some)
            {
                var person = people.FirstOrDefault(p => Is(p, kind, address.Value)) ?? (people.Length == 1 && some.Count == 1 ? people[0] : null);
                cache.Keep(id, new PersonMatch(address, person is null ? null : With(person, kind, address.Value)));
            }
        }
        catch (FeishuApiException e) when (e.MissingScopes.Count > 0)
        {
            // The ids can be written to all the same; only whether they are somebody's, and the names, stay unseen.
            foreach (var address in some) cache.Keep(id, new PersonMatch(address, With(new PlatformPerson(), kind, address.Value)));
        }
        catch (FeishuApiException e) when (e.FailureKind is FailureKind.Invalid or FailureKind.NotFound or FailureKind.Permission)
        {
            // One id that is nobody's spoils the whole call: each is asked for by itself.
            if (some.Count == 1) cache.Keep(id, new PersonMatch(some[0], null));
            else foreach (var address in some) await ByIdAsync(app, id, kind, [address], cancellation);
        }
    }

    private static bool Is(PlatformPerson person, AddressKind kind, string value) => (kind switch
    {
        AddressKind.OpenId => person.OpenId,
        AddressKind.UserId => person.UserId,
        _ => person.UnionId,
    }) == value;

    /// <summary>The answer may lack the very id that was asked for: user ids need a permission.</summary>
    private static PlatformPerson With(PlatformPerson person, AddressKind kind, string value) => kind switch
    {
        AddressKind.OpenId => person with { OpenId = value },
        AddressKind.UserId => person with { UserId = value },
        _ => person with { UnionId = value },
    };
}
