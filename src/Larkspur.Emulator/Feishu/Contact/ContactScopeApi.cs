using System.Text.Json.Nodes;
using Larkspur.Emulator.Company;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Im;

namespace Larkspur.Emulator.Feishu.Contact;

/// <summary>The app's contacts range: of a whole company the departments of the first level and the people beside them, else what was
/// granted.</summary>
internal sealed class ContactScopeApi(EmulatorState state, DirectoryFaults faults) : IApiArea
{
    private readonly ContactView _view = new(state);

    public void Register(ApiHandlers on) => on.Add("contact.v3.scope.list", List);

    /// <summary>One page size for both lists together.</summary>
    private ApiAnswer List(ApiRequest request)
    {
        var app = request.App;
        var (departments, people) = (new JsonArray(), new JsonArray());
        var page = Paging.Page(request, [.. Departments(app), .. People(app)], entry => Add(entry), 50, badToken: 40012);
        return FeishuAnswer.Data(new JsonObject
        {
            ["department_ids"] = departments, ["user_ids"] = people, ["group_ids"] = new JsonArray(),
            ["has_more"] = page["has_more"]!.DeepClone(), ["page_token"] = page["page_token"]!.DeepClone(),
        });

        JsonNode? Add((bool IsDepartment, string Id) entry)
        {
            if (entry.IsDepartment) departments.Add(_view.DepartmentId(request, entry.Id));
            else people.Add(MessageView.PersonId(state, app, entry.Id, ContactView.UserIdType(request)));
            return null;
        }
    }

    private IEnumerable<(bool IsDepartment, string Id)> Departments(BotApp app)
    {
        if (faults.Empties(FeishuPlatform.PlatformName, DirectoryFaults.Departments)) return [];
        var ids = app.ReadsWholeCompany ? state.ChildrenOf(Department.Root).Select(d => d.OpenDepartmentId)
            : (app.ContactDepartments ?? []).Where(d => state.FindDepartment(d) is not null).Order(StringComparer.Ordinal);
        return ids.Select(id => (true, id));
    }

    private IEnumerable<(bool IsDepartment, string Id)> People(BotApp app)
    {
        if (faults.Empties(FeishuPlatform.PlatformName, DirectoryFaults.People)) return [];
        var ids = app.ReadsWholeCompany ? state.MembersOf(Department.Root).Select(p => p.UserId)
            : (app.AvailableTo ?? []).Where(p => state.Person(p) is { IsResigned: false }).Order(StringComparer.Ordinal);
        return ids.Select(id => (false, id));
    }
}
