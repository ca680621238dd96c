using System.Text.Json;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.People;
using Larkspur.Gateway.People.Directory.Sync;

namespace Larkspur.Gateway.Platforms.DingTalk.Directory;

/// <summary>Events about the organisation's people and departments. They name people by userid, and departments by number.</summary>
internal sealed class DingTalkDirectoryEvents(MembershipEvents members, DirectoryHints hints)
{
    private const int Most = 1000;

    private static readonly string[] People = ["user_add_org", "user_modify_org", "user_leave_org", "user_active_org"];
    private static readonly string[] Departments = ["org_dept_create", "org_dept_modify", "org_dept_remove"];

    public static IReadOnlyList<string> Types { get; } = [.. People, .. Departments];

    public ValueTask<Reaction> HandleAsync(EventContext context, CancellationToken cancellation)
    {
        var (app, isPeople) = (context.Event.App, People.Contains(context.Event.EventType));
        var named = Named(context, isPeople ? "userId" : "deptId");
        return ValueTask.FromResult(new Reaction(async effects =>
        {
            members.Moved(effects.Unit);
            foreach (var id in named)
            {
                if (isPeople) await hints.AddAsync(effects.Unit, DingTalkApps.Platform, app, DirectoryHints.Member,
                    DingTalkDirectoryReading.UserId + id);
                else await hints.AddAsync(effects.Unit, DingTalkApps.Platform, app, DirectoryHints.Department, id);
            }

            return Outcome.Answered;
        }));
    }

    /// <summary>The platform writes a list, or one alone.</summary>
    private static IReadOnlyList<string> Named(EventContext context, string member)
    {
        using var json = JsonDocument.Parse(context.Event.Payload);
        if (!json.RootElement.TryGetProperty(member, out var value)) return [];
        var all = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Take(Most) : [value];
        return [.. all.Where(v => v.ValueKind is JsonValueKind.String or JsonValueKind.Number).Select(v => v.ToString()).Where(id =>
            id.Length is > 0 and <= 128)];
    }
}
