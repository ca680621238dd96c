using System.Globalization;
using System.Text.Json;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.People;
using Larkspur.Gateway.People.Directory.Sync;

namespace Larkspur.Gateway.Platforms.Feishu.Directory;

/// <summary>Events that say that people came, left or moved, or that the app sees others of them than before.</summary>
/// <remarks>They tell only what changed, and of a deleted person no departments: whom they name is asked for anew. The platform has no
/// event about functional roles.</remarks>
internal sealed class FeishuDirectoryEvents(MembershipEvents members, DirectoryHints hints)
{
    private const string Scope = "contact.scope.updated_v3";

    private static readonly string[] People = ["contact.user.created_v3", "contact.user.updated_v3", "contact.user.deleted_v3"];
    private static readonly string[] Departments = ["contact.department.created_v3", "contact.department.updated_v3",
        "contact.department.deleted_v3"];

    public static IReadOnlyList<string> Types { get; } = [.. People, .. Departments, Scope];

    public ValueTask<Reaction> HandleAsync(EventContext context, CancellationToken cancellation)
    {
        var (type, app) = (context.Event.EventType, context.Event.App);
        var (kind, item) = type == Scope ? (DirectoryHints.All, "") : People.Contains(type)
            ? (DirectoryHints.Member, Of(context, "union_id") ?? Of(context, "open_id"))
            : (DirectoryHints.Department, Of(context, "open_department_id"));
        var happened = context.Event.ReceivedAt - context.Event.HappenedAt > FeishuEventPaths.Patience
            ? context.Event.HappenedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) : null;
        return ValueTask.FromResult(new Reaction(async effects =>
        {
            members.Moved(effects.Unit);
            // It is one of the last repetitions: the platform did not reach us for long.
            if (happened is { } at) await hints.AddAsync(effects.Unit, PlatformNames.Feishu, app, DirectoryHints.Late, at);
            // One that names nobody says that something changed.
            await hints.AddAsync(effects.Unit, PlatformNames.Feishu, app, item is null ? DirectoryHints.All : kind, item ?? "");
            return Outcome.Answered;
        }));
    }

    private static string? Of(EventContext context, string member)
    {
        using var json = JsonDocument.Parse(context.Event.Payload);
        return json.RootElement.TryGetProperty("object", out var named) && named.ValueKind == JsonValueKind.Object
            && named.TryGetProperty(member, out var id)
            && id.ValueKind == JsonValueKind.String && id.GetString() is { Length: > 0 and <= 128 } text ? text : null;
    }
}
