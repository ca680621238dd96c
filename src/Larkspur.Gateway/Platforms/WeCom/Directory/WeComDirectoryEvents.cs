using System.Text.Json;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.People;
using Larkspur.Gateway.People.Directory.Sync;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Platforms.WeCom.Directory;

/// <summary><c>change_contact</c>: members and departments came, changed and went. It goes to the address-book sync, not to ordinary
/// applications.</summary>
internal sealed class WeComDirectoryEvents(MembershipEvents members, DirectoryHints hints)
{
    public const string Type = "event.change_contact";

    private const string UserId = "userid";

    public ValueTask<Reaction> HandleAsync(EventContext context, CancellationToken cancellation)
    {
        using var json = JsonDocument.Parse(context.Event.Payload);
        var (app, corp) = (context.Event.App, context.Event.TenantKey ?? "");
        var (change, user, renamed, department) = (Text(json, "ChangeType"), Text(json, "UserID"), Text(json, "NewUserID"),
            Text(json, "Id"));
        return ValueTask.FromResult(new Reaction(async effects =>
        {
            members.Moved(effects.Unit);
            if (user is not null && renamed is not null)
                await MemberRenaming.RenameAsync(effects.Unit, new PlatformIdentity(WeComApps.Platform, corp, UserId, user),
                    new PlatformIdentity(WeComApps.Platform, corp, UserId, renamed));
            if (user is not null) await hints.AddAsync(effects.Unit, WeComApps.Platform, app, DirectoryHints.Member,
                (renamed ?? user).ToLowerInvariant());
            else if (department is not null && change?.EndsWith("_party", StringComparison.Ordinal) == true)
                await hints.AddAsync(effects.Unit, WeComApps.Platform, app, DirectoryHints.Department, department);
            return Outcome.Answered;
        }));
    }

    private static string? Text(JsonDocument json, string name) =>
        json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 and <= 128 } text ? text : null;
}
