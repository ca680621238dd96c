using System.Globalization;
using Larkspur.DingTalk.Cards;
using Larkspur.DingTalk.Contacts;
using Larkspur.DingTalk.Robots;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Channels.DingTalk.Bot;

/// <summary>Who wrote or clicked, as one account with its ids: the userid in its company first, the union id beside it.</summary>
internal sealed class DingTalkSenders(DingTalkPeople people)
{
    private const string UserId = "userid";
    private const string UnionId = "unionid";

    public async ValueTask<PlatformAccount> OfAsync(string app, RobotMessage message, CancellationToken cancellation)
    {
        if (message.SenderStaffId is not { Length: > 0 } staff)
        {
            // Somebody from outside, or an app that is not published yet. The encrypted id is of no use in calls, but it is the same one each time.
            PlatformIdentity[] ids = message.SenderUnionId is { Length: > 0 } union ? [Of("", UnionId, union)] : [Of(app, "sender_id", message.SenderId ?? message.ConversationId)];
            return new PlatformAccount { Platform = DingTalkApps.Platform, App = app, Ids = ids, Name = message.SenderNick, IsExternal = true };
        }

        var corp = message.SenderCorpId is { Length: > 0 } known ? known : message.ChatbotCorpId ?? "";
        // A userid of another organisation may be somebody else's in ours.
        var isOurs = message.ChatbotCorpId is not { Length: > 0 } own || corp == own;
        var account = Account(app, corp, staff, message.SenderUnionId, message.SenderNick, isOurs ? await people.FindAsync(app, staff, cancellation) : null);
        return account with { IsExternal = message.ChatbotCorpId is not { Length: > 0 } || !isOurs };
    }

    /// <summary>A card's callback names one id; the person in the contacts has the other.</summary>
    public async ValueTask<PlatformAccount> OfAsync(string app, CardCallback click, CancellationToken cancellation)
    {
        if (click.UserIdType == 2) return new PlatformAccount { Platform = DingTalkApps.Platform, App = app, Ids = [Of("", UnionId, click.UserId)] };
        return Account(app, click.CorpId ?? "", click.UserId, null, null, await people.FindAsync(app, click.UserId, cancellation));
    }

    private static PlatformAccount Account(string app, string corp, string userId, string? unionId, string? nick, DingTalkPerson? person)
    {
        var union = unionId is { Length: > 0 } ? unionId : person?.Unionid;
        return new PlatformAccount
        {
            Platform = DingTalkApps.Platform,
            App = app,
            Ids = union is { Length: > 0 } ? [Of(corp, UserId, userId), Of("", UnionId, union)] : [Of(corp, UserId, userId)],
            Name = person?.Name ?? nick,
            // The mailbox that the company gave; the other address is one that people may have written there themselves.
            VerifiedEmail = person?.OrgEmail is { Length: > 0 } mail ? mail : null,
            Departments = person?.DeptIdList.Select(d => d.ToString(CultureInfo.InvariantCulture)).ToArray(),
        };
    }

    private static PlatformIdentity Of(string scope, string kind, string value) => new(DingTalkApps.Platform, scope, kind, value);
}
