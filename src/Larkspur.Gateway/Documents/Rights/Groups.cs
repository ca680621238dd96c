using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Gateway.Apps.Feishu;

namespace Larkspur.Gateway.Documents.Rights;

/// <summary>Whether the person is in a group. The app sees members of groups that its bot is in.</summary>
internal sealed class Groups(PlatformCalls calls, DocumentOptions options)
{
    private const int PageSize = 100;

    /// <summary>Groups that are looked through for one document.</summary>
    private const int MostGroups = 5;

    /// <summary>In one of these groups.</summary>
    public async Task<Verdict> IsInAsync(FeishuApp app, DocumentReader who, IReadOnlyCollection<string> chats, CancellationToken cancellation)
    {
        if (who.ChatId is { } here && chats.Contains(here)) return Verdict.Yes;
        var verdict = chats.Count > MostGroups ? Verdict.AppMayNotAsk : Verdict.No;
        foreach (var chat in chats.Take(MostGroups))
        {
            try
            {
                if (await IsInAsync(app, who, chat, cancellation)) return Verdict.Yes;
            }
            catch (FeishuApiException e) when (DocumentFailures.Of(e) is not DocumentOutcome.Unavailable)
            {
                verdict = Verdict.AppMayNotAsk;
            }
        }

        return verdict;
    }

    private async Task<bool> IsInAsync(FeishuApp app, DocumentReader who, string chat, CancellationToken cancellation)
    {
        string? next = null;
        for (var seen = 0; seen < options.MaxMembers; seen += PageSize)
        {
            var page = await app.Client.Im.V1.Chat.Members.GetAsync(new() { ChatId = chat, MemberIdType = "open_id", PageSize = PageSize, PageToken = next }, calls.Call(app, Endpoints.ChatMembersGet), cancellation);
            if ((page.Items ?? []).Any(m => m.MemberId == who.OpenId)) return true;
            if (page.HasMore != true || string.IsNullOrEmpty(page.PageToken)) return false;
            next = page.PageToken;
        }

        return false;
    }
}
