using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.People.ScimTargets.Mapping;
using Larkspur.Gateway.People.ScimTargets.Rest;

namespace Larkspur.Gateway.Console.Pages.ScimTargets;

/// <summary>What the pages do with SCIM targets, under the rules of the REST API.</summary>
internal sealed class TargetPageService(TargetEndpoints endpoints)
{
    /// <summary>Fields of people that may be the userName.</summary>
    public static IReadOnlyList<string> UserNames => [.. UserNameField.All, TargetDraft.OwnField];

    public Task<IReadOnlyList<ScimTargetView>> ListAsync(CancellationToken cancellation) =>
        endpoints.ViewsAsync(new KeyGrant(Actor.System), cancellation);

    /// <summary>One of them; null: there is none.</summary>
    public async Task<ScimTargetView?> FindAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return await endpoints.ViewAsync(new KeyGrant(Actor.System), name, cancellation);
        }
        catch (RequestRefusedException)
        {
            return null;
        }
    }

    /// <summary>Adds a target.</summary>
    /// <exception cref="ActionRefusedException">A field does not fit, or the name is taken.</exception>
    public async Task AddAsync(Actor who, TargetDraft draft, CancellationToken cancellation)
    {
        var name = draft.Name.Trim();
        if (await FindAsync(name, cancellation) is not null) throw new ActionRefusedException(ScimTargetsTexts.Taken);
        if (Given(draft.Token) is null) throw new ActionRefusedException(ScimTargetsTexts.TokenMissing);
        await PutAsync(who, name, draft, cancellation);
    }

    /// <summary>Changes a target; an empty token stays.</summary>
    /// <exception cref="ActionRefusedException">A field does not fit, or it is not there any more.</exception>
    public async Task ChangeAsync(Actor who, TargetDraft draft, CancellationToken cancellation)
    {
        if (await FindAsync(draft.Name, cancellation) is null) throw new ActionRefusedException(ScimTargetsTexts.Missing);
        await PutAsync(who, draft.Name, draft, cancellation);
    }

    /// <summary>Compares everything now.</summary>
    /// <exception cref="ActionRefusedException">It is not there any more.</exception>
    public Task SyncAsync(Actor who, string name, bool confirm, CancellationToken cancellation) =>
        DoAsync(() => endpoints.AskAsync(new KeyGrant(who), name, confirm, cancellation));

    /// <summary>What a sync would change.</summary>
    /// <exception cref="ActionRefusedException">It is not there any more.</exception>
    public async Task<ScimDifferenceView> DifferenceAsync(string name, CancellationToken cancellation)
    {
        ScimDifferenceView? difference = null;
        await DoAsync(async () => difference = await endpoints.DifferenceAsync(new KeyGrant(Actor.System), name, cancellation));
        return difference!;
    }

    /// <summary>Forgets a target.</summary>
    /// <exception cref="ActionRefusedException">It is not there any more.</exception>
    public Task RemoveAsync(Actor who, string name, CancellationToken cancellation) =>
        DoAsync(() => endpoints.RemoveAsync(new KeyGrant(who), name, cancellation));

    private Task PutAsync(Actor who, string name, TargetDraft draft, CancellationToken cancellation) => DoAsync(() =>
        endpoints.PutAsync(new KeyGrant(who), name, new PutScimTarget
        {
            Url = draft.Url.Trim(), Token = Given(draft.Token), Groups = draft.Groups,
            UserName = draft.UserName == TargetDraft.OwnField ? TargetDraft.OwnField + draft.Custom.Trim() : draft.UserName,
        }, cancellation));

    private static async Task DoAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (RequestRefusedException e)
        {
            throw new ActionRefusedException((e.Word, e.Pointer) switch
            {
                ("bad_name", _) => ScimTargetsTexts.BadName,
                ("bad_url", _) => ScimTargetsTexts.BadUrl(e.Message),
                ("bad_secret", _) => ScimTargetsTexts.BadToken,
                ("bad_value", "/user_name") => ScimTargetsTexts.BadField,
                ("missing", "/token") => ScimTargetsTexts.TokenNeeded,
                ("name_in_use", _) => ScimTargetsTexts.Taken,
                ("not_found", _) => ScimTargetsTexts.Missing,
                _ => RefusalTexts.Of(e),
            });
        }
    }

    private static string? Given(string text) => text.Trim() is { Length: > 0 } given ? given : null;
}
