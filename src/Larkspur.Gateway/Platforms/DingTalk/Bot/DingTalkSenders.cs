using System.Collections.Concurrent;
using System.Globalization;
using Larkspur.DingTalk.Cards;
using Larkspur.DingTalk.Contacts;
using Larkspur.DingTalk.Robots;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Platforms.DingTalk.Bot;

/// <summary>Who wrote or clicked, as one account with its ids: the userid in its company first, the union id beside it.</summary>
/// <remarks>The contacts are our company's, and a userid is one within its company: of others' they say nothing.</remarks>
internal sealed class DingTalkSenders(DingTalkPeople people, IIdentities identities)
{
    private const string UserId = "userid";
    private const string UnionId = "unionid";

    /// <summary>The company of each app, as messages to its robot told it in this process.</summary>
    private readonly ConcurrentDictionary<string, string> _ownCorps = new(StringComparer.Ordinal);

    public async ValueTask<PlatformAccount> OfAsync(string app, RobotMessage message, CancellationToken cancellation)
    {
        if (message.ChatbotCorpId is { Length: > 0 } told) _ownCorps[app] = told;
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

    /// <summary>A card's callback names one id; of a member the contacts have the other.</summary>
    /// <remarks>
    /// It names a company too (that it is the clicker's own in a group of several is UNVERIFIED), and unlike a message not the app's, which
    /// messages have told since the start, or not yet. As long as they have not, only who was told to be a member before is taken for one.
    /// </remarks>
    public async ValueTask<PlatformAccount> OfAsync(string app, CardCallback click, CancellationToken cancellation)
    {
        if (click.UserIdType == 2)
            return new PlatformAccount { Platform = DingTalkApps.Platform, App = app, Ids = [Of("", UnionId, click.UserId)] };
        var corp = click.CorpId ?? "";
        var own = _ownCorps.GetValueOrDefault(app);
        var known = own is null && corp.Length > 0 ? await MemberAsync(Of(corp, UserId, click.UserId), cancellation) : null;
        // Met by this very app: another one may be another company's, whose contacts have somebody else under this userid.
        var isOurs = own is null ? known?.App == app : corp == own;
        var account = Account(app, corp, click.UserId, null, null, isOurs ? await people.FindAsync(app, click.UserId, cancellation) : null);
        return account with { IsExternal = known is null ? !isOurs : null };
    }

    /// <summary>The account that has an id, if its person was told to be a member.</summary>
    private async ValueTask<KnownAccount?> MemberAsync(PlatformIdentity id, CancellationToken cancellation) =>
        (await identities.FindAsync(id, cancellation))?.Accounts.FirstOrDefault(a => !a.IsExternal && a.Ids.Contains(id));

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
