using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Gateway.Apps.Feishu;
using Drive = Larkspur.Feishu.Api.Drive;

namespace Larkspur.Gateway.Documents.Rights;

/// <summary>
/// Whether a person may read a document. The platform has no call that answers it for somebody else, so it is put together from what the link opens, the owner and
/// the collaborators; only a proof counts, and what no call tells is no.
/// </summary>
internal sealed class ReadingRight(PlatformCalls calls, Colleagues colleagues, Groups groups, Spaces spaces)
{
    /// <summary>A wiki's page has two lists: who may read it with all below, and who this page alone.</summary>
    private static readonly Drive.V1.PermType?[] OfPages = [Drive.V1.PermType.Container, Drive.V1.PermType.SinglePage];

    private static readonly Drive.V1.PermType?[] OfDocuments = [null];

    /// <summary>Asks, the cheapest questions first.</summary>
    /// <param name="app">The app.</param>
    /// <param name="file">What it is about.</param>
    /// <param name="who">The person.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="FeishuApiException">There is no such document, or the platform cannot answer.</exception>
    public async Task<Verdict> AskAsync(FeishuApp app, DocumentFile file, DocumentReader who, CancellationToken cancellation)
    {
        var verdict = Verdict.No;
        var colleague = await colleagues.IsOneAsync(app, who, cancellation);
        // The company's link is for its people. That of everybody may want a password of others, which no call tells.
        if (colleague == Verdict.Yes)
        {
            var link = await TryAsync(() => LinkOpensAsync(app, file, cancellation));
            if (link == Verdict.Yes) return Verdict.Yes;
            verdict = link;
        }

        var owner = await TryAsync(() => OwnsAsync(app, file, who, cancellation));
        if (owner == Verdict.Yes) return Verdict.Yes;
        if (owner == Verdict.AppMayNotAsk) verdict = owner;
        Sharing sharing;
        try
        {
            sharing = Sharing.Of(who, await MembersAsync(app, file, cancellation));
        }
        catch (FeishuApiException e) when (DocumentFailures.Of(e) is DocumentOutcome.NotAllowedForApp)
        {
            return Verdict.AppMayNotAsk;
        }

        if (sharing.Named) return Verdict.Yes;
        if (colleague != Verdict.Yes) return colleague;
        // In a group that was given the document there may be guests whom it is closed to: only colleagues are looked for.
        foreach (var ask in (Func<Task<Verdict>>[])
        [
            () => sharing.Chats.Count > 0 ? groups.IsInAsync(app, who, sharing.Chats, cancellation) : Answer(Verdict.No),
            () => sharing.Departments.Count > 0 ? colleagues.IsInAsync(app, who, sharing.Departments, cancellation) : Answer(Verdict.No),
            () => InSpacesAsync(app, who, file, sharing, cancellation),
        ])
        {
            var answer = await ask();
            if (answer == Verdict.Yes) return Verdict.Yes;
            if (answer == Verdict.AppMayNotAsk) verdict = answer;
        }

        return verdict;
    }

    private async Task<Verdict> InSpacesAsync(FeishuApp app, DocumentReader who, DocumentFile file, Sharing sharing, CancellationToken cancellation)
    {
        var verdict = Verdict.No;
        foreach (var space in sharing.Spaces.Take(3))
        {
            var answer = await spaces.IsInAsync(app, who, space, keepersOnly: false, cancellation);
            if (answer != Verdict.No) verdict = answer;
            if (answer == Verdict.Yes) return answer;
        }

        // Who keeps the space may read all its pages, whoever they are shared with.
        if (file.SpaceId is not { } own || sharing.Spaces.Contains(own)) return verdict;
        return await spaces.IsInAsync(app, who, own, keepersOnly: true, cancellation) == Verdict.Yes ? Verdict.Yes : verdict;
    }

    private async Task<Verdict> LinkOpensAsync(FeishuApp app, DocumentFile file, CancellationToken cancellation)
    {
        var answer = await app.Client.Drive.V2.Permission.Public.GetAsync(new() { Token = file.Token, Type = file.Type }, calls.Call(app, Drive.V2.Endpoints.PermissionPublicGet), cancellation);
        return answer.PermissionPublic?.LinkShareEntity?.Value is "tenant_readable" or "tenant_editable" or "anyone_readable" or "anyone_editable" ? Verdict.Yes : Verdict.No;
    }

    private async Task<Verdict> OwnsAsync(FeishuApp app, DocumentFile file, DocumentReader who, CancellationToken cancellation)
    {
        var answer = await app.Client.Drive.V1.Meta.BatchQueryAsync(new() { RequestDocs = [new() { DocToken = file.Token, DocType = file.Type }], UserIdType = "open_id" },
            calls.Call(app, Drive.V1.Endpoints.MetaBatchQuery), cancellation);
        return answer.Metas is [{ OwnerId: { Length: > 0 } owner }] && owner == who.OpenId ? Verdict.Yes : Verdict.No;
    }

    private async Task<List<Drive.V1.Member>> MembersAsync(FeishuApp app, DocumentFile file, CancellationToken cancellation)
    {
        List<Drive.V1.Member> members = [];
        foreach (var type in file.Type == "wiki" ? OfPages : OfDocuments)
        {
            var answer = await app.Client.Drive.V1.Permission.Member.ListAsync(new() { Token = file.Token, Type = file.Type, Fields = Drive.V1.Fields.Type, PermType = type },
                calls.Call(app, Drive.V1.Endpoints.PermissionMemberList), cancellation);
            members.AddRange(answer.Items ?? []);
        }

        return members;
    }

    /// <summary>A question that the app may not ask leaves the others.</summary>
    private static async Task<Verdict> TryAsync(Func<Task<Verdict>> ask)
    {
        try
        {
            return await ask();
        }
        catch (FeishuApiException e) when (DocumentFailures.Of(e) is DocumentOutcome.NotAllowedForApp)
        {
            return Verdict.AppMayNotAsk;
        }
    }

    private static Task<Verdict> Answer(Verdict verdict) => Task.FromResult(verdict);
}

/// <summary>A document as the permission calls name it.</summary>
/// <param name="Token">The document's, or the wiki node's.</param>
/// <param name="Type"><c>docx</c> or <c>wiki</c>.</param>
/// <param name="SpaceId">The wiki's space.</param>
/// <param name="DocumentId">Whose blocks are read.</param>
internal sealed record DocumentFile(string Token, string Type, string? SpaceId, string DocumentId);
