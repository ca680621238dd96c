using System.Collections.Immutable;

namespace Larkspur.Emulator.State;

/// <summary>The life of an app's versions: created, sent to audit, approved and thereby online, or rejected; and the app taken off.</summary>
public static class AppReleases
{
    /// <summary>Older versions are forgotten beyond it.</summary>
    public const int MostVersions = 100;

    /// <summary>A new version; it holds what is in force, changed by <paramref name="draft"/>.</summary>
    /// <exception cref="InvalidOperationException">One is on its way already: the console allows one at a time.</exception>
    public static BotApp Create(BotApp app, string? name, Func<AppVersion, AppVersion> draft, DateTimeOffset now)
    {
        if (Open(app) is { } open) throw new InvalidOperationException($"Version {open.Name} is not published yet; publish or withdraw it first.");
        var number = app.Versions.Select(v => v.Number).DefaultIfEmpty(0).Max() + 1;
        var version = draft(new AppVersion
        {
            Number = number, Name = name ?? $"1.0.{number - 1}", Scopes = app.GrantedScopes, Events = app.Subscriptions, Bot = app.BotEnabled, Created = now,
        });
        var kept = app.Versions.Add(version);
        return app with { Versions = kept.Count > MostVersions ? kept.RemoveAt(kept.FindIndex(v => v.Number != app.OnlineVersion)) : kept };
    }

    public static BotApp Submit(BotApp app) => Moved(app, AppVersionStatus.Created, v => v with { Status = AppVersionStatus.UnderAudit });

    public static BotApp Reject(BotApp app) => Moved(app, AppVersionStatus.UnderAudit, v => v with { Status = AppVersionStatus.Rejected });

    /// <summary>The administrator agrees: the version is online, and what it holds is in force.</summary>
    public static BotApp Approve(BotApp app, DateTimeOffset now)
    {
        var version = In(app, AppVersionStatus.UnderAudit);
        var online = version with { Status = AppVersionStatus.Audited, Published = now };
        return app with
        {
            Versions = app.Versions.Replace(version, online), OnlineVersion = online.Number, GrantedScopes = online.Scopes, Subscriptions = online.Events, BotEnabled = online.Bot,
        };
    }

    /// <summary>Audit and release in one step, as tenants have it whose apps need no audit.</summary>
    public static BotApp Publish(BotApp app, DateTimeOffset now) => Approve(Open(app)?.Status == AppVersionStatus.UnderAudit ? app : Submit(app), now);

    /// <summary>Takes back what is not online yet.</summary>
    public static BotApp Withdraw(BotApp app) =>
        app with { Versions = app.Versions.Remove(Open(app) ?? throw new InvalidOperationException("There is no version to withdraw.")) };

    /// <summary>As if no version had ever been published: nothing of the app is in force.</summary>
    public static BotApp TakeOff(BotApp app)
    {
        if (app.Online is not { } online) throw new InvalidOperationException("No version is online.");
        return app with { OnlineVersion = null, Versions = app.Versions.Replace(online, online with { Status = AppVersionStatus.Created, Published = null, Scopes = app.GrantedScopes, Events = app.Subscriptions, Bot = app.BotEnabled }) };
    }

    public static AppVersion? Open(BotApp app) => app.Versions.FirstOrDefault(v => v.Status is AppVersionStatus.Created or AppVersionStatus.UnderAudit);

    private static BotApp Moved(BotApp app, AppVersionStatus from, Func<AppVersion, AppVersion> move)
    {
        var version = In(app, from);
        return app with { Versions = app.Versions.Replace(version, move(version)) };
    }

    private static AppVersion In(BotApp app, AppVersionStatus status) =>
        app.Versions.FirstOrDefault(v => v.Status == status) ?? throw new InvalidOperationException(status switch
        {
            AppVersionStatus.UnderAudit => "No version is under audit; submit one first.",
            _ => "There is no new version; create one first.",
        });
}
