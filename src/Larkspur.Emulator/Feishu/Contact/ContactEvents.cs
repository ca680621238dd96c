using System.Text.Json.Nodes;
using Larkspur.Emulator.Company;
using Larkspur.Emulator.Feishu.Events;

namespace Larkspur.Emulator.Feishu.Contact;

/// <summary>Tells apps of people and departments within their contacts range (<c>contact.user.*_v3</c>, <c>contact.department.*_v3</c>),
/// with the fields that they may see.</summary>
internal sealed class ContactEvents(EmulatorState state, EventPusher pusher) : IDirectoryListener
{
    public string Platform => FeishuPlatform.PlatformName;

    public void PersonChanged(PersonChange change)
    {
        foreach (var app in state.Apps)
        {
            var fields = new ContactFields(state, app);
            var before = change.Before is { } old ? fields.User(old, inEvent: true) : [];
            var after = fields.User(change.After, inEvent: true);
            if (change.Came && state.InRange(app, change.After)) Publish(app, "contact.user.created_v3", after, null);
            else if (change.Left && state.InRange(app, change.Before!))
                Publish(app, "contact.user.deleted_v3", Without(after), LeftFrom(before));
            else if (!change.Came && !change.Left && state.InRange(app, change.After)) PublishUpdates(app, before, after);
        }
    }

    public void DepartmentChanged(DepartmentChange change)
    {
        foreach (var app in state.Apps)
        {
            if (!state.InRange(app, change.After ?? change.Before!)) continue;
            var fields = new ContactFields(state, app);
            var now = fields.Department(change.After ?? change.Before!, inEvent: true);
            if (change.Before is null) Publish(app, "contact.department.created_v3", now, null);
            else if (change.After is null)
            {
                var old = new JsonObject { ["open_department_id"] = change.Before.OpenDepartmentId };
                if (now["status"] is JsonObject status)
                {
                    old["status"] = status.DeepClone();
                    status["is_deleted"] = true;
                }

                Publish(app, "contact.department.deleted_v3", now, old);
            }
            else if (Changed(fields.Department(change.Before, inEvent: true), now) is { Count: > 0 } old)
                Publish(app, "contact.department.updated_v3", now, old);
        }
    }

    /// <summary>A new mobile and a new mail are events of their own.</summary>
    private void PublishUpdates(BotApp app, JsonObject before, JsonObject after)
    {
        var changed = Changed(before, after);
        foreach (var alone in (string[])["mobile", "email"])
        {
            if (!changed.Remove(alone, out var old)) continue;
            Publish(app, "contact.user.updated_v3", Without(after), new JsonObject { [alone] = old });
        }

        if (changed.Count > 0) Publish(app, "contact.user.updated_v3", Without(after), changed);
    }

    private static JsonObject Changed(JsonObject before, JsonObject after)
    {
        var names = before.Select(f => f.Key).Union(after.Select(f => f.Key));
        return new JsonObject(names.Where(n => !JsonNode.DeepEquals(before[n], after[n]))
            .Select(n => KeyValuePair.Create(n, before[n]?.DeepClone())));
    }

    /// <summary>Where somebody is now stands in no such event: it is read again.</summary>
    private static JsonObject Without(JsonObject user)
    {
        var told = user.DeepClone().AsObject();
        if (told.ContainsKey("department_ids")) told["department_ids"] = new JsonArray();
        return told;
    }

    private static JsonObject LeftFrom(JsonObject before)
    {
        var old = new JsonObject { ["open_id"] = before["open_id"]?.DeepClone() };
        if (before["department_ids"] is { } places) old["department_ids"] = places.DeepClone();
        return old;
    }

    private void Publish(BotApp app, string type, JsonObject now, JsonObject? old)
    {
        if (!EventScopes.Allow(app, type)) return;
        var body = new JsonObject { ["object"] = now.DeepClone() };
        if (old is not null) body["old_object"] = old.DeepClone();
        pusher.Publish(app, type, body, "contact/" + app.AppId);
    }
}
