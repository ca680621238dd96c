using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Console.Shell;

namespace Larkspur.Gateway.Console.Pages.Keys;

/// <summary>What the page does with API keys. An administrator may hand on everything.</summary>
internal sealed class KeyPageService(ApiKeys keys, TimeProvider clock)
{
    private const int OnPage = 50;

    /// <summary>A page of keys, the newest first, and where the next one begins.</summary>
    public async Task<(IReadOnlyList<ApiKeyRow> Items, long? Next)> ListAsync(bool revoked, long? before, CancellationToken cancellation)
    {
        var rows = await keys.ListAsync(revoked, before, OnPage + 1, cancellation);
        return rows.Count > OnPage ? (rows[..OnPage], rows[OnPage - 1].Id) : (rows, null);
    }

    /// <summary>Makes a key.</summary>
    /// <returns>Its text, which is not to be had again.</returns>
    /// <exception cref="ActionRefusedException">A field does not fit, or there are too many.</exception>
    public Task<string> CreateAsync(Actor who, KeyDraft draft, CancellationToken cancellation) => RefusingAsync(async () =>
    {
        DateTimeOffset? end = draft.Days > 0 ? clock.GetUtcNow().AddDays(draft.Days) : null;
        var wanted = new NewApiKey(draft.Name.Trim(), [.. draft.Scopes], draft.PerMinute, end) { Endless = end is null,
            Reach = ReachOf(draft), SetsHolder = true, Holder = draft.Holder };
        return (await keys.CreateAsync(new KeyGrant(who), wanted, cancellation)).Secret;
    });

    /// <summary>Changes a key; its text stays.</summary>
    /// <exception cref="ActionRefusedException">A field does not fit, or it is not there.</exception>
    public Task<ApiKeyRow> ChangeAsync(Actor who, KeyDraft draft, CancellationToken cancellation) => RefusingAsync(async () =>
    {
        var setsEnd = draft.Days != KeyDraft.Kept;
        DateTimeOffset? end = setsEnd && draft.Days > 0 ? clock.GetUtcNow().AddDays(draft.Days) : null;
        var before = draft.Before!;
        var change = new KeyChange(
            draft.Name.Trim() is var name && name != before.Name ? name : null,
            before.Scopes.SetEquals(draft.Scopes) ? null : [.. draft.Scopes],
            draft.PerMinute == before.PerMinute ? null : draft.PerMinute, setsEnd, end) { Reach = ReachOf(draft, KeyDraft.Of(before)),
                SetsHolder = draft.Holder != before.Holder, Holder = draft.Holder };
        return await keys.ChangeAsync(new KeyGrant(who), draft.Id!.Value, change, cancellation)
            ?? throw new ActionRefusedException(KeysTexts.Missing);
    });

    /// <summary>Gives a key another text; the one before is taken for <paramref name="overlap"/> more.</summary>
    /// <exception cref="ActionRefusedException">It has ended, or is not there.</exception>
    public Task<string> RotateAsync(Actor who, long id, TimeSpan overlap, CancellationToken cancellation) => RefusingAsync(async () =>
        (await keys.RotateAsync(new KeyGrant(who), id, overlap, cancellation) ?? throw new ActionRefusedException(KeysTexts.Missing)).Secret);

    /// <summary>Gives a key to somebody else, or to nobody, with another text; the one before ends at once.</summary>
    /// <exception cref="ActionRefusedException">It has ended, or is not there, or they may not have it.</exception>
    public Task<string> HandOverAsync(Actor who, long id, string? holder, CancellationToken cancellation) => RefusingAsync(async () =>
        (await keys.HandOverAsync(new KeyGrant(who), id, holder, cancellation)
            ?? throw new ActionRefusedException(KeysTexts.Missing)).Secret);

    /// <summary>Ends a key for good.</summary>
    /// <exception cref="ActionRefusedException">It is not there.</exception>
    public Task RevokeAsync(Actor who, long id, CancellationToken cancellation) => RefusingAsync(async () =>
        await keys.RevokeAsync(new KeyGrant(who), id, cancellation) ?? throw new ActionRefusedException(KeysTexts.Missing));

    /// <summary>What of it is another than before; of a new key, what was entered: its system is its name where there is none.</summary>
    private static KeyReachFields ReachOf(KeyDraft draft, KeyDraft? before = null)
    {
        before ??= new KeyDraft();
        var body = new ApiKeyChange
        {
            System = draft.System.Trim() is { Length: > 0 } system && system != before.System ? system : null,
            Apps = Bounded(draft.Apps, KeyReach.MostApps, 64),
            Issuers = Bounded(draft.Issuers, KeyReach.MostIssuers, KeyReach.LongestIssuer),
            Addresses = Bounded(draft.Addresses, KeyReach.MostAddresses, 64),
        };
        return KeyReachFields.Read(body, name => name switch
        {
            "apps" => draft.Apps != before.Apps,
            "issuers" => draft.Issuers != before.Issuers,
            _ => draft.Addresses != before.Addresses,
        });
    }

    private static string[]? Bounded(string text, int most, int longest) => KeyDraft.List(text) is not { } list ? null
        : list.Length <= most && list.All(item => item.Length <= longest) ? list
        : throw new ActionRefusedException(KeysTexts.TooManyItems(most, longest));

    private static async Task<T> RefusingAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (RequestRefusedException e)
        {
            throw new ActionRefusedException(KeysTexts.Of(e));
        }
    }
}
