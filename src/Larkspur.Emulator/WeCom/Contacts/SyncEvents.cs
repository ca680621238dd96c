using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Company;

namespace Larkspur.Emulator.WeCom.Contacts;

/// <summary>Tells what the address-book sync hears of changes in the console: ids alone, of a member only departments and a new userid,
/// of a department only a new parent.</summary>
internal sealed class SyncEvents(WeComCorp corp, WeComTags tags, ContactEvents events) : IDirectoryListener
{
    public string Platform => WeComPlatform.PlatformName;

    public void PersonChanged(PersonChange change)
    {
        var after = change.After;
        if (after.IsGuest) return;
        if (change.Left)
        {
            tags.Forget(after.UserId, null);
            events.Tell("delete_user", xml => xml.Text("UserID", change.Before!.PresentUserId));
        }
        else if (change.Came)
        {
            events.Tell("create_user", xml => xml.Text("UserID", after.PresentUserId).Text("Department", Departments(after)));
        }
        else if (change.Before is { IsResigned: false } before)
        {
            var (moved, renamed) = (Departments(before) != Departments(after), before.PresentUserId != after.PresentUserId);
            if (!moved && !renamed) return;
            events.Tell("update_user", xml =>
            {
                xml.Text("UserID", before.PresentUserId);
                if (renamed) xml.Text("NewUserID", after.PresentUserId);
                if (moved) xml.Text("Department", Departments(after));
            });
        }
    }

    public void DepartmentChanged(DepartmentChange change)
    {
        var number = Number((change.After ?? change.Before!).OpenDepartmentId);
        if (change.After is not { } after)
        {
            corp.ForgetNumber(change.Before!.OpenDepartmentId);
            tags.Forget(null, number);
            events.Tell("delete_party", xml => xml.Text("Id", Text(number)));
        }
        else if (change.Before is null || change.Before.ParentOpenDepartmentId != after.ParentOpenDepartmentId)
        {
            var parent = after.ParentOpenDepartmentId == Department.Root ? WeComCorp.Root : Number(after.ParentOpenDepartmentId);
            events.Tell(change.Before is null ? "create_party" : "update_party", xml =>
                xml.Text("Id", Text(number)).Text("ParentId", Text(parent)));
        }
    }

    public void ShowIds(Department department, JsonObject view) => view["wecom_id"] = Number(department.OpenDepartmentId);

    /// <summary>Numbers are given in the departments' order.</summary>
    private int Number(string openDepartmentId)
    {
        _ = corp.Departments;
        return corp.Number(openDepartmentId, null);
    }

    private string Departments(Person person) => string.Join(',', corp.DepartmentsOf(person).Select(Text));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
