using System.Collections.Concurrent;
using System.Globalization;
using Larkspur.Gateway.People.Identities;
using Larkspur.WeCom.Contacts;

namespace Larkspur.Gateway.Channels.WeCom;

/// <summary>Who somebody is, as far as the application may see it.</summary>
/// <remarks>A missing name or address is usual: applications made after June 2022 read no addresses, and a bot alone reads nothing. Nothing may depend on one.</remarks>
internal sealed class WeComPeople(TimeProvider clock, ILogger<WeComPeople> logger)
{
    private const int MaxKept = 10_000;
    private static readonly TimeSpan KeepPerson = TimeSpan.FromHours(1);
    private static readonly TimeSpan KeepAbsence = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private readonly ConcurrentDictionary<(string App, string UserId), (Member? Member, DateTimeOffset Until)> _known = new();

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
        };
    }

    private async ValueTask<Member?> FindAsync(WeComApp app, string userId, CancellationToken cancellation)
    {
        if (app.Client is not { } client) return null;
        var now = clock.GetUtcNow();
        if (_known.TryGetValue((app.Name, userId), out var known) && known.Until > now) return known.Member;
        try
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
            var member = await client.Contacts.MemberAsync(userId, both.Token);
            Keep(app.Name, userId, member, now + KeepPerson);
            return member;
        }
        catch (PlatformApiException e)
        {
            logger.LogInformation("The name of a person is not to be had: {Reason}", e.Message);
            if (!e.IsTransient) Keep(app.Name, userId, null, now + KeepAbsence);
        }
        catch (PlatformNetworkException e)
        {
            logger.LogInformation("The directory did not answer: {Reason}", e.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            logger.LogInformation("The directory did not answer in time");
        }

        return null;
    }

    private void Keep(string app, string userId, Member? member, DateTimeOffset until)
    {
        if (_known.Count >= MaxKept) _known.Clear();
        _known[(app, userId)] = (member, until);
    }
}
