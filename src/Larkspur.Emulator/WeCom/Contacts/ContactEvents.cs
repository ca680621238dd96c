using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.Callbacks;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.People;

namespace Larkspur.Emulator.WeCom.Contacts;

/// <summary>Tells the application of changes of the address book (<c>change_contact</c>): what it may read, and of an update only what differs.</summary>
internal sealed class ContactEvents(EmulatorState state, WeComIds ids, WeComQueues queues, AppCallbacks callbacks)
{
    private const string Type = "change_contact";

    /// <summary>Members of the event by those of <c>user/get</c>.</summary>
    private static readonly (string Json, string Xml)[] Names =
    [
        ("name", "Name"), ("department", "Department"), ("main_department", "MainDepartment"), ("is_leader_in_dept", "IsLeaderInDept"), ("direct_leader", "DirectLeader"),
        ("position", "Position"), ("status", "Status"), ("alias", "Alias"),
    ];

    /// <param name="before">As the application read the member before; <see langword="null"/>: a new one.</param>
    public void MemberChanged(string userId, JsonObject? before, JsonObject after)
    {
        var changed = Names.Where(n => before is null || !JsonNode.DeepEquals(before[n.Json], after[n.Json])).ToArray();
        if (changed.Length == 0) return;
        Tell(before is null ? "create_user" : "update_user", xml =>
        {
            xml.Text("UserID", userId);
            foreach (var (json, name) in changed) xml.Text(name, after[json] is JsonArray list ? string.Join(',', list.Select(i => i!.ToString())) : after[json]?.ToString() ?? "");
        });
    }

    public void MemberDeleted(string userId) => Tell("delete_user", xml => xml.Text("UserID", userId));

    public void DepartmentChanged(WeComDepartment department, long order, bool isNew) => Tell(isNew ? "create_party" : "update_party", xml =>
        xml.Text("Id", Number(department.Id)).Text("Name", department.Name).Text("ParentId", Number(department.ParentId)).Text("Order", order.ToString(CultureInfo.InvariantCulture)));

    public void DepartmentDeleted(int id) => Tell("delete_party", xml => xml.Text("Id", Number(id)));

    public void TagChanged(int id, IEnumerable<string> users, IEnumerable<int> departments, bool added) => Tell("update_tag", xml =>
        xml.Text("TagId", Number(id)).Text("AddUserItems", added ? string.Join(',', users) : "").Text("DelUserItems", added ? "" : string.Join(',', users))
            .Text("AddPartyItems", added ? string.Join(',', departments) : "").Text("DelPartyItems", added ? "" : string.Join(',', departments)));

    /// <summary>An event of this <c>ChangeType</c> with these members.</summary>
    public void Tell(string change, Action<CallbackXml> fields)
    {
        var (time, id) = (state.Clock.GetUtcNow(), ids.Nonce());
        _ = queues.Enqueue("contacts", Type, newId => callbacks.DeliverAsync(new AppCallback
        {
            Type = Type, From = "sys", IsMessage = false, Id = newId ? ids.Nonce() : id, Time = time, Fields = xml =>
            {
                xml.Text("ChangeType", change);
                fields(xml);
            },
        }));
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
