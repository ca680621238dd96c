using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Company;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Feishu.Events;

namespace Larkspur.Emulator.Feishu.Contact;

/// <summary>Changes the contacts range of an app and tells it so (<c>contact.scope.updated_v3</c>).</summary>
internal sealed class ContactRange(EmulatorState state, EventPusher pusher) : IContactRange
{
    private const string Type = "contact.scope.updated_v3";

    public string Platform => FeishuPlatform.PlatformName;

    public IReadOnlyList<string> Members => ["app_id"];

    public void Use(DirectoryRange? range, bool silent, ControlInput input)
    {
        var appId = input.Text("app_id") ?? state.Apps[0].AppId;
        var before = state.App(appId) ?? throw new ControlRefusal($"There is no app {appId}.", 404);
        var after = state.Change(appId, app => app with
        {
            ContactDepartments = range?.Departments.ToImmutableHashSet(), AvailableTo = range?.People.ToImmutableHashSet(),
        })!;
        if (silent || !EventScopes.Allow(after, Type)) return;
        var (old, now) = (Granted(before), Granted(after));
        pusher.Publish(after, Type, new JsonObject { ["added"] = Show(after, now.Except(old)), ["removed"] = Show(after, old.Except(now)) },
            "contact/" + appId);
    }

    private HashSet<(bool IsDepartment, string Id)> Granted(BotApp app) => app.ReadsWholeCompany
        ? [.. state.ChildrenOf(Department.Root).Select(d => (true, d.OpenDepartmentId)),
            .. state.MembersOf(Department.Root).Select(p => (false, p.UserId))]
        : [.. (app.ContactDepartments ?? []).Select(d => (true, d)), .. (app.AvailableTo ?? []).Select(p => (false, p))];

    private JsonObject Show(BotApp app, IEnumerable<(bool IsDepartment, string Id)> granted)
    {
        var fields = new ContactFields(state, app);
        var all = granted.ToLookup(g => g.IsDepartment, g => g.Id);
        return new JsonObject
        {
            ["departments"] = all[true].Select(state.FindDepartment).OfType<Department>().ToJson(d => fields.Department(d)),
            ["users"] = all[false].Select(state.Person).OfType<Person>().ToJson(p => fields.User(p, inEvent: true)),
            ["user_groups"] = new JsonArray(),
        };
    }
}
