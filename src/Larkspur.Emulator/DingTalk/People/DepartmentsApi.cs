using System.Text.Json.Nodes;
using Larkspur.Emulator.Company;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.People;

/// <summary>Reads departments, one level at a time.</summary>
internal sealed class DepartmentsApi(EmulatorState state, DingTalkDirectory directory, DingTalkRange range, DirectoryFaults faults)
    : IDingTalkArea
{
    private const string DepartmentScope = "qyapi_get_department_list";

    public IEnumerable<DingTalkRoute> Routes =>
    [
        Of("/topapi/v2/department/get", call => HasSchool(Asked(call)) ? School.Show(Asked(call)) : Show(Readable(call))),
        Of("/topapi/v2/department/listsub", call =>
            Below(call, Readable).ToJson(d => School.Has(d) ? School.Show(d) : Show(directory.Place(d)))),
        // Documented as not kept to the application's range.
        Of("/topapi/v2/department/listsubid", call => new JsonObject
        {
            ["dept_id_list"] = Below(call, c => directory.Place(Asked(c))).ToJson(d => d),
        }),
        Of("/topapi/v2/department/listparentbydept", call => new JsonObject { ["parent_id_list"] = Branch(Asked(call)) }),
        Of("/topapi/v2/department/listparentbyuser", call => new JsonObject { ["parent_list"] = Parents(call) }),
    ];

    private static DingTalkRoute Of(string path, Func<DingTalkCall, JsonNode> result) =>
        DingTalkRoute.Post(path, call =>
            new DingTalkAnswer(new JsonObject { ["result"] = result(call) })) with { Scope = DepartmentScope, Free = true };

    /// <summary>Without one: the root.</summary>
    private static long Asked(DingTalkCall call) => call.Number("dept_id") ?? DingTalkDirectory.Root;

    private bool HasSchool(long number) => School.Has(number) && faults.HasSchool(DingTalkPlatform.PlatformName);

    private string Readable(DingTalkCall call)
    {
        var place = directory.Place(Asked(call));
        range.Need(place, faults);
        return place;
    }

    private IEnumerable<long> Below(DingTalkCall call, Func<DingTalkCall, string> place)
    {
        var number = Asked(call);
        if (HasSchool(number)) return School.Children(number);
        var children = state.ChildrenOf(place(call)).Select(DingTalkDirectory.Number);
        if (faults.Empties(DingTalkPlatform.PlatformName, DirectoryFaults.Departments)) return [];
        return number == DingTalkDirectory.Root && faults.HasSchool(DingTalkPlatform.PlatformName)
            ? children.Concat(School.Children(number)) : children;
    }

    private JsonObject Show(string place)
    {
        var department = state.FindDepartment(place);
        var shown = new JsonObject
        {
            ["dept_id"] = directory.Number(place), ["name"] = department?.Name ?? "Larkspur 公司",
            ["create_dept_group"] = false, ["auto_add_user"] = false,
        };
        if (department is null) return shown;
        shown["parent_id"] = directory.Number(department.ParentOpenDepartmentId);
        if (long.TryParse(department.Order, out var order)) shown["order"] = order;
        if (department.LeaderUserId is { } leader && state.Person(leader) is { } person)
            shown["dept_manager_userid_list"] = new JsonArray(person.PresentUserId);
        return shown;
    }

    private JsonArray Branch(long number) => directory.Branch(number).ToJson(d => d);

    private JsonArray Parents(DingTalkCall call)
    {
        var person = state.Member(call.Need("userid")) is { IsResigned: false } member ? member
            : throw DingTalkRefusal.Old(60121, "找不到该用户");
        return directory.Departments(person).ToJson(d => new JsonObject { ["parent_dept_id_list"] = Branch(d) });
    }
}
