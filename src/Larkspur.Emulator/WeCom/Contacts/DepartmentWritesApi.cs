using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Company;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Contacts;

/// <summary>Creates, changes and deletes departments, which are those of the emulated company on every platform.</summary>
internal sealed class DepartmentWritesApi(EmulatorState state, WeComCorp corp, WeComTags tags, ContactEvents events,
    CompanyDirectory directory) : IWeComArea
{
    private const int MostDepartments = 20_000;
    private const int MostName = 64;
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(":*?\"<>|\\");

    public void Register(WeComHandlers on)
    {
        on.Post("/cgi-bin/department/create", Create);
        on.Post("/cgi-bin/department/update", Update);
        on.Get("/cgi-bin/department/delete", Delete);
    }

    private ApiAnswer Create(WeComCall call)
    {
        ContactSyncRights.Only(call);
        var parent = Parent(WeComJson.Number(call.Body, "parentid"));
        var name = Name(call.Need("name"), parent.Id, null);
        var asked = WeComJson.Number(call.Body, "id");
        if (asked is <= WeComCorp.Root or > int.MaxValue || (asked is { } id && corp.Departments.Any(d => d.Id == id))) throw new WeComRefusal(60008, "department existed");
        if (corp.Departments.Count >= MostDepartments) throw new WeComRefusal(45024, "too many departments");
        var key = state.Ids.Next("od-");
        var number = corp.Number(key, (int?)asked);
        directory.Put(new Department
        {
            OpenDepartmentId = key, DepartmentId = $"wecom{number}", FirstDepartmentId = key, Name = name, EnName = call.Text("name_en")
            ?? name,
            ParentOpenDepartmentId = parent.OpenDepartmentId ?? Department.Root, Order = $"{WeComJson.Number(call.Body, "order") ?? 0}",
        }, except: WeComPlatform.PlatformName);
        Tell(number, isNew: true);
        return WeComAnswer.Ok(new JsonObject { ["id"] = number });
    }

    private ApiAnswer Update(WeComCall call)
    {
        ContactSyncRights.Only(call);
        var present = Known(WeComJson.Number(call.Body, "id"));
        var parent = WeComJson.Number(call.Body, "parentid") is { } asked ? Parent(asked) : corp.Departments.FirstOrDefault(d => d.Id == present.ParentId);
        if (parent is not null && corp.Branch(present.Id).Contains(parent.Id)) throw new WeComRefusal(60010, "a department cannot be below itself");
        var name = call.Text("name") is { } named ? Name(named, parent?.Id ?? 0, present.Id) : present.Name;
        if (state.Departments.FirstOrDefault(d => d.OpenDepartmentId == present.OpenDepartmentId) is not { } stored) throw WeComRefusal.Parameter("the company itself is not changed over the API");
        directory.Put(stored with
        {
            Name = name, EnName = call.Text("name_en") ?? stored.EnName, ParentOpenDepartmentId = parent?.OpenDepartmentId ?? Department.Root, Order = WeComJson.Number(call.Body, "order") is { } order ? $"{order}" : stored.Order,
        }, except: WeComPlatform.PlatformName);
        Tell(present.Id, isNew: false);
        return WeComAnswer.Ok();
    }

    private ApiAnswer Delete(WeComCall call)
    {
        ContactSyncRights.Only(call);
        var present = Known(long.TryParse(call.Asked("id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null);
        if (present.Id == WeComCorp.Root) throw new WeComRefusal(60007, "the root department is not deleted");
        if (corp.MembersOf(present.Id, below: false).Count > 0) throw new WeComRefusal(60005, "department contains user");
        if (corp.Departments.Any(d => d.ParentId == present.Id)) throw new WeComRefusal(60006, "department contains sub-department");
        directory.Remove(state.FindDepartment(present.OpenDepartmentId!)!, except: WeComPlatform.PlatformName);
        corp.ForgetNumber(present.OpenDepartmentId!);
        tags.Forget(null, present.Id);
        events.DepartmentDeleted(present.Id);
        return WeComAnswer.Ok();
    }

    private void Tell(int id, bool isNew)
    {
        var department = corp.Departments.First(d => d.Id == id);
        events.DepartmentChanged(department, MemberView.Order(department), isNew);
    }

    private WeComDepartment Known(long? id) => corp.Departments.FirstOrDefault(d => d.Id == id) ?? throw new WeComRefusal(60003, "department not found");

    private WeComDepartment Parent(long? id) => corp.Departments.FirstOrDefault(d => d.Id == id) ?? throw new WeComRefusal(60004, "parent department not found");

    private string Name(string name, int parent, int? own)
    {
        if (name.Length is 0 or > MostName) throw new WeComRefusal(60001, "invalid length of the department's name");
        if (name.AsSpan().ContainsAny(Forbidden)) throw new WeComRefusal(60009, "invalid character in the department's name");
        return corp.Departments.Any(d => d.ParentId == parent && d.Name == name && d.Id != own) ? throw new WeComRefusal(60008, "department existed") : name;
    }
}
