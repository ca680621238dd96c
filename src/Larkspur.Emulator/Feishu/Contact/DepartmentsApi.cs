using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Contact;

internal sealed class DepartmentsApi(EmulatorState state) : IApiArea
{
    private readonly ContactView _view = new(state);

    public void Register(ApiHandlers on)
    {
        on.Add("contact.v3.department.get", Get);
        on.Add("contact.v3.department.batch", Batch);
        on.Add("contact.v3.department.children", Children);
        on.Add("contact.v3.department.parent", Parents);
        on.Add("contact.v3.department.search", Search);
    }

    private ApiAnswer Get(ApiRequest request) => FeishuAnswer.Data(new JsonObject { ["department"] = _view.Department(request, Find(request, request.Path["department_id"])) });

    private ApiAnswer Batch(ApiRequest request)
    {
        var found = request.Query["department_ids"].OfType<string>().Select(id => _view.FindDepartment(request, id)).OfType<Department>();
        return FeishuAnswer.Data(new JsonObject { ["items"] = new JsonArray([.. found.Select(d => (JsonNode)_view.Department(request, d))]) });
    }

    private ApiAnswer Children(ApiRequest request)
    {
        var id = request.Path["department_id"];
        var parent = id == Department.Root ? Department.Root : Find(request, id).OpenDepartmentId;
        var all = _view.Children(parent, request.QueryText("fetch_child") is "true" or "True" or "1");
        return FeishuAnswer.Data(Paging.Page(request, all, d => _view.Department(request, d), 10, badToken: 40012));
    }

    /// <summary>From the direct parent upwards, without the root.</summary>
    private ApiAnswer Parents(ApiRequest request)
    {
        List<Department> parents = [];
        var at = Find(request, request.QueryText("department_id")!);
        while (state.Departments.FirstOrDefault(d => d.OpenDepartmentId == at.ParentOpenDepartmentId) is { } parent && parents.Count < 100)
        {
            parents.Add(parent);
            at = parent;
        }

        return FeishuAnswer.Data(Paging.Page(request, parents, d => _view.Department(request, d), 10, badToken: 40012));
    }

    private ApiAnswer Search(ApiRequest request)
    {
        var query = request.Text("query")!;
        var found = state.Departments.Where(d => d.Name.Contains(query, StringComparison.OrdinalIgnoreCase) || d.EnName.Contains(query, StringComparison.OrdinalIgnoreCase)).ToArray();
        return FeishuAnswer.Data(Paging.Page(request, found, d => _view.Department(request, d), 20, badToken: 48001));
    }

    /// <summary>The root (0) cannot be fetched.</summary>
    private Department Find(ApiRequest request, string id)
    {
        if (id == Department.Root) throw request.Refuse(40161, "root department cannot be fetched");
        return _view.FindDepartment(request, id) ?? throw new ApiRefusedException(400, request.QueryText("department_id_type") == "department_id" ? 99992379 : 99992380,
            $"these department ids not existed: [{id}]");
    }
}
