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
        return (await keys.CreateAsync(new KeyGrant(who), new NewApiKey(draft.Name.Trim(), [.. draft.Scopes], draft.PerMinute, end) { Endless = end is null }, cancellation)).Secret;
    });

    /// <summary>Gives a key another text; the one before is taken for <paramref name="overlap"/> more.</summary>
    /// <exception cref="ActionRefusedException">It has ended, or is not there.</exception>
    public Task<string> RotateAsync(Actor who, long id, TimeSpan overlap, CancellationToken cancellation) => RefusingAsync(async () =>
        (await keys.RotateAsync(new KeyGrant(who), id, overlap, cancellation) ?? throw new ActionRefusedException(KeysTexts.Missing)).Secret);

    /// <summary>Ends a key for good.</summary>
    /// <exception cref="ActionRefusedException">It is not there.</exception>
    public Task RevokeAsync(Actor who, long id, CancellationToken cancellation) => RefusingAsync(async () =>
        await keys.RevokeAsync(new KeyGrant(who), id, cancellation) ?? throw new ActionRefusedException(KeysTexts.Missing));

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
