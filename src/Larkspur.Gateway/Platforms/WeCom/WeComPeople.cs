using System.Globalization;
using Larkspur.Gateway.Apps;
using Larkspur.Gateway.People;
using Larkspur.Gateway.People.Identities;
using Larkspur.WeCom.Contacts;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>Who somebody is, as far as the application may see it.</summary>
/// <remarks>A missing name or address is usual: applications made after June 2022 read no addresses, and a bot alone reads nothing. Nothing may depend on one.</remarks>
internal sealed class WeComPeople(TimeProvider clock, ILogger<WeComPeople> logger)
{
    private readonly RememberedPeople<Member> _people = new(clock, logger);

    /// <summary>The person's id for what the bot remembers: userids are no open ids of Feishu's.</summary>
    public static string Known(string userId) => "wecom:" + userId;

    /// <summary>The account behind a message.</summary>
    /// <param name="app">Which app received it.</param>
    /// <param name="userId">Who wrote.</param>
    /// <param name="corpId">The corp that the platform named; null: none.</param>
    /// <param name="cancellation">Ends the asking.</param>
    public async ValueTask<PlatformAccount> AccountAsync(WeComApp app, string userId, string? corpId, CancellationToken cancellation)
    {
        var scope = app.Scope(corpId);
        // A member of another corp may have the same userid as one of ours.
        var member = scope == app.Settings.CorpId ? await FindAsync(app, userId, cancellation) : null;
        return new PlatformAccount
        {
            Platform = WeComApps.Platform, App = app.Name, Ids = [new PlatformIdentity(WeComApps.Platform, scope, "userid", userId)],
            // Only the company's own address is the company's word; the other one a member may have written.
            Name = member?.Name is { Length: > 0 } name ? name : null, VerifiedEmail = member?.BizMail is { Length: > 0 } mail ? mail : null,
            Departments = member?.Department.Select(d => d.ToString(CultureInfo.InvariantCulture)).ToArray(), ScopeIsAssumed = corpId is null && app.Settings.CorpId is null,
            // Without the company in the settings nobody says whether they are of it.
            IsExternal = scope != app.Settings.CorpId,
        };
    }

    /// <summary>A bot alone has no address book.</summary>
    private async ValueTask<Member?> FindAsync(WeComApp app, string userId, CancellationToken cancellation) =>
        app.Client is { } client ? await _people.FindAsync(app.Name, userId, async limit => await client.Contacts.MemberAsync(userId, limit), cancellation) : null;
}
