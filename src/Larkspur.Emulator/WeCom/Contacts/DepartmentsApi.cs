using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Company;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Contacts;

/// <summary>Reads departments.</summary>
internal sealed class DepartmentsApi(WeComCorp corp, ContactVisibility visibility, DirectoryFaults faults) : IWeComArea
{
    private const long NoPrivilege = 60011;

    public void Register(WeComHandlers on)
    {
        on.Get("/cgi-bin/department/list", call =>
        {
            visibility.NeedDetails(call);
            return WeComAnswer.Ok(new JsonObject { ["department"] = WeComJson.List(Below(call)
                .Select(d => MemberView.Department(corp, d))) });
        });
        on.Get("/cgi-bin/department/simplelist", call => WeComAnswer.Ok(new JsonObject
        {
            ["department_id"] = WeComJson.List(Below(call)
            .Select(d => new JsonObject { ["id"] = d.Id, ["parentid"] = d.ParentId, ["order"] = MemberView.Order(d) })),
        }));
        on.Get("/cgi-bin/department/get", call =>
        {
            visibility.NeedDetails(call);
            return WeComAnswer.Ok(new JsonObject { ["department"] = MemberView.Department(corp, Readable(call, call.Asked("id"))) });
        });
    }

    /// <exception cref="WeComRefusal">60003 unknown, 60011 outside of the application's range.</exception>
    public WeComDepartment Readable(WeComCall call, string id)
    {
        var found = int.TryParse(id, CultureInfo.InvariantCulture, out var number) ? corp.Find(number) : null;
        if (found is null) throw new WeComRefusal(60003, "department not found");
        var code = visibility.Sees(call, found.Id) ? null : (long?)NoPrivilege;
        code ??= faults.Forbids(WeComPlatform.PlatformName, found.OpenDepartmentId ?? Department.Root, NoPrivilege);
        return code is { } refused ? throw new WeComRefusal(refused, "no privilege to access/modify contact/party/agent") : found;
    }

    /// <summary>Those that are seen, of all or below the one that is asked for, that one with them.</summary>
    private IEnumerable<WeComDepartment> Below(WeComCall call)
    {
        if (faults.Empties(WeComPlatform.PlatformName, DirectoryFaults.Departments)) return [];
        if (call.Asked("id") is not { Length: > 0 } id) return corp.Departments.Where(d => visibility.Sees(call, d.Id));
        var branch = corp.Branch(Readable(call, id).Id);
        return corp.Departments.Where(d => branch.Contains(d.Id));
    }
}
