using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Wiki.V2;
using Larkspur.Gateway.Apps.Feishu;

namespace Larkspur.Gateway.Documents.Rights;

/// <summary>Whether the person is a member of a knowledge space.</summary>
internal sealed class Spaces(PlatformCalls calls, Colleagues colleagues, Groups groups, DocumentOptions options)
{
    private const int PageSize = 50;

    /// <summary>A member of the space, or one of those who keep it: they may read every page of it.</summary>
    /// <param name="app">The app.</param>
    /// <param name="who">The person, of the app's tenant.</param>
    /// <param name="space">The space.</param>
    /// <param name="keepersOnly">The page is not open to all members.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<Verdict> IsInAsync(FeishuApp app, DocumentReader who, string space, bool keepersOnly, CancellationToken cancellation)
    {
        try
        {
            if (!keepersOnly && await IsPublicAsync(app, space, cancellation)) return Verdict.Yes;
            var members = await MembersAsync(app, space, cancellation);
            return await AreTheyAsync(app, who, [.. members.Where(m => !keepersOnly || m.MemberRole?.Value == "admin")], cancellation);
        }
        catch (FeishuApiException e) when (DocumentFailures.Of(e) is not DocumentOutcome.Unavailable)
        {
            return Verdict.AppMayNotAsk;
        }
    }

    private async Task<Verdict> AreTheyAsync(FeishuApp app, DocumentReader who, Member[] members, CancellationToken cancellation)
    {
        if (members.Any(m => Sharing.IsPerson(who, m.MemberType?.Value, m.MemberId))) return Verdict.Yes;
        string[] Ids(string type) => [.. members.Where(m => m.MemberType?.Value == type).Select(m => m.MemberId).OfType<string>()];
        var inDepartment = Ids("opendepartmentid") is { Length: > 0 } departments ? await colleagues.IsInAsync(app, who, departments, cancellation) : Verdict.No;
        if (inDepartment == Verdict.Yes) return Verdict.Yes;
        var inGroup = Ids("openchat") is { Length: > 0 } chats ? await groups.IsInAsync(app, who, chats, cancellation) : Verdict.No;
        return inGroup == Verdict.No ? inDepartment : inGroup;
    }

    /// <summary>Open to the whole company. Who may not ask is told by the members alone.</summary>
    private async Task<bool> IsPublicAsync(FeishuApp app, string space, CancellationToken cancellation)
    {
        try
        {
            var answer = await app.Client.Wiki.V2.Space.GetAsync(new() { SpaceId = space }, calls.Call(app, Endpoints.SpaceGet), cancellation);
            return answer.Space?.Visibility?.Value == "public";
        }
        catch (FeishuApiException e) when (DocumentFailures.Of(e) is DocumentOutcome.NotAllowedForApp)
        {
            return false;
        }
    }

    private async Task<List<Member>> MembersAsync(FeishuApp app, string space, CancellationToken cancellation)
    {
        List<Member> members = [];
        string? next = null;
        while (members.Count < options.MaxMembers)
        {
            var page = await app.Client.Wiki.V2.Space.Member.ListAsync(new() { SpaceId = space, PageSize = PageSize, PageToken = next }, calls.Call(app, Endpoints.SpaceMemberList), cancellation);
            members.AddRange(page.Members ?? []);
            if (page.HasMore != true || string.IsNullOrEmpty(page.PageToken) || page.Members is not { Count: > 0 }) break;
            next = page.PageToken;
        }

        return members;
    }
}
