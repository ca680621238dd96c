using System.Text.Json.Nodes;
using Larkspur.Emulator.Company;
using Larkspur.Emulator.DingTalk.Events;

namespace Larkspur.Emulator.DingTalk.People;

/// <summary>Tells the application who came, changed and left, and of departments.</summary>
internal sealed class OrganisationEvents(EmulatorState state, UserView view, EventDeliveries events) : IDirectoryListener
{
    /// <summary>What a change of names, in <c>diffInfo</c>.</summary>
    private static readonly string[] Told = ["name", "mobile", "email", "title", "job_number", "work_place", "active", "dept_id_list"];

    public string Platform => DingTalkPlatform.PlatformName;

    public void PersonChanged(PersonChange change)
    {
        var (before, after) = (change.Before, change.After);
        if (after.IsGuest) return;
        if (change.Left) Tell("user_leave_org", before!.PresentUserId);
        else if (change.Came) Tell("user_add_org", after.PresentUserId);
        else if (before is { IsResigned: false } && before.PresentUserId != after.PresentUserId)
        {
            // A userid cannot be changed here: the person leaves and comes back with the same unionid.
            Tell("user_leave_org", before.PresentUserId);
            Tell("user_add_org", after.PresentUserId);
        }
        else if (before is { IsResigned: false }) TellChange(before, after);
    }

    public void DepartmentChanged(DepartmentChange change)
    {
        var type = change.Before is null ? "org_dept_create" : change.After is null ? "org_dept_remove" : "org_dept_modify";
        events.Begin(type, new JsonObject { ["timeStamp"] = Now(),
            ["deptId"] = new JsonArray(DingTalkDirectory.Number(change.After ?? change.Before!)) });
    }

    public void ShowIds(Department department, JsonObject shown) => shown["dingtalk_id"] = DingTalkDirectory.Number(department);

    private void TellChange(Person before, Person after)
    {
        var (old, now) = (view.Show(before, detailed: false), view.Show(after, detailed: false));
        var changed = Told.Where(n => !JsonNode.DeepEquals(old[n], now[n])).ToArray();
        if (changed.Length == 0 && before.LeaderUserId == after.LeaderUserId) return;
        events.Begin("user_modify_org", new JsonObject
        {
            ["timeStamp"] = Now(), ["userId"] = new JsonArray(after.PresentUserId),
            ["diffInfo"] = new JsonArray(new JsonObject
            {
                ["prev"] = Only(old, changed), ["curr"] = Only(now, changed), ["userid"] = after.PresentUserId,
            }),
        });
    }

    private static JsonObject Only(JsonObject all, string[] names) => new(names.Select(n => KeyValuePair.Create(n, all[n]?.DeepClone())));

    private void Tell(string type, string userId) =>
        events.Begin(type, new JsonObject { ["timeStamp"] = Now(), ["userId"] = new JsonArray(userId) });

    private long Now() => state.Clock.GetUtcNow().ToUnixTimeMilliseconds();
}
