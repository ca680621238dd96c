using System.Text.Json.Nodes;
using Larkspur.Emulator.Company;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Contact;

/// <summary>Reads departments.</summary>
internal sealed class DepartmentsApi(EmulatorState state, DirectoryFaults faults) : IApiArea
{
    /// <summary>With more departments below it one is not listed with all of them at once: an app's token, a person's.</summary>
    private const int MostBelowForApp = 500;
    private const int MostBelowForPerson = 1000;
    private readonly ContactView _view = new(state);

    public void Register(ApiHandlers on)
    {
        on.Add("contact.v3.department.get", Get);
        on.Add("contact.v3.department.batch", Batch);
        on.Add("contact.v3.department.children", Children);
        on.Add("contact.v3.department.parent", Parents);
        on.Add("contact.v3.department.search", Search);
    }

    private ApiAnswer Get(ApiRequest request) =>
        FeishuAnswer.Data(new JsonObject { ["department"] = _view.Department(request, Find(request, request.Path["department_id"])) });

    /// <summary>Those outside of the app's range are left out.</summary>
    private ApiAnswer Batch(ApiRequest request)
    {
        var found = request.Query["department_ids"].OfType<string>().Select(id => _view.FindDepartment(request, id)).OfType<Department>()
            .Where(d => state.InRange(request.App, d));
        return FeishuAnswer.Data(new JsonObject { ["items"] = new JsonArray([.. found.Select(d => (JsonNode)_view.Department(request, d))]) });
    }

    private ApiAnswer Children(ApiRequest request)
    {
        var id = request.Path["department_id"];
        if (id == Department.Root && !request.App.ReadsWholeCompany) throw request.Refuse(40004);
        var parent = id == Department.Root ? Department.Root : Find(request, id).OpenDepartmentId;
        var deep = request.QueryText("fetch_child") is "true" or "True" or "1";
        IReadOnlyList<Department> all = faults.Empties(FeishuPlatform.PlatformName, DirectoryFaults.Departments) ? []
            : deep ? [.. state.Below(parent)] : state.ChildrenOf(parent);
        if (deep && all.Count > (request.Caller!.UserId is null ? MostBelowForApp : MostBelowForPerson)) throw request.Refuse(43010);
        return Page(request, all, 10, 40012);
    }

    /// <summary>From the direct parent upwards, without the root.</summary>
    private ApiAnswer Parents(ApiRequest request) =>
        Page(request, [.. state.Upwards(Find(request, request.QueryText("department_id")!).ParentOpenDepartmentId)], 10, 40012);

    private ApiAnswer Search(ApiRequest request)
    {
        var query = request.Text("query")!;
        var found = state.Departments.Where(d => d.Name.Contains(query, StringComparison.OrdinalIgnoreCase) || d.EnName.Contains(query, StringComparison.OrdinalIgnoreCase)).ToArray();
        return Page(request, found, 20, 48001);
    }

    private ApiAnswer Page(ApiRequest request, IReadOnlyList<Department> all, int size, long badToken)
    {
        var page = Paging.Page(request, all, d => _view.Department(request, d), size, badToken: badToken);
        if (page["has_more"]!.GetValue<bool>()) faults.PageAnswered(FeishuPlatform.PlatformName);
        return FeishuAnswer.Data(page);
    }

    /// <summary>The root (0) cannot be fetched.</summary>
    private Department Find(ApiRequest request, string id)
    {
        if (id == Department.Root) throw request.Refuse(40161, "root department cannot be fetched");
        var found = _view.FindDepartment(request, id) ?? throw new ApiRefusedException(400,
            request.QueryText("department_id_type") == "department_id" ? 99992379 : 99992380, $"these department ids not existed: [{id}]");
        if (!state.InRange(request.App, found)) throw request.Refuse(40004);
        if (faults.Forbids(FeishuPlatform.PlatformName, found.OpenDepartmentId, 40004) is { } code) throw request.Refuse(code);
        return found;
    }
}
